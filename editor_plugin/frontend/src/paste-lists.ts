/** Word writes a list as paragraphs that only look like one; here they become lists again. */
const STYLE = "data-style";
const ORDERED = /^[\s\u00a0]*(\d+|[a-z]|[ivxlc]+)[.)°]/i;

interface Item {
  paragraph: HTMLElement;
  level: number;
  ordered: boolean;
}

/** Turn each run of Word's list paragraphs under `root` into nested `ul` and `ol`. */
export function listsToNest(root: HTMLElement): void {
  const done = new Set<Element>();
  for (const paragraph of root.querySelectorAll<HTMLElement>(
    `p[${STYLE}*="mso-list"],h1[${STYLE}*="mso-list"]`,
  )) {
    if (done.has(paragraph) || !isItem(paragraph) || paragraph.tagName !== "P") continue;
    const run: HTMLElement[] = [];
    for (let next: Element | null = paragraph; next && isItem(next); next = next.nextElementSibling) {
      run.push(next as HTMLElement);
      done.add(next);
    }
    nest(run.map(item));
  }
}

function isItem(element: Element): boolean {
  return element.tagName === "P" && /mso-list:\s*l\d+\s+level\d/i.test(element.getAttribute(STYLE) ?? "");
}

function item(paragraph: HTMLElement): Item {
  const level = Number(/level(\d)/i.exec(paragraph.getAttribute(STYLE) ?? "")?.[1] ?? 1);
  const marker = paragraph.querySelector(`[${STYLE}*="mso-list:Ignore" i],[${STYLE}*="mso-list: Ignore" i]`);
  const ordered = ORDERED.test(marker?.textContent ?? "");
  marker?.remove();
  return { paragraph, level, ordered };
}

function nest(items: Item[]): void {
  const [first] = items;
  if (!first) return;
  const { ownerDocument } = first.paragraph;
  const open: { list: HTMLElement; level: number; ordered: boolean }[] = [];
  for (const { paragraph, level, ordered } of items) {
    while (open.length > 1 && (open.at(-1)?.level ?? 0) > level) open.pop();
    let top = open.at(-1);
    if (!top || top.level < level || (open.length === 1 && top.ordered !== ordered && top.level === level)) {
      const list = ownerDocument.createElement(ordered ? "ol" : "ul");
      const parent = top && top.level < level ? top.list.lastElementChild : null;
      if (parent) parent.append(list);
      else paragraph.before(list);
      if (!parent) open.length = 0;
      top = { list, level, ordered };
      open.push(top);
    }
    const entry = ownerDocument.createElement("li");
    const body = ownerDocument.createElement("p");
    body.append(...paragraph.childNodes);
    entry.append(body);
    paragraph.remove();
    top.list.append(entry);
  }
}
