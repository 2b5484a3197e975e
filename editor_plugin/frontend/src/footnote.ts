/**
 * A footnote (*note de bas de page*) is an inline node that holds its own text. In the body it is a
 * call, numbered by a CSS counter; its text is written in a small editor that opens under the call.
 */
import { Node, type NodeViewRendererProps } from "@tiptap/core";
import { NodeSelection, TextSelection } from "@tiptap/pm/state";
import { FootnoteView } from "./footnote-view.js";

declare module "@tiptap/core" {
  interface Commands<ReturnType> {
    footnote: {
      /** Put a footnote at the caret and open it. */
      insertFootnote: () => ReturnType;
    };
  }
}

export const Footnote = Node.create({
  name: "footnote",
  group: "inline",
  inline: true,
  atom: true,
  content: "text*",
  parseHTML: () => [{ tag: "span[data-footnote]" }],
  renderHTML: () => ["span", { "data-footnote": "" }, 0],
  addNodeView() {
    return (props: NodeViewRendererProps) => new FootnoteView(props.node, props.view, props.getPos);
  },
  addCommands() {
    return {
      insertFootnote:
        () =>
        ({ tr, dispatch }) => {
          if (tr.selection.$from.parent.type.name === this.name) return false;
          if (dispatch) {
            const at = tr.selection.to;
            tr.insert(at, this.type.create());
            tr.setSelection(NodeSelection.create(tr.doc, at)).scrollIntoView();
          }
          return true;
        },
    };
  },
  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { selection } = this.editor.state;
        if (!(selection instanceof NodeSelection) || selection.node.type !== this.type) return false;
        const call = this.editor.view.nodeDOM(selection.from);
        call?.dispatchEvent(new CustomEvent("footnote-edit"));
        return true;
      },
      Escape: () => {
        const { selection } = this.editor.state;
        if (!(selection instanceof NodeSelection) || selection.node.type !== this.type) return false;
        const after = TextSelection.create(this.editor.state.doc, selection.to);
        this.editor.view.dispatch(this.editor.state.tr.setSelection(after));
        return true;
      },
    };
  },
});
