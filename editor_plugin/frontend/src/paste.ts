/**
 * What comes from Word, LibreOffice or a page keeps its structure and drops the rest.
 *
 * Two steps: `withoutStyles` works on the text before any parser sees it, so that no style or script of
 * the source is even tried against the page's content security policy; `clean` then works on the inert
 * tree. ProseMirror's schema has the last word: only nodes and marks that it names can come out.
 */
import { Extension } from "@tiptap/core";
import { DOMParser, type ParseOptions, type Schema, Slice } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { footnotesToPlace } from "./paste-footnotes.js";
import { listsToNest } from "./paste-lists.js";
import { DEEPEST_HEADING, isSafeLink } from "./schema.js";

const DROPPED =
  "script,style,meta,link,title,img,picture,svg,math,object,embed,iframe,video,audio,canvas,form,input,button,textarea,select,template,noscript,head,xml";
const KEPT = new Set([
  "colspan",
  "rowspan",
  "start",
  "href",
  "data-align",
  "data-numbered",
  "data-footnote",
  "data-pm-slice",
]);
/** Where `withoutStyles` puts a style, and where `clean` reads it. */
export const STYLE = "data-style";

/** The same HTML without style sheets, scripts or live style and event attributes. */
export function withoutStyles(html: string): string {
  return html
    .replace(/<(style|script|xml|svg|math)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[a-z][^<>]*>/gi, (tag) =>
      tag
        .replace(/([\s"'/])style\s*=/gi, `$1${STYLE}=`)
        .replace(/([\s"'/])on[a-z]+\s*=/gi, "$1data-dropped="),
    );
}

/** Tidy a pasted tree in place. `root` is inert: nothing in it has run or been fetched. */
export function clean(root: HTMLElement): void {
  listsToNest(root);
  footnotesToPlace(root);
  for (const element of root.querySelectorAll(DROPPED)) element.remove();
  dropComments(root);
  for (const element of root.querySelectorAll<HTMLElement>("*")) {
    if (!root.contains(element)) continue;
    headings(element);
    marks(element);
    alignment(element);
  }
  dropEmptyParagraphs(root);
  for (const element of root.querySelectorAll("*")) dropAttributes(element);
}

function dropComments(root: HTMLElement): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT);
  const found: Node[] = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
}

/** Word's title styles, and levels deeper than the schema's. */
function headings(element: HTMLElement): void {
  const word = /\bMso(Title|Heading(\d))\b/i.exec(element.className);
  const level = word ? Number(word[2] ?? 1) : Number(/^H([4-6])$/.exec(element.tagName)?.[1] ?? 0);
  if (level > 0) rename(element, `h${Math.min(DEEPEST_HEADING, level)}`);
}

function rename(element: HTMLElement, tag: string): void {
  const renamed = element.ownerDocument.createElement(tag);
  for (const { name, value } of element.attributes) renamed.setAttribute(name, value);
  renamed.append(...element.childNodes);
  element.replaceWith(renamed);
}

/** Styles that stand for a mark become the mark's element, inside; Google's `<b>` that is not bold goes. */
function marks(element: HTMLElement): void {
  const style = element.getAttribute(STYLE) ?? "";
  if (/^(B|STRONG)$/.test(element.tagName) && /font-weight:\s*(normal|400)/i.test(style)) {
    element.replaceWith(...element.childNodes);
    return;
  }
  if (!/^(SPAN|FONT|A)$/.test(element.tagName)) return;
  if (/font-weight:\s*(bold|[6-9]00)/i.test(style)) wrap(element, "strong");
  if (/font-style:\s*(italic|oblique)/i.test(style)) wrap(element, "em");
  if (/text-decoration[^;]*:\s*[^;]*underline/i.test(style) && element.tagName !== "A") wrap(element, "u");
}

function wrap(element: HTMLElement, tag: string): void {
  const wrapper = element.ownerDocument.createElement(tag);
  wrapper.append(...element.childNodes);
  element.append(wrapper);
}

function alignment(element: HTMLElement): void {
  if (!/^(P|H[1-6]|DIV)$/.test(element.tagName) || element.hasAttribute("data-align")) return;
  const style = /text-align:\s*(left|center|right|justify)/i.exec(element.getAttribute(STYLE) ?? "")?.[1];
  const value = (style ?? element.getAttribute("align") ?? "").toLowerCase();
  if (/^(center|right|justify)$/.test(value)) element.setAttribute("data-align", value);
}

/** Office files put air between blocks as empty paragraphs; the page's own spacing serves here. */
function dropEmptyParagraphs(root: HTMLElement): void {
  if (root.querySelector("[data-pm-slice]")) return;
  for (const paragraph of root.querySelectorAll("p")) {
    const empty =
      !paragraph.textContent?.replace(/[\s\u00a0]/g, "") && !paragraph.querySelector("[data-footnote]");
    if (empty && !paragraph.closest("td,th,li")) paragraph.remove();
  }
}

function dropAttributes(element: Element): void {
  for (const { name } of [...element.attributes]) {
    if (!KEPT.has(name)) element.removeAttribute(name);
  }
  const href = element.getAttribute("href");
  if (href !== null && !isSafeLink(href)) element.removeAttribute("href");
}

/** Parses the clipboard's tree after cleaning it. */
class CleaningParser extends DOMParser {
  override parseSlice(dom: globalThis.Node, options?: ParseOptions): Slice {
    if (dom instanceof HTMLElement || isElement(dom)) clean(dom as HTMLElement);
    return super.parseSlice(dom, options);
  }
}

function isElement(node: globalThis.Node): boolean {
  return node.nodeType === 1;
}

export function clipboardParser(schema: Schema): DOMParser {
  return new CleaningParser(schema, DOMParser.fromSchema(schema).rules);
}

/** Into an empty paragraph, the first block comes with its alignment and its number. */
function wholeFirstBlock(slice: Slice, { state }: EditorView): Slice {
  const { $from, empty } = state.selection;
  const first = slice.content.firstChild;
  const intoEmpty = empty && $from.parent.type.name === "paragraph" && $from.parent.content.size === 0;
  if (!intoEmpty || slice.openStart !== 1 || slice.content.childCount < 2 || !first?.isTextblock)
    return slice;
  return new Slice(slice.content, 0, slice.openEnd);
}

export const CleanPaste = Extension.create({
  name: "cleanPaste",
  addProseMirrorPlugins() {
    const plugin = new Plugin({
      props: {
        transformPastedHTML: withoutStyles,
        clipboardParser: clipboardParser(this.editor.schema),
        transformPasted: wholeFirstBlock,
      },
    });
    return [plugin];
  },
});
