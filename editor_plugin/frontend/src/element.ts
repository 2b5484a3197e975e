/**
 * `<minutier-editor>`: a draft that several people write, or a decision that one reads.
 *
 * Attributes: `room` (path of the y-websocket room) and `root` (its XmlFragment), or `src` (JSON of
 * `{"blocks": [{"zone", "text", "number"?}]}`), or neither: then its children are left as they are; `access` (write, else read), `reason` (why one may only
 * read), `draft`, `person`, `lang`, `marks` (words to light up, with `src`).
 * Events: `minutier-status` {state, pending, at}, `minutier-present` {names}.
 */
import { Reader } from "./reader.js";
import { Room } from "./room.js";
import { ROOT } from "./schema.js";
import { SetAside, wordsSetAside } from "./set-aside.js";
import { type Status, statusOf } from "./status.js";
import { StatusLine } from "./status-line.js";

export class MinutierEditor extends HTMLElement {
  static readonly observedAttributes = ["room", "root", "access", "person", "src", "marks"];

  #room: Room | null = null;
  #reader: Reader | null = null;
  #status: StatusLine | null = null;
  #frame = 0;
  #last: Status | null = null;

  connectedCallback(): void {
    this.#start();
  }

  disconnectedCallback(): void {
    this.#stop();
  }

  attributeChangedCallback(_name: string, before: string | null, after: string | null): void {
    if (!this.isConnected || before === after || (!this.#room && !this.#reader)) return;
    this.#stop();
    this.#start();
  }

  /** Put the caret in the text, or the focus on what is read. */
  override focus(options?: FocusOptions): void {
    if (this.#room) this.#room.editor.commands.focus();
    else if (this.#reader) this.#reader.focus();
    else super.focus(options);
  }

  /** Write `text` at the caret, as if typed; nothing where one may only read. */
  insert(text: string): void {
    const { editor } = this.#room ?? {};
    if (!editor?.isEditable) return;
    editor.view.dispatch(editor.state.tr.insertText(text).scrollIntoView());
  }

  get #writable(): boolean {
    return this.getAttribute("access") === "write";
  }

  get #person(): string {
    return this.getAttribute("person") ?? "";
  }

  #start(): void {
    const room = this.getAttribute("room");
    const src = this.getAttribute("src");
    if (room) this.#join(room);
    else if (src) this.#read(src);
  }

  #stop(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    window.removeEventListener("beforeunload", this.#leaving);
    // Without room or src the children are the page's own text, and stay.
    if (this.#room || this.#reader) this.replaceChildren();
    this.#room?.destroy();
    this.#reader?.destroy();
    this.#room = this.#reader = this.#status = this.#last = null;
  }

  #read(src: string): void {
    this.#reader = new Reader(src, this.getAttribute("marks") ?? "", this.lang || "fr");
    this.replaceChildren(...this.#reader.elements);
    void this.#reader.load();
  }

  #join(path: string): void {
    const address = new URL(path, location.href);
    address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
    const room = new Room({
      url: address.href,
      root: this.getAttribute("root") ?? ROOT,
      writable: this.#writable,
      person: this.#person,
      lang: this.lang || "fr",
      onStatus: () => this.#later(),
      onPresent: (names) => this.#present(names),
    });
    this.#room = room;
    this.#status = new StatusLine(() => this.#resync());
    this.replaceChildren(...(room.toolbar ? [room.toolbar.element] : []), room.page, this.#status.element);
    window.addEventListener("beforeunload", this.#leaving);
    this.#show();
    room.start();
  }

  /** States pass quickly while one types: at most one a frame reaches the screen. */
  #later(): void {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#show();
    });
  }

  #show(): void {
    if (!this.#room || !this.#status) return;
    const { state } = this.#room.provider;
    const writable = this.#writable && (state.access ?? "write") === "write";
    const status = statusOf(state, writable, this.getAttribute("reason") ?? "");
    this.#status.show(status);
    const same =
      this.#last?.state === status.state &&
      this.#last.pending === status.pending &&
      this.#last.at === status.at;
    this.#last = status;
    if (same) return;
    const { state: name, pending, at } = status;
    this.dispatchEvent(
      new CustomEvent("minutier-status", { detail: { state: name, pending, at }, bubbles: true }),
    );
  }

  #present(names: string[]): void {
    this.#status?.present(names, this.#person);
    this.dispatchEvent(new CustomEvent("minutier-present", { detail: { names }, bubbles: true }));
  }

  /** Take the server's document, and set aside the words that it did not accept. */
  #resync(): void {
    const refused = this.#room;
    if (!refused) return;
    const before = refused.editor.state.doc;
    this.#stop();
    this.#start();
    const joined = this.#room as Room | null;
    joined?.provider.onceSynced(() => {
      const words = wordsSetAside(before, joined.editor.state.doc);
      if (words.length > 0) joined.page.before(new SetAside(words).element);
    });
  }

  readonly #leaving = (event: BeforeUnloadEvent) => {
    if ((this.#room?.provider.state.pending ?? 0) > 0) event.preventDefault();
  };
}
