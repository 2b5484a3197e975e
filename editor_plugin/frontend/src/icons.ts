/** The toolbar's pictures: strokes on a 16 × 16 grid, drawn in the colour of the text. */
const SVG = "http://www.w3.org/2000/svg";

const STROKES: Record<string, string> = {
  undo: "M6 3 2.5 6.5 6 10M3 6.5h6.5a3.5 3.5 0 0 1 0 7H6",
  redo: "m10 3 3.5 3.5L10 10M13 6.5H6.5a3.5 3.5 0 0 0 0 7H10",
  numbered: "M2 4.5 3.5 3.5V8M7 4h7M7 8h7M7 12h4",
  bullets: "M3 4h.01M3 8h.01M3 12h.01M6.5 4H14M6.5 8H14M6.5 12H14",
  ordered: "M2.2 3 3.2 2.5v3M2 9h1.6L2 11.5h1.8M6.5 4H14M6.5 8H14M6.5 12H14",
  quote: "M2.5 3v10M6 4.5h8M6 8h8M6 11.5h5",
  footnote: "M2 5h6M2 8.5h6M2 12h4M11.5 3.5 13 2.5v5",
  table: "M2 3h12v10H2zM2 6.5h12M7 3v10",
  "align-left": "M2 4h12M2 8h7M2 12h10",
  "align-center": "M2 4h12M4.5 8h7M3 12h10",
  "align-right": "M2 4h12M7 8h7M4 12h10",
  "align-justify": "M2 4h12M2 8h12M2 12h12",
};

const LETTERS: Record<string, string> = {
  "heading-1": "T1",
  "heading-2": "T2",
  "heading-3": "T3",
  bold: "G",
  italic: "I",
  underline: "S",
  help: "?",
};

/** The picture of an action, hidden from screen readers: the button has a name. */
export function icon(id: string): Element {
  const strokes = STROKES[id];
  if (strokes === undefined) {
    const letter = document.createElement("span");
    letter.className = `letter letter-${id}`;
    letter.setAttribute("aria-hidden", "true");
    letter.textContent = LETTERS[id] ?? "";
    return letter;
  }
  const picture = document.createElementNS(SVG, "svg");
  picture.setAttribute("viewBox", "0 0 16 16");
  picture.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", strokes);
  picture.append(path);
  return picture;
}
