import { afterEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { NotesList } from "../src/notes.js";
import { makeEditor, press, type } from "./editor.js";

const editors: ReturnType<typeof makeEditor>[] = [];

function editor(doc = new Y.Doc()) {
  const made = makeEditor([], doc);
  editors.push(made);
  return made;
}

afterEach(() => {
  for (const made of editors.splice(0)) made.destroy();
  vi.useRealTimers();
});

describe("Footnote", () => {
  it("holds its text inside the paragraph, in the shared document too", () => {
    const doc = new Y.Doc();
    const one = editor(doc);
    type(one, "Vu la loi");
    one.commands.insertFootnote();
    one.commands.insertContentAt(one.state.selection.from + 1, { type: "text", text: "Loi du 3 mars." });
    expect(doc.getXmlFragment("body").toString()).toContain("<footnote>Loi du 3 mars.</footnote>");
    expect(editor(doc).getJSON().content?.[0]?.content).toEqual([
      { type: "text", text: "Vu la loi" },
      { type: "footnote", content: [{ type: "text", text: "Loi du 3 mars." }] },
    ]);
  });

  it("opens its text on Enter and closes on Escape, with the caret after the call", () => {
    const one = editor();
    type(one, "Vu");
    one.commands.insertFootnote();
    expect(press(one, "Enter")).toBe(true);
    const text = one.view.dom.querySelector<HTMLElement>(".footnote-text");
    expect(text?.getAttribute("aria-label")).toBe("Texte de la note");
    text?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(one.view.dom.querySelector(".footnote-text")).toBeNull();
    type(one, " la loi");
    expect(one.state.doc.firstChild?.lastChild?.text).toBe(" la loi");
  });

  it("is not put into another footnote", () => {
    const one = editor();
    one.commands.insertFootnote();
    one.commands.setTextSelection(2);
    expect(one.can().insertFootnote()).toBe(false);
  });
});

describe("NotesList", () => {
  it("lists the notes in order, a moment after they change", async () => {
    vi.useFakeTimers();
    const one = editor();
    const list = new NotesList(one);
    expect(list.element.hidden).toBe(true);
    const note = (text: string) => ({ type: "footnote", content: [{ type: "text", text }] });
    one.commands.insertContentAt(1, [note("première"), { type: "text", text: "mot" }, note("seconde")]);
    await vi.advanceTimersByTimeAsync(300);
    expect(list.element.hidden).toBe(false);
    expect([...list.element.querySelectorAll("li")].map((item) => item.textContent)).toEqual([
      "première",
      "seconde",
    ]);
    list.destroy();
  });
});
