/** The list of a draft's footnotes, under its body. Redrawn when one writes in a note, never at each key. */
import type { Editor } from "@tiptap/core";
import { NodeSelection } from "@tiptap/pm/state";

const PAUSE = 250;

interface Note {
  at: number;
  text: string;
}

export class NotesList {
  readonly element = document.createElement("section");
  readonly #list = document.createElement("ol");
  #shown: string[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly editor: Editor) {
    this.element.className = "notes";
    this.element.setAttribute("aria-label", "Notes de bas de page");
    this.element.hidden = true;
    this.element.append(this.#list);
    this.#list.addEventListener("click", (event) => this.#open(event));
    editor.on("update", this.#later);
    this.#draw();
  }

  destroy(): void {
    clearTimeout(this.#timer);
    this.editor.off("update", this.#later);
    this.element.remove();
  }

  readonly #later = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#draw(), PAUSE);
  };

  #notes(): Note[] {
    const found: Note[] = [];
    this.editor.state.doc.descendants((node, at) => {
      if (node.type.name !== "footnote") return true;
      found.push({ at, text: node.textContent });
      return false;
    });
    return found;
  }

  #draw(): void {
    const texts = this.#notes().map(({ text }) => text);
    if (texts.length === this.#shown.length && texts.every((text, index) => text === this.#shown[index]))
      return;
    this.#shown = texts;
    this.element.hidden = texts.length === 0;
    this.#list.replaceChildren(...texts.map(entry));
  }

  #open(event: Event): void {
    const button = (event.target as Element).closest("button");
    const index = button ? [...this.#list.querySelectorAll("button")].indexOf(button) : -1;
    const note = this.#notes()[index];
    if (!note) return;
    const { view } = this.editor;
    const selection = NodeSelection.create(view.state.doc, note.at);
    view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
    view.nodeDOM(note.at)?.dispatchEvent(new CustomEvent("footnote-edit"));
  }
}

function entry(text: string): HTMLElement {
  const item = document.createElement("li");
  const button = document.createElement("button");
  button.type = "button";
  button.title = "Aller à l’appel de note";
  button.textContent = text || "Note vide";
  item.append(button);
  return item;
}
