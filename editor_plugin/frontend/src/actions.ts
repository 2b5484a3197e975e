/** Everything that the toolbar and the keyboard can do, once: a name, a key, a picture, a command. */
import type { Editor } from "@tiptap/core";

export interface Action {
  id: string;
  /** What it does, in French, for the tooltip and the list of keys. */
  label: string;
  /** ProseMirror's key name, or empty where there is none. */
  keys: string;
  run: (editor: Editor) => boolean;
  /** Whether it holds at the selection; absent for what has no state. */
  active?: (editor: Editor) => boolean;
  enabled?: (editor: Editor) => boolean;
  /** Bound elsewhere (Tiptap, Yjs): shown, not bound again. */
  bound?: true;
}

const inTable = (editor: Editor) => editor.isActive("table");
const chain = (editor: Editor) => editor.chain().focus();

function heading(level: 1 | 2 | 3): Action {
  return {
    id: `heading-${level}`,
    label: `Titre ${level}`,
    keys: `Mod-Shift-${level}`,
    run: (editor) => chain(editor).toggleHeading({ level }).run(),
    active: (editor) => editor.isActive("heading", { level }),
  };
}

function mark(id: string, label: string, keys: string, name: string): Action {
  return {
    id,
    label,
    keys,
    bound: true,
    run: (editor) => chain(editor).toggleMark(name).run(),
    active: (editor) => editor.isActive(name),
  };
}

function align(value: string, label: string, key: string): Action {
  return {
    id: `align-${value}`,
    label,
    keys: `Mod-Shift-${key}`,
    run: (editor) => {
      const textAlign = editor.isActive({ textAlign: value }) ? null : value;
      return chain(editor)
        .updateAttributes("paragraph", { textAlign })
        .updateAttributes("heading", { textAlign })
        .run();
    },
    active: (editor) => editor.isActive({ textAlign: value }),
  };
}

const numbered: Action = {
  id: "numbered",
  label: "Paragraphe numéroté",
  keys: "Mod-Shift-9",
  run: (editor) => {
    const on = !editor.isActive("paragraph", { numbered: true });
    return chain(editor)
      .setNode("paragraph", { ...editor.getAttributes("paragraph"), numbered: on })
      .run();
  },
  active: (editor) => editor.isActive("paragraph", { numbered: true }),
};

/** Only a paragraph of the body itself is numbered. */
const unnumbered = (editor: Editor) => chain(editor).updateAttributes("paragraph", { numbered: false });

const lists: Action[] = [
  {
    id: "bullets",
    label: "Liste à puces",
    keys: "Mod-Shift-8",
    run: (editor) => unnumbered(editor).toggleBulletList().run(),
    active: (editor) => editor.isActive("bulletList"),
  },
  {
    id: "ordered",
    label: "Liste numérotée",
    keys: "Mod-Shift-7",
    run: (editor) => unnumbered(editor).toggleOrderedList().run(),
    active: (editor) => editor.isActive("orderedList"),
  },
  {
    id: "quote",
    label: "Citation",
    keys: "Mod-Shift-b",
    run: (editor) => unnumbered(editor).toggleBlockquote().run(),
    active: (editor) => editor.isActive("blockquote"),
  },
];

const footnote: Action = {
  id: "footnote",
  label: "Note de bas de page",
  keys: "Mod-Shift-f",
  run: (editor) => chain(editor).insertFootnote().run(),
};

const history: Action[] = [
  {
    id: "undo",
    label: "Annuler (mes modifications)",
    keys: "Mod-z",
    bound: true,
    run: (editor) => chain(editor).undo().run(),
    enabled: (editor) => editor.can().undo(),
  },
  {
    id: "redo",
    label: "Rétablir",
    keys: "Mod-y",
    bound: true,
    run: (editor) => chain(editor).redo().run(),
    enabled: (editor) => editor.can().redo(),
  },
];

/** Shown in the toolbar, group by group. */
export const GROUPS: readonly (readonly Action[])[] = [
  history,
  [heading(1), heading(2), heading(3), numbered],
  [
    mark("bold", "Gras", "Mod-b", "bold"),
    mark("italic", "Italique", "Mod-i", "italic"),
    mark("underline", "Souligné", "Mod-u", "underline"),
  ],
  [...lists, footnote],
  [
    align("left", "Aligner à gauche", "l"),
    align("center", "Centrer", "e"),
    align("right", "Aligner à droite", "r"),
    align("justify", "Justifier", "j"),
  ],
];

function table(id: string, label: string, run: (editor: Editor) => boolean): Action {
  return { id, label, keys: "", run, enabled: inTable };
}

/** Shown in the table's menu. */
export const TABLE_ACTIONS: readonly Action[] = [
  {
    id: "table-insert",
    label: "Insérer un tableau",
    keys: "Mod-Alt-t",
    run: (editor) => chain(editor).insertTable({ rows: 3, cols: 3, withHeaderRow: true }).run(),
    enabled: (editor) => !inTable(editor),
  },
  table("row-after", "Ajouter une ligne dessous", (editor) => chain(editor).addRowAfter().run()),
  table("row-before", "Ajouter une ligne dessus", (editor) => chain(editor).addRowBefore().run()),
  table("column-after", "Ajouter une colonne à droite", (editor) => chain(editor).addColumnAfter().run()),
  table("column-before", "Ajouter une colonne à gauche", (editor) => chain(editor).addColumnBefore().run()),
  table("row-delete", "Supprimer la ligne", (editor) => chain(editor).deleteRow().run()),
  table("column-delete", "Supprimer la colonne", (editor) => chain(editor).deleteColumn().run()),
  table("header", "Ligne d’en-tête", (editor) => chain(editor).toggleHeaderRow().run()),
  table("table-delete", "Supprimer le tableau", (editor) => chain(editor).deleteTable().run()),
];

export const ALL_ACTIONS: readonly Action[] = [...GROUPS.flat(), ...TABLE_ACTIONS];

const KEY_NAMES: Record<string, string> = { Mod: "Ctrl", Shift: "Maj", Alt: "Alt" };

/** `Mod-Shift-f` as it is engraved on a French keyboard: `Ctrl+Maj+F`. */
export function keysInFrench(keys: string): string {
  return keys
    .split("-")
    .map((key) => KEY_NAMES[key] ?? key.toUpperCase())
    .join("+");
}
