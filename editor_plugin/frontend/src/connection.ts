/**
 * One WebSocket that comes back: exponential backoff with full jitter, at once when the network or the
 * page returns, and a check that an open socket still answers.
 */

/** The part of the browser's WebSocket in use; tests hand in a server in memory. */
export interface Socket {
  binaryType: BinaryType;
  readonly readyState: number;
  onopen: ((event: Event) => unknown) | null;
  onmessage: ((event: MessageEvent) => unknown) | null;
  onclose: ((event: CloseEvent) => unknown) | null;
  send(data: Uint8Array<ArrayBuffer>): void;
  close(code?: number): void;
}

export interface Listener {
  opened(): void;
  received(data: Uint8Array): void;
  /** `final`: the server said not to come back. */
  closed(code: number, final: boolean): void;
  /** The line has been quiet: ask for something that the server always answers. */
  probe(): void;
}

export const TOO_BIG = 1009;
export const FIRST_DELAY = 500;
export const LONGEST_DELAY = 30_000;
export const QUIET = 25_000;
export const PATIENCE = 10_000;
const OPEN = 1;
/** Trying again cannot help: abuse, a frame too big, no right to this draft (any more), another schema. */
const FINAL_CODES = new Set([1008, TOO_BIG, 4401, 4403, 4404, 4409]);

export class Connection {
  #socket: Socket | null = null;
  #attempts = 0;
  #wanted = false;
  #retry: ReturnType<typeof setTimeout> | undefined;
  #watch: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly url: string,
    private readonly listener: Listener,
    private readonly create: (url: string) => Socket = (address) => new WebSocket(address),
  ) {}

  get open(): boolean {
    return this.#socket?.readyState === OPEN;
  }

  start(): void {
    if (this.#wanted) return;
    this.#wanted = true;
    window.addEventListener("online", this.#returned);
    window.addEventListener("offline", this.#lost);
    document.addEventListener("visibilitychange", this.#returned);
    this.#connect();
  }

  stop(): void {
    this.#wanted = false;
    clearTimeout(this.#retry);
    window.removeEventListener("online", this.#returned);
    window.removeEventListener("offline", this.#lost);
    document.removeEventListener("visibilitychange", this.#returned);
    this.#drop(1000);
  }

  /** Close this socket and try again after a pause. */
  restart(): void {
    this.#drop(1000);
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.open) this.#socket?.send(data);
  }

  #connect(): void {
    clearTimeout(this.#retry);
    if (!this.#wanted || this.#socket) return;
    const socket = this.create(this.url);
    this.#socket = socket;
    socket.binaryType = "arraybuffer";
    this.#watchFor(PATIENCE, () => this.#drop(1000));
    socket.onopen = () => {
      this.#listen();
      this.listener.opened();
    };
    socket.onmessage = ({ data }) => {
      if (!(data instanceof ArrayBuffer)) return;
      this.#attempts = 0;
      this.#listen();
      this.listener.received(new Uint8Array(data));
    };
    socket.onclose = ({ code }) => this.#ended(socket, code);
  }

  /** Close without waiting for the other side, which may be gone. */
  #drop(code: number): void {
    const socket = this.#socket;
    if (!socket) return;
    socket.close(code);
    this.#ended(socket, code);
  }

  #ended(socket: Socket, code: number): void {
    if (socket !== this.#socket) return;
    socket.onopen = socket.onmessage = socket.onclose = null;
    this.#socket = null;
    clearTimeout(this.#watch);
    const final = FINAL_CODES.has(code);
    if (final) this.stop();
    else if (this.#wanted) this.#later();
    this.listener.closed(code, final);
  }

  #later(): void {
    const ceiling = Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    this.#attempts += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), ceiling * (0.5 + Math.random() / 2));
  }

  #listen(): void {
    this.#watchFor(QUIET, () => {
      this.#watchFor(PATIENCE, () => this.#drop(1000));
      this.listener.probe();
    });
  }

  #watchFor(delay: number, act: () => void): void {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(act, delay);
  }

  readonly #returned = () => {
    if (document.visibilityState === "hidden" || this.#socket) return;
    this.#attempts = 0;
    this.#connect();
  };

  readonly #lost = () => this.#drop(1000);
}
