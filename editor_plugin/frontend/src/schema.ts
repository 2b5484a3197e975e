/**
 * The draft's nodes and marks. `editor_plugin/schema.json` states them once for all languages; values come
 * from there, and a test holds the rest equal to it. Nothing here writes an inline style.
 */
import { type AnyExtension, Extension, Mark } from "@tiptap/core";
import { Table, TableCell, TableHeader, TableRow } from "@tiptap/extension-table";
import { StarterKit } from "@tiptap/starter-kit";
import stated from "../../schema.json" with { type: "json" };
import { Footnote } from "./footnote.js";

export const ROOT: string = stated.root;
export const ALIGNMENTS: readonly string[] = stated.nodes.paragraph.attributes.textAlign.values;
export const DEEPEST_HEADING = stated.nodes.heading.attributes.level.maximum;
const LEVELS = ([1, 2, 3, 4, 5, 6] as const).filter((level) => level <= DEEPEST_HEADING);
const SCHEMES = stated.marks.link.attributes.href.schemes;

/** Only what cannot run code; a relative address has no meaning in a document that travels. */
export function isSafeLink(href: string): boolean {
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(href.trim())?.[1];
  return scheme !== undefined && SCHEMES.includes(scheme.toLowerCase());
}

/** Alignment of any block of text, and the numbered paragraph (*paragraphe numéroté*) of an arrêt. */
const BlockAttributes = Extension.create({
  name: "blockAttributes",
  addGlobalAttributes: () => [
    {
      types: ["paragraph", "heading"],
      attributes: {
        textAlign: {
          default: null,
          parseHTML: (element) => {
            const value = element.getAttribute("data-align");
            return ALIGNMENTS.find((alignment) => alignment === value) ?? null;
          },
          renderHTML: ({ textAlign }) => (textAlign ? { "data-align": String(textAlign) } : {}),
        },
      },
    },
    {
      types: ["paragraph"],
      attributes: {
        numbered: {
          default: false,
          parseHTML: (element) => element.hasAttribute("data-numbered"),
          renderHTML: ({ numbered }) => (numbered ? { "data-numbered": "" } : {}),
        },
      },
    },
  ],
});

const Link = Mark.create({
  name: "link",
  inclusive: false,
  addAttributes: () => ({ href: { default: null } }),
  parseHTML: () => [
    { tag: "a[href]", getAttrs: (element) => isSafeLink(element.getAttribute("href") ?? "") && null },
  ],
  renderHTML: ({ HTMLAttributes }) => {
    const href = String(HTMLAttributes.href ?? "");
    return ["a", isSafeLink(href) ? { href, rel: "noopener noreferrer", target: "_blank" } : {}, 0];
  },
});

/** The court's tables have no column widths of their own: the page shares the width out. */
const PlainTable = Table.extend({
  renderHTML: () => ["table", {}, ["tbody", 0]],
});

export const schemaExtensions: AnyExtension[] = [
  StarterKit.configure({
    code: false,
    codeBlock: false,
    horizontalRule: false,
    strike: false,
    link: false,
    undoRedo: false,
    trailingNode: false,
    dropcursor: false,
    heading: { levels: LEVELS },
  }),
  BlockAttributes,
  Link,
  Footnote,
  PlainTable.configure({ resizable: false, View: null }),
  TableRow,
  TableHeader,
  TableCell,
];
