import { afterEach, describe, expect, it } from "vitest";
import { typeset } from "../src/typography.js";
import { makeEditor, press, type } from "./editor.js";

const NARROW = "\u202f";
const editors: ReturnType<typeof makeEditor>[] = [];

function written(text: string): string {
  const editor = makeEditor();
  editors.push(editor);
  type(editor, text);
  return editor.getText();
}

afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy();
});

describe("Typography", () => {
  it.each([
    ['"vice"', `«${NARROW}vice${NARROW}»`],
    ['dit "vice" et', `dit «${NARROW}vice${NARROW}» et`],
    ['("vice")', `(«${NARROW}vice${NARROW}»)`],
    ['"vice "', `«${NARROW}vice${NARROW}»`],
    ['l\'"intérêt"', `l’«${NARROW}intérêt${NARROW}»`],
    ['" vice "', `«${NARROW}vice${NARROW}»`],
    ['"un" ou "deux"', `«${NARROW}un${NARROW}» ou «${NARROW}deux${NARROW}»`],
    ["<<vice>>", `«${NARROW}vice${NARROW}»`],
  ])("writes French quotation marks for %j", (typed, expected) => {
    expect(written(typed)).toBe(expected);
  });

  it.each([
    ["mot ;", `mot${NARROW};`],
    ["mot !", `mot${NARROW}!`],
    ["mot ?", `mot${NARROW}?`],
    ["mot :", "mot\u00a0:"],
  ])("keeps high punctuation with its word in %j", (typed, expected) => {
    expect(written(typed)).toBe(expected);
  });

  it("writes the typographic apostrophe and ellipsis", () => {
    expect(written("l'arrêt...")).toBe("l’arrêt…");
  });

  it("keeps n° with its number", () => {
    expect(written("pourvoi n° 21-14.002")).toBe("pourvoi n°\u00a021-14.002");
  });

  it.each(["https://exemple.fr/?a=1", "14:02:11", "ECLI:FR:CCASS:2022:SO00042"])(
    "leaves %j as it is typed",
    (typed) => {
      expect(written(typed)).toBe(typed);
    },
  );

  it("gives back what was typed when Backspace follows", () => {
    const editor = makeEditor();
    editors.push(editor);
    type(editor, '"');
    expect(editor.getText()).toBe(`«${NARROW}`);
    press(editor, "Backspace");
    expect(editor.getText()).toBe('"');
  });

  it("speaks only at the end of what is typed", () => {
    expect(typeset("l'arrêt attaqué")).toBe("l'arrêt attaqué");
  });
});

describe("Numbered paragraphs", () => {
  it("begin with a number, a point and a space", () => {
    const editor = makeEditor();
    editors.push(editor);
    type(editor, "1. Selon");
    expect(editor.getJSON().content?.[0]).toMatchObject({
      attrs: { numbered: true },
      content: [{ text: "Selon" }],
    });
  });

  it("go on with Enter, and an empty one gives up its number", () => {
    const editor = makeEditor();
    editors.push(editor);
    type(editor, "1. Selon");
    press(editor, "Enter");
    expect(editor.isActive("paragraph", { numbered: true })).toBe(true);
    press(editor, "Enter");
    expect(editor.isActive("paragraph", { numbered: true })).toBe(false);
    expect(editor.state.doc.childCount).toBe(2);
  });

  it("lose their number when they become a list", () => {
    const editor = makeEditor();
    editors.push(editor);
    type(editor, "1. Selon");
    press(editor, "8", { ctrlKey: true, shiftKey: true });
    expect(editor.isActive("bulletList")).toBe(true);
    expect(editor.isActive("paragraph", { numbered: true })).toBe(false);
  });
});
