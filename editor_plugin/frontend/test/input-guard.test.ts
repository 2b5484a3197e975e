import { afterEach, describe, expect, it } from "vitest";
import { InputGuard } from "../src/input-guard.js";
import { makeEditor, type } from "./editor.js";

const editors: ReturnType<typeof makeEditor>[] = [];

function lines(): ReturnType<typeof makeEditor> {
  const editor = makeEditor([InputGuard]);
  editors.push(editor);
  type(editor, "un");
  editor.commands.setHardBreak();
  type(editor, "deux");
  return editor;
}

/** The browser says what it is about to do, from the second letter of one text to the second of another. */
function announce(
  editor: ReturnType<typeof makeEditor>,
  inputType: string,
  data: string | null,
  same = false,
) {
  const texts = [...(editor.view.dom.querySelector("p")?.childNodes ?? [])].filter(
    (node) => node instanceof Text,
  );
  const [first, second] = [texts[0], texts.at(-1)];
  const range = { startContainer: first, startOffset: 1, endContainer: same ? first : second, endOffset: 2 };
  const event = new InputEvent("beforeinput", { inputType, data, bubbles: true, cancelable: true });
  Object.assign(event, { getTargetRanges: () => [{ ...range, collapsed: false }] });
  editor.view.dom.dispatchEvent(event);
  return event.defaultPrevented;
}

afterEach(() => {
  for (const editor of editors.splice(0)) editor.destroy();
});

describe("InputGuard", () => {
  it("deletes across a line break by itself", () => {
    const editor = lines();
    expect(announce(editor, "deleteContentBackward", null)).toBe(true);
    expect(editor.getText()).toBe("uux");
  });

  it("replaces across a line break with what is typed, typography included", () => {
    const editor = lines();
    expect(announce(editor, "insertText", "'")).toBe(true);
    expect(editor.getText()).toBe("u’ux");
  });

  it("leaves the browser to edit within one text, and to what it does not know", () => {
    const editor = lines();
    expect(announce(editor, "deleteContentBackward", null, true)).toBe(false);
    expect(announce(editor, "insertCompositionText", "x")).toBe(false);
  });
});
