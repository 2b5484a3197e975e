import { afterEach, describe, expect, it, vi } from "vitest";
import { Reader } from "../src/reader.js";

function answer(body: unknown, status = 200): void {
  vi.stubGlobal("fetch", async () => new Response(JSON.stringify(body), { status }));
}

const DECISION = {
  blocks: [
    { zone: "introduction", text: "Audience publique\n<script>alert(1)</script>" },
    { zone: "motivations", text: "Le vice du consentement", number: 4 },
    { zone: "motivations", text: "Aucun vice", number: 5 },
    { zone: 3, text: null },
  ],
};

afterEach(() => vi.unstubAllGlobals());

async function read(marks = ""): Promise<Reader> {
  const reader = new Reader("/decision.json", marks, "fr");
  await reader.load();
  return reader;
}

function host(reader: Reader): HTMLElement {
  const element = document.createElement("div");
  element.append(...reader.elements);
  return element;
}

const press = (reader: Reader, key: string) =>
  reader.elements[0].querySelector(".document")?.dispatchEvent(new KeyboardEvent("keydown", { key }));
const said = (reader: Reader) => reader.elements[1].textContent;

describe("Reader", () => {
  it("shows each zone once under its name, with the paragraphs' own numbers", async () => {
    answer(DECISION);
    const element = host(await read());
    expect([...element.querySelectorAll(".zone")].map((zone) => zone.textContent)).toEqual([
      "En-tête",
      "Motivations",
    ]);
    expect(element.querySelector<HTMLElement>("[data-number]")?.dataset.number).toBe("4");
  });

  it("treats the text as text only", async () => {
    answer(DECISION);
    const element = host(await read());
    expect(element.querySelector("script")).toBeNull();
    expect(element.textContent).toContain("<script>alert(1)</script>");
  });

  it("lights up the words sought and walks them with n and N", async () => {
    answer(DECISION);
    const reader = await read("vice");
    const current = () =>
      [...reader.elements[0].querySelectorAll("mark")].findIndex((mark) => mark.ariaCurrent);
    expect(said(reader)).toContain("2 passages trouvés");
    press(reader, "n");
    expect([current(), said(reader)]).toEqual([0, expect.stringContaining("1 sur 2")]);
    press(reader, "N");
    expect(current()).toBe(1);
    press(reader, "n");
    expect(current()).toBe(0);
  });

  it("says in one sentence that the text could not be loaded", async () => {
    answer({}, 500);
    expect(said(await read())).toContain("n’a pas pu être chargé");
  });

  it("says nothing when it was closed before the text came", async () => {
    vi.stubGlobal("fetch", async (_: string, { signal }: RequestInit) => {
      await new Promise((_resolve, reject) => signal?.addEventListener("abort", reject));
    });
    const reader = new Reader("/decision.json", "", "fr");
    const loading = reader.load();
    reader.destroy();
    await loading;
    expect(said(reader)).toBe("");
  });
});
