/** The keys of the actions, and what `1. `, Enter and Backspace do to a numbered paragraph. */
import { type Editor, Extension, InputRule } from "@tiptap/core";
import { ALL_ACTIONS } from "./actions.js";

/** An empty numbered paragraph gives up its number first, as an empty list item leaves its list. */
function unnumber(editor: Editor, when: "empty" | "start"): boolean {
  const { $from, empty } = editor.state.selection;
  if (!empty || $from.parent.attrs.numbered !== true || $from.parentOffset > 0) return false;
  if (when === "empty" && $from.parent.content.size > 0) return false;
  return editor.commands.updateAttributes("paragraph", { numbered: false });
}

/** An input rule just applied is undone before Backspace means anything else. */
function backspace(editor: Editor): boolean {
  return editor.commands.undoInputRule() || unnumber(editor, "start");
}

export const ActionKeys = Extension.create({
  name: "actionKeys",
  priority: 1001,
  addKeyboardShortcuts() {
    const own = ALL_ACTIONS.filter((action) => action.keys && !action.bound);
    return {
      ...Object.fromEntries(own.map((action) => [action.keys, () => action.run(this.editor)])),
      Enter: () => unnumber(this.editor, "empty"),
      Backspace: () => backspace(this.editor),
    };
  },
  addInputRules: () => [
    new InputRule({
      find: /^\d{1,3}\. $/,
      handler: ({ chain, range, state }) => {
        const { parent, depth } = state.selection.$from;
        if (parent.type.name !== "paragraph" || depth > 1) return;
        chain().deleteRange(range).updateAttributes("paragraph", { numbered: true }).run();
      },
    }),
  ],
});
