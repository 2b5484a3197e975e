/**
 * A Yjs document joined to a room: y-websocket's protocol, and one more promise. An update counts as
 * pending until the server says that it is on disk; whatever was not acknowledged is sent again on the
 * next connection, by the difference of state vectors, so nothing is lost and nothing is doubled.
 */
import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import * as Y from "yjs";
import { Connection, type Socket, TOO_BIG } from "./connection.js";
import { Ledger } from "./ledger.js";
import {
  type Acknowledgement,
  decode,
  encodeAwareness,
  encodeSync,
  type Message,
  type Refusal,
  STEP_1,
  STEP_2,
  UPDATE,
  type Welcome,
} from "./messages.js";

export type Phase = "connecting" | "online" | "offline" | "refused" | "closed";

export interface ProviderState {
  phase: Phase;
  /** The server's document has arrived at least once. */
  synced: boolean;
  /** Own updates that are not acknowledged. */
  pending: number;
  /** When the last own update became durable, ISO 8601, or null. */
  savedAt: string | null;
  /** What the server says that one may do; null until it says so. */
  access: string | null;
  /** The server's sentence on the last refusal, or empty. */
  sentence: string;
}

export interface ProviderOptions {
  /** ws:// or wss:// address of the room, without query. */
  url: string;
  writable: boolean;
  onChange: (state: ProviderState) => void;
  connect?: (url: string) => Socket;
}

/** Frames in flight at most; beyond, updates are merged and wait. */
export const WINDOW = 32;
const MERGE_AT = 64;
const TOO_MUCH =
  "Cet ajout est trop volumineux pour être enregistré d’un coup ; il est gardé ici : resynchronisez, puis ajoutez-le par parties.";

