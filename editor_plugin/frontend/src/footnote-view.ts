/** How a footnote stands on the page: its call, and the small editor of its text while one writes it. */
import { toggleMark } from "@tiptap/pm/commands";
import { keymap } from "@tiptap/pm/keymap";
import type { Node } from "@tiptap/pm/model";
import { EditorState, NodeSelection, TextSelection, type Transaction } from "@tiptap/pm/state";
import { StepMap } from "@tiptap/pm/transform";
import { EditorView, type NodeView } from "@tiptap/pm/view";
import { redo, undo } from "@tiptap/y-tiptap";
import { typeset } from "./typography.js";

export class FootnoteView implements NodeView {
  readonly dom: HTMLElement;
  #inner: EditorView | null = null;
  #popover: HTMLElement | null = null;

  constructor(
    private node: Node,
    private readonly outer: EditorView,
    private readonly getPos: () => number | undefined,
  ) {
    this.dom = document.createElement("span");
    this.dom.className = "footnote-call";
    this.dom.setAttribute("role", "note");
    this.#describe();
    this.dom.addEventListener("footnote-edit", () => this.#open());
    this.dom.addEventListener("click", (event) => {
      if (event.target === this.dom) this.#choose();
    });
  }

  selectNode(): void {
    this.dom.classList.add("ProseMirror-selectednode");
    // A note just made has nothing to read: one wants to write it.
    if (this.node.content.size === 0 && this.outer.editable && this.outer.hasFocus()) this.#open();
  }

  deselectNode(): void {
    this.dom.classList.remove("ProseMirror-selectednode");
    if (this.#inner && !this.#inner.hasFocus()) this.#close();
  }

  update(node: Node): boolean {
    if (!node.sameMarkup(this.node)) return false;
    this.node = node;
    this.#describe();
    if (this.#inner) replaceInner(this.#inner, node);
    return true;
  }

  destroy(): void {
    this.#close();
  }

  stopEvent(event: Event): boolean {
    return this.#popover?.contains(event.target as globalThis.Node) ?? false;
  }

  ignoreMutation(): boolean {
    return true;
  }

  #describe(): void {
    this.dom.setAttribute("aria-label", `Note : ${this.node.textContent || "vide"}`);
  }

  #choose(): void {
    const at = this.getPos();
    if (at === undefined) return;
    this.outer.dispatch(this.outer.state.tr.setSelection(NodeSelection.create(this.outer.state.doc, at)));
    if (this.outer.editable) this.#open();
  }

  #open(): void {
    if (this.#inner || !this.outer.editable) return;
    const popover = document.createElement("span");
    popover.className = "footnote-popover";
    const mount = document.createElement("span");
    mount.className = "footnote-text";
    popover.append(mount);
    this.dom.append(popover);
    this.#popover = popover;
    this.#inner = new EditorView(
      { mount },
      {
        state: EditorState.create({ doc: this.node, plugins: [keymap(this.#keys())] }),
        attributes: { role: "textbox", "aria-label": "Texte de la note", spellcheck: "true" },
        dispatchTransaction: (transaction) => this.#dispatch(transaction),
        handleTextInput: typesetInput,
        handleDOMEvents: { blur: () => this.#blurred() },
      },
    );
    const inner = this.#inner;
    inner.dispatch(inner.state.tr.setSelection(TextSelection.atEnd(inner.state.doc)));
    keepInside(popover);
    queueMicrotask(() => inner === this.#inner && inner.focus());
  }

  #keys(): Parameters<typeof keymap>[0] {
    const { bold, italic, underline } = this.outer.state.schema.marks;
    const leave = () => {
      this.#leave();
      return true;
    };
    return {
      Escape: leave,
      Enter: leave,
      "Mod-Enter": leave,
      "Mod-z": () => undo(this.outer.state) ?? true,
      "Mod-y": () => redo(this.outer.state) ?? true,
      "Mod-Shift-z": () => redo(this.outer.state) ?? true,
      ...(bold && { "Mod-b": toggleMark(bold) }),
      ...(italic && { "Mod-i": toggleMark(italic) }),
      ...(underline && { "Mod-u": toggleMark(underline) }),
    };
  }

  #dispatch(transaction: Transaction): void {
    if (!this.#inner) return;
    const { state, transactions } = this.#inner.state.applyTransaction(transaction);
    this.#inner.updateState(state);
    const at = this.getPos();
    if (transaction.getMeta("fromOutside") || at === undefined) return;
    const outward = this.outer.state.tr;
    const offset = StepMap.offset(at + 1);
    for (const step of transactions.flatMap((one) => one.steps)) {
      const mapped = step.map(offset);
      if (mapped) outward.step(mapped);
    }
    if (outward.docChanged) this.outer.dispatch(outward);
  }

  /** Back to the body, right after the call. */
  #leave(): void {
    const at = this.getPos();
    this.#close();
    if (at === undefined) return;
    const { state } = this.outer;
    this.outer.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at + this.node.nodeSize)));
    this.outer.focus();
  }

  #blurred(): void {
    queueMicrotask(() => {
      if (this.#inner && !this.#inner.hasFocus() && document.hasFocus()) this.#close();
    });
  }

  #close(): void {
    this.#inner?.destroy();
    this.#popover?.remove();
    this.#inner = this.#popover = null;
  }
}

/** Move a popover that would stick out of the page back in, sideways. */
function keepInside(popover: HTMLElement): void {
  const page = popover.closest(".page")?.getBoundingClientRect();
  if (!page) return;
  const { left, right } = popover.getBoundingClientRect();
  const out = Math.max(0, right + 8 - page.right) || Math.min(0, left - 8 - page.left);
  popover.style.setProperty("translate", `${-out}px`);
}

/** Bring a change made elsewhere into the open note, touching only what differs. */
function replaceInner(inner: EditorView, node: Node): void {
  const { state } = inner;
  const start = node.content.findDiffStart(state.doc.content);
  const end = node.content.findDiffEnd(state.doc.content);
  if (start === null || end === null) return;
  const overlap = Math.max(0, start - Math.min(end.a, end.b));
  const change = state.tr.replace(start, end.b + overlap, node.slice(start, end.a + overlap));
  inner.dispatch(change.setMeta("fromOutside", true));
}

function typesetInput(view: EditorView, from: number, to: number, text: string): boolean {
  const before = view.state.doc.textBetween(0, from) + text;
  const after = typeset(before);
  if (after === before) return false;
  let same = 0;
  while (same < from && before[same] === after[same]) same += 1;
  view.dispatch(view.state.tr.insertText(after.slice(same), same, to));
  return true;
}
