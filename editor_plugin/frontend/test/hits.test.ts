import { describe, expect, it } from "vitest";
import { find, lit, parseMarks } from "../src/hits.js";

const hits = (text: string, marks: string) =>
  find(text, parseMarks(marks)).map(([start, end]) => text.slice(start, end));

describe("Hits", () => {
  it("are found without regard to accents, case and plural", () => {
    expect(hits("Les Moyens réunis, le moyen", "moyen reuni")).toEqual(["Moyens", "réunis", "moyen"]);
  });

  it("are whole words, after an elision too", () => {
    expect(hits("l’arrêt et les arrêtés d'arrêt", "arret")).toEqual(["arrêt", "arrêt"]);
  });

  it("respect a phrase in quotation marks", () => {
    const text = "le vice du consentement, un vice et le consentement";
    expect(hits(text, '"vice du consentement"')).toEqual(["vice du consentement"]);
    expect(hits(text, "« vice du consentement »")).toEqual(["vice du consentement"]);
  });

  it("find an appeal number in one piece", () => {
    expect(hits("pourvoi n° 21-14.002, 21-14.003", "21-14.002")).toEqual(["21-14.002"]);
  });

  it("leave the text as it is, markup included", () => {
    const host = document.createElement("p");
    host.append(...lit("<b>vice</b> & vice", parseMarks("vice")));
    expect(host.textContent).toBe("<b>vice</b> & vice");
    expect(host.querySelectorAll("mark")).toHaveLength(2);
    expect(host.querySelector("b")).toBeNull();
  });
});
