import { describe, expect, it } from "vitest";
import { outcomeOf } from "../src/deposit";
import { OFFLINE, sentence } from "../src/fetching";
import { fold, matches } from "../src/filter";
import { placed } from "../src/spots";
import { parseOwn } from "../src/trusted";

describe("the outcome of a deposit", () => {
  it("is the portal's own where it speaks, and a sentence in every other case", () => {
    const done = { name: "a.pdf", error: "", document: "d1", new: true };
    expect(outcomeOf("a.pdf", 201, JSON.stringify({ files: [done] }))).toEqual(done);
    expect(outcomeOf("a.pdf", 403, '{"error":"Non."}')).toEqual({ name: "a.pdf", error: "Non." });
    expect(outcomeOf("a.pdf", 502, "<html>").error).toBe(OFFLINE);
    expect(outcomeOf("a.pdf", 413, "").error).toMatch(/taille/);
  });
});

describe("the sentence of a refusal", () => {
  it("comes from the portal, or tells a missing document from a portal that does not answer", async () => {
    expect(await sentence(new Response('{"error":"Dit."}', { status: 403 }))).toBe("Dit.");
    expect(await sentence(new Response("<html>", { status: 404 }))).toMatch(/^Introuvable/);
    expect(await sentence(new Response("", { status: 503 }))).toBe(OFFLINE);
  });
});

describe("filtering the pieces of a file", () => {
  it("wants every word, without accents or case", () => {
    expect(fold("Mémoire AMPLIATIF")).toBe("memoire ampliatif");
    expect(matches("Mémoire ampliatif, 12 p.", "ampl mem")).toBe(true);
    expect(matches("Mémoire en défense", "ampl")).toBe(false);
    expect(matches("n'importe", "")).toBe(true);
  });
});

describe("a hit on a page", () => {
  it("is placed in percent, whatever the size at which the page is drawn", () => {
    expect(placed([59.5, 84.2, 119, 92.62], { width: 595, height: 842 })).toEqual({
      left: "10.000%",
      top: "10.000%",
      width: "10.000%",
      height: "1.000%",
    });
  });
});

describe("a part of a page", () => {
  it("becomes elements without running anything", () => {
    const part = parseOwn('<article data-document="x"><p>a &lt;b&gt;</p></article>');
    expect(part.querySelector("article")?.dataset.document).toBe("x");
    expect(part.textContent).toBe("a <b>");
  });
});
