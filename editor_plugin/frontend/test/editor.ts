/** A Tiptap editor on a Yjs document of its own, with no room behind it. */
import { type AnyExtension, Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import * as Y from "yjs";
import { ActionKeys } from "../src/keys.js";
import { CleanPaste } from "../src/paste.js";
import { schemaExtensions } from "../src/schema.js";
import { Typography } from "../src/typography.js";

export function makeEditor(extra: AnyExtension[] = [], doc = new Y.Doc()): Editor {
  const element = document.createElement("div");
  document.body.append(element);
  return new Editor({
    element,
    injectCSS: false,
    content: { type: "doc", content: [{ type: "paragraph" }] },
    enableInputRules: [Typography, ActionKeys],
    enablePasteRules: false,
    extensions: [
      ...schemaExtensions,
      Typography,
      ActionKeys,
      CleanPaste,
      Collaboration.configure({ fragment: doc.getXmlFragment("body") }),
      ...extra,
    ],
  });
}

/** Type as a person does: each character passes by the input rules first. */
export function type(editor: Editor, text: string): void {
  for (const character of text) {
    const { view } = editor;
    const { from, to } = view.state.selection;
    const insert = () => view.state.tr.insertText(character, from, to);
    const handled = view.someProp("handleTextInput", (handle) => handle(view, from, to, character, insert));
    if (!handled) view.dispatch(insert());
  }
}

export function press(editor: Editor, key: string, modifiers: KeyboardEventInit = {}): boolean {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...modifiers });
  return editor.view.someProp("handleKeyDown", (handle) => handle(editor.view, event)) ?? false;
}
