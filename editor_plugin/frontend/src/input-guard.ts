/**
 * Editing across several pieces of text goes through ProseMirror, never through the browser: the browser
 * keeps the look of what it merges by writing inline styles, which the page's security policy refuses.
 */
import { Extension } from "@tiptap/core";
import { Plugin, TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";

/** Within one text node the browser's own editing is plain, quick, and left alone. */
function isPlain({ startContainer, endContainer }: StaticRange): boolean {
  return startContainer === endContainer && startContainer.nodeType === Node.TEXT_NODE;
}

/** Whether the event was handled here. */
export function guardInput(view: EditorView, event: InputEvent): boolean {
  if (!event.cancelable || view.composing || !/^(insertText$|delete)/.test(event.inputType)) return false;
  const [range] = event.getTargetRanges();
  if (!range || range.collapsed || isPlain(range)) return false;
  if (!view.dom.contains(range.startContainer) || !view.dom.contains(range.endContainer)) return false;
  event.preventDefault();
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  const text = event.inputType === "insertText" ? (event.data ?? "") : "";
  const write = () => {
    const { tr } = view.state;
    const selection = TextSelection.between(tr.doc.resolve(from), tr.doc.resolve(to));
    tr.setSelection(selection).deleteSelection();
    return (text ? tr.insertText(text) : tr).scrollIntoView();
  };
  const handled = text && view.someProp("handleTextInput", (handle) => handle(view, from, to, text, write));
  if (!handled) view.dispatch(write());
  return true;
}

export const InputGuard = Extension.create({
  name: "inputGuard",
  addProseMirrorPlugins: () => [
    new Plugin({ props: { handleDOMEvents: { beforeinput: (view, event) => guardInput(view, event) } } }),
  ],
});
