/** Words that the server refused are never thrown away: they are shown beside the text, to be copied. */
import type { Node } from "@tiptap/pm/model";

/** The blocks of `before` whose words are not in `after`, in order. */
export function wordsSetAside(before: Node, after: Node): string[] {
  const kept = new Set(textsOf(after));
  return textsOf(before).filter((text) => text !== "" && !kept.has(text));
}

function textsOf(doc: Node): string[] {
  const texts: string[] = [];
  doc.descendants((node) => {
    if (!node.isTextblock) return true;
    texts.push(node.textContent);
    return false;
  });
  return texts;
}

export class SetAside {
  readonly element = document.createElement("aside");

  constructor(words: readonly string[]) {
    this.element.className = "set-aside";
    this.element.setAttribute("aria-label", "Mots mis de côté");
    const title = document.createElement("p");
    title.textContent =
      "Ces mots n’ont pas été acceptés ; ils sont gardés ici pour que vous puissiez les copier.";
    const text = document.createElement("textarea");
    text.readOnly = true;
    text.rows = Math.min(8, words.length + 1);
    text.value = words.join("\n");
    text.setAttribute("aria-label", "Mots mis de côté");
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "J’ai copié mes mots, fermer";
    close.addEventListener("click", () => this.element.remove());
    this.element.append(title, text, close);
  }
}
