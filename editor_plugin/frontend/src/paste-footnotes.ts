/** Footnotes of Word (`#_ftn1`) and LibreOffice (`#sdfootnote1sym`) go back to where they are called. */
const CALLS = 'a[href^="#_ftn"],a[href^="#_edn"],a.sdfootnoteanc,a.sdendnoteanc';
const BACK = /^#(_ftnref|_ednref|sdfootnote\d+anc|sdendnote\d+anc)/;

/** Replace each call under `root` by `<span data-footnote>` with the note's text; drop the note below. */
export function footnotesToPlace(root: HTMLElement): void {
  for (const call of root.querySelectorAll<HTMLAnchorElement>(CALLS)) {
    const target = call.getAttribute("href") ?? "";
    if (BACK.test(target)) continue;
    const note = noteOf(root, target.slice(1));
    if (!note) continue;
    const footnote = call.ownerDocument.createElement("span");
    footnote.setAttribute("data-footnote", "");
    footnote.textContent = textOf(note);
    const outer = call.parentElement;
    if (outer?.tagName === "SUP" && outer.textContent === call.textContent) outer.replaceWith(footnote);
    else call.replaceWith(footnote);
    note.remove();
  }
}

/** The block that holds the note: Word's `<div id="ftn1">`, LibreOffice's `<div id="sdfootnote1">`. */
function noteOf(root: HTMLElement, name: string): Element | null {
  const id = name.replace(/^_/, "").replace(/sym$/, "");
  for (const block of root.querySelectorAll("div[id]")) if (block.id === id) return block;
  for (const anchor of root.querySelectorAll("a[name]")) {
    if (anchor.getAttribute("name") === name) return anchor.closest("p,div");
  }
  return null;
}

function textOf(note: Element): string {
  const copy = note.cloneNode(true) as Element;
  for (const back of copy.querySelectorAll("a")) {
    if (BACK.test(back.getAttribute("href") ?? "")) back.remove();
  }
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