export class Provider {
  readonly awareness: Awareness;
  readonly #connection: Connection;
  readonly #ledger = new Ledger();
  #waiting: Uint8Array[] = [];
  #onSynced: (() => void)[] = [];
  #caughtUp = false;
  #introduced = false;
  #state: ProviderState = {
    phase: "connecting",
    synced: false,
    pending: 0,
    savedAt: null,
    access: null,
    sentence: "",
  };

  constructor(
    readonly doc: Y.Doc,
    private readonly options: ProviderOptions,
  ) {
    this.awareness = new Awareness(doc);
    this.#connection = new Connection(
      `${options.url}?ack=1`,
      {
        opened: () => this.#opened(),
        received: (data) => this.#received(data),
        closed: (code, final) => this.#closed(code, final),
        probe: () => this.#ask(),
      },
      options.connect,
    );
    doc.on("update", this.#updated);
    this.awareness.on("update", this.#presenceChanged);
  }

  get state(): ProviderState {
    return this.#state;
  }

  start(): void {
    this.#connection.start();
  }

  /** Call back when the server's document has arrived; at once if it has. */
  onceSynced(act: () => void): void {
    if (this.#state.synced) act();
    else this.#onSynced.push(act);
  }

  /** Leave the room and let go of every timer and listener. The document stays. */
  destroy(): void {
    this.doc.off("update", this.#updated);
    this.awareness.setLocalState(null);
    this.awareness.off("update", this.#presenceChanged);
    this.#connection.stop();
    this.awareness.destroy();
  }

  get #writable(): boolean {
    return this.options.writable && (this.#state.access ?? "write") === "write";
  }

  #change(change: Partial<ProviderState>): void {
    this.#state = { ...this.#state, ...change, pending: this.#ledger.pending };
    this.options.onChange(this.#state);
  }

  #opened(): void {
    this.#ledger.reconnected();
    this.#waiting = [];
    this.#caughtUp = false;
    this.#ask();
    this.#introduced = false;
    this.#change({ phase: "online" });
  }

  #closed(code: number, final: boolean): void {
    this.#caughtUp = false;
    this.#waiting = [];
    const others = [...this.awareness.getStates().keys()].filter((client) => client !== this.doc.clientID);
    removeAwarenessStates(this.awareness, others, this);
    if (this.#state.phase === "refused") return;
    if (code === TOO_BIG) this.#change({ phase: "refused", sentence: TOO_MUCH });
    else this.#change({ phase: final ? "closed" : "offline" });
  }

  #ask(): void {
    this.#connection.send(encodeSync(STEP_1, Y.encodeStateVector(this.doc)));
  }

  #received(data: Uint8Array): void {
    let message: Message;
    try {
      message = decode(data);
    } catch {
      this.#connection.restart();
      return;
    }
    if (message.kind === "step1") this.#answer(message.vector);
    else if (message.kind === "update") this.#apply(message.update, message.step2);
    else if (message.kind === "awareness") applyAwarenessUpdate(this.awareness, message.update, this);
    else if (message.kind === "query") this.#introduce();
    else if (message.kind === "acknowledgement") this.#acknowledged(message);
    else if (message.kind === "refusal") this.#refused(message);
    else if (message.kind === "welcome") this.#welcomed(message);
  }

  /** The server's state is known: send what it lacks. A reader, or one who owes nothing, stays silent. */
  #answer(vector: Uint8Array): void {
    if (!this.#introduced) this.#introduce();
    if (!this.#writable) return;
    if (this.#ledger.pending > 0 || lacks(vector, this.doc)) {
      this.#send(STEP_2, Y.encodeStateAsUpdate(this.doc, vector));
    }
    this.#waiting = [];
    this.#caughtUp = true;
  }

  #apply(update: Uint8Array, step2: boolean): void {
    Y.applyUpdate(this.doc, update, this);
    if (!step2 || this.#state.synced) return;
    this.#change({ synced: true });
    for (const act of this.#onSynced.splice(0)) act();
  }

  #send(step: typeof STEP_2 | typeof UPDATE, update: Uint8Array): void {
    this.#ledger.sent();
    this.#connection.send(encodeSync(step, update));
  }

  #flush(): void {
    if (!this.#caughtUp || this.#waiting.length === 0 || this.#ledger.inFlight >= WINDOW) return;
    const update = this.#waiting.length === 1 ? this.#waiting[0] : Y.mergeUpdates(this.#waiting);
    this.#waiting = [];
    if (update) this.#send(UPDATE, update);
  }

  #acknowledged({ received, at }: Acknowledgement): void {
    const before = this.#ledger.pending;
    this.#ledger.acknowledged(received);
    this.#flush();
    const settled = this.#ledger.pending < before;
    this.#change(settled ? { savedAt: at, sentence: "" } : {});
  }

  #refused({ reason, sentence }: Refusal): void {
    if (reason === "unavailable") {
      this.#change({ sentence });
      this.#connection.restart();
      return;
    }
    this.#change({ phase: "refused", sentence });
    this.#connection.stop();
  }

  #welcomed({ access, client }: Welcome): void {
    const untouched = this.#ledger.pending === 0 && !this.doc.store.clients.has(this.doc.clientID);
    if (client !== null && untouched && client !== this.doc.clientID) this.#takeClient(client);
    this.#change({ access });
    this.#introduce();
  }

  /** A fresh leased id, before the first own struct; presence moves along. */
  #takeClient(client: number): void {
    const presence = this.awareness.getLocalState();
    this.awareness.setLocalState(null);
    this.doc.clientID = client;
    this.awareness.clientID = client;
    if (!presence) return;
    // Others pass over a state whose clock is 0, which the first one has.
    this.awareness.setLocalState({});
    this.awareness.setLocalState(presence);
  }

  readonly #updated = (update: Uint8Array, origin: unknown) => {
    if (origin === this || !this.#writable) return;
    this.#ledger.made();
    if (this.#caughtUp) {
      this.#waiting.push(update);
      if (this.#waiting.length >= MERGE_AT) this.#waiting = [Y.mergeUpdates(this.#waiting)];
      this.#flush();
    }
    this.#change({});
  };

  readonly #presenceChanged = (
    { added, updated, removed }: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ) => {
    if (origin === this || !this.#introduced) return;
    if ([...added, ...updated, ...removed].includes(this.awareness.clientID)) this.#announce();
  };

  /** Say who is here, once the room has said under which id. */
  #introduce(): void {
    this.#introduced = true;
    if (this.awareness.getLocalState()) this.#announce();
  }

  #announce(): void {
    const own = [this.awareness.clientID];
    this.#connection.send(encodeAwareness(encodeAwarenessUpdate(this.awareness, own)));
  }
}

/** Whether the document holds structs that a peer with this state vector has not seen. */
function lacks(vector: Uint8Array, doc: Y.Doc): boolean {
  const theirs = Y.decodeStateVector(vector);
  for (const [client, clock] of Y.decodeStateVector(Y.encodeStateVector(doc))) {
    if ((theirs.get(client) ?? 0) < clock) return true;
  }
  return false;
}
