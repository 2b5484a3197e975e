/** Words lit up in a text that one reads, and the walk from one to the next. */
const WORD = /[\p{L}\p{N}]+(?:[.\-‑][\p{L}\p{N}]+)*/gu;

/** Without accents, case or plural mark: how a word typed matches a word written. */
export function fold(word: string): string {
  const plain = word
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll("œ", "oe")
    .replaceAll("æ", "ae")
    .replaceAll("‑", "-");
  return plain.length > 3 ? plain.replace(/[sx]$/, "") : plain;
}

/** `licenciement "vice du consentement"` → sequences of folded words. */
export function parseMarks(marks: string): string[][] {
  const phrases = [...marks.matchAll(/["«]\s*([^"»]+?)\s*["»]|(\S+)/gu)];
  return phrases
    .map(([, phrase, word]) => words(phrase ?? word ?? "").map(({ key }) => key))
    .filter((s) => s.length);
}

interface Found {
  key: string;
  start: number;
  end: number;
}

function words(text: string): Found[] {
  return [...text.matchAll(WORD)].map((match) => ({
    key: fold(match[0]),
    start: match.index,
    end: match.index + match[0].length,
  }));
}

/** Where the marks stand in `text`: [start, end) pairs in UTF-16 units, in order, without overlap. */
export function find(text: string, marks: readonly string[][]): [number, number][] {
  const found = words(text);
  const hits: [number, number][] = [];
  for (let at = 0; at < found.length; at += 1) {
    const hit = marks.find((mark) => mark.every((key, offset) => found[at + offset]?.key === key));
    const [first, last] = [found[at], hit && found[at + hit.length - 1]];
    if (!hit || !first || !last) continue;
    hits.push([first.start, last.end]);
    at += hit.length - 1;
  }
  return hits;
}

/** `text` as nodes, its hits in `<mark>`. */
export function lit(text: string, marks: readonly string[][]): (Node | string)[] {
  const parts: (Node | string)[] = [];
  let at = 0;
  for (const [start, end] of find(text, marks)) {
    const mark = document.createElement("mark");
    mark.textContent = text.slice(start, end);
    parts.push(text.slice(at, start), mark);
    at = end;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}
