/** One draft joined: document, provider, editor and tools, made together and let go together. */
import { Editor } from "@tiptap/core";
import { Collaboration } from "@tiptap/extension-collaboration";
import { CollaborationCaret } from "@tiptap/extension-collaboration-caret";
import * as Y from "yjs";
import type { Socket } from "./connection.js";
import { InputGuard } from "./input-guard.js";
import { ActionKeys } from "./keys.js";
import { NotesList } from "./notes.js";
import { CleanPaste } from "./paste.js";
import { caret, colourOf, names, selection } from "./presence.js";
import { Provider, type ProviderState } from "./provider.js";
import { schemaExtensions } from "./schema.js";
import { Toolbar } from "./toolbar.js";
import { Typography } from "./typography.js";
import { keepUndoInPlace } from "./undo-place.js";

keepUndoInPlace();

export interface RoomOptions {
  url: string;
  root: string;
  writable: boolean;
  person: string;
  lang: string;
  connect?: (url: string) => Socket;
  onStatus: (state: ProviderState) => void;
  onPresent: (names: string[]) => void;
}

export class Room {
  readonly page = document.createElement("div");
  readonly doc = new Y.Doc();
  readonly provider: Provider;
  readonly editor: Editor;
  readonly toolbar: Toolbar | null;
  readonly #notes: NotesList;
  #present = "";

  constructor(private readonly options: RoomOptions) {
    const { url, root, writable, person, connect, onStatus } = options;
    this.page.className = "page";
    this.provider = new Provider(this.doc, {
      url,
      writable,
      ...(connect && { connect }),
      onChange: (state) => {
        this.#access(state);
        onStatus(state);
      },
    });
    this.provider.awareness.on("change", this.#presentChanged);
    this.editor = new Editor({
      element: this.page,
      injectCSS: false,
      editable: false,
      // Not a string: Tiptap would hand it to an HTML parser, which Trusted Types forbid.
      content: { type: "doc", content: [{ type: "paragraph" }] },
      enableInputRules: [Typography, ActionKeys],
      enablePasteRules: false,
      enableContentCheck: false,
      editorProps: { attributes: this.#attributes() },
      extensions: [
        ...schemaExtensions,
        Typography,
        ActionKeys,
        CleanPaste,
        InputGuard,
        Collaboration.configure({ fragment: this.doc.getXmlFragment(root) }),
        CollaborationCaret.configure({
          provider: this.provider,
          user: { name: person, color: colourOf(person) },
          render: caret,
          selectionRender: selection,
        }),
      ],
    });
    this.toolbar = writable ? new Toolbar(this.editor) : null;
    this.#notes = new NotesList(this.editor);
    this.page.append(this.#notes.element);
    this.editor.view.dom.addEventListener("keydown", this.#toToolbar);
  }

  get writable(): boolean {
    return this.editor.isEditable;
  }

  start(): void {
    this.provider.start();
  }

  destroy(): void {
    this.provider.awareness.off("change", this.#presentChanged);
    this.#notes.destroy();
    this.toolbar?.destroy();
    this.editor.destroy();
    this.provider.destroy();
    this.doc.destroy();
    this.page.remove();
  }

  #attributes(): Record<string, string> {
    return {
      class: "document",
      role: "textbox",
      "aria-multiline": "true",
      "aria-label": "Texte du projet",
      lang: this.options.lang,
      spellcheck: "true",
    };
  }

  /** Nobody types before the document has come, after a refusal, or without the right to. */
  #access({ phase, synced, access }: ProviderState): void {
    const may = this.options.writable && (access ?? "write") === "write";
    const editable = may && synced && phase !== "refused" && phase !== "closed";
    if (this.editor.isEditable !== editable) this.editor.setEditable(editable, false);
    if (this.toolbar) this.toolbar.element.hidden = !may;
  }

  readonly #presentChanged = () => {
    const found = names(this.provider.awareness);
    const key = found.join("\n");
    if (key === this.#present) return;
    this.#present = key;
    this.options.onPresent(found);
  };

  readonly #toToolbar = (event: KeyboardEvent) => {
    if (event.key !== "F10" || !event.altKey) return;
    event.preventDefault();
    this.toolbar?.focus();
  };
}
