/**
 * How many of one's updates are not yet on the server's disk.
 *
 * Updates are counted as they are made; a frame covers every update made before it was sent, and an
 * acknowledgement of frame n settles all that frames 1 to n cover. Frames belong to one connection.
 */
export class Ledger {
  #made = 0;
  #settled = 0;
  #covers: number[] = [];
  #received = 0;

  /** Updates made and not acknowledged. */
  get pending(): number {
    return this.#made - this.#settled;
  }

  /** Frames sent on this connection and not acknowledged. */
  get inFlight(): number {
    return this.#covers.length;
  }

  made(): void {
    this.#made += 1;
  }

  sent(): void {
    this.#covers.push(this.#made);
  }

  /** `received`: how many frames of this connection are durable, in all. */
  acknowledged(received: number): void {
    const fresh = Math.min(received - this.#received, this.#covers.length);
    if (fresh <= 0) return;
    const settled = this.#covers.splice(0, fresh).at(-1) ?? 0;
    this.#received += fresh;
    this.#settled = Math.max(this.#settled, settled);
  }

  /** A new connection: frames in flight on the last one count for nothing. */
  reconnected(): void {
    this.#covers = [];
    this.#received = 0;
  }
}
