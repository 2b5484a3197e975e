/** A room in memory behind a fake WebSocket: y-websocket's protocol with acknowledgements on demand. */
import {
  Awareness,
  applyAwarenessUpdate,
  encodeAwarenessUpdate,
  removeAwarenessStates,
} from "y-protocols/awareness";
import * as Y from "yjs";
import type { Socket } from "../src/connection.js";
import {
  ACKNOWLEDGEMENT,
  decode,
  encodeAwareness,
  encodeJson,
  encodeSync,
  REFUSAL,
  STEP_1,
  STEP_2,
  UPDATE,
  WELCOME,
} from "../src/messages.js";

export const AT = "2026-03-14T14:02:11";

class FakeSocket implements Socket {
  binaryType: BinaryType = "blob";
  readyState = 0;
  onopen: ((event: Event) => unknown) | null = null;
  onmessage: ((event: MessageEvent) => unknown) | null = null;
  onclose: ((event: CloseEvent) => unknown) | null = null;
  received = 0;
  durable = 0;
  readonly clients = new Set<number>();

  constructor(
    private readonly server: RoomServer,
    readonly url: string,
  ) {}

  send(data: Uint8Array<ArrayBuffer>): void {
    if (this.readyState === 1) this.server.take(this, data.slice());
  }

  close(code = 1000): void {
    this.server.part(this, code, false);
  }

  deliver(data: Uint8Array<ArrayBuffer>): void {
    queueMicrotask(() => {
      const { buffer, byteOffset, byteLength } = data;
      this.onmessage?.(
        new MessageEvent("message", { data: buffer.slice(byteOffset, byteOffset + byteLength) }),
      );
    });
  }
}

export class RoomServer {
  readonly doc = new Y.Doc();
  readonly awareness = new Awareness(this.doc);
  readonly sockets = new Set<FakeSocket>();
  /** Every update frame taken, in order. */
  readonly frames: Uint8Array[] = [];
  online = true;
  acknowledging = true;
  access: string | null = null;
  /** Client ids to lease, in order. */
  leases: number[] = [];
  refusal: { reason: string; sentence: string } | null = null;
  opened: string[] = [];

  constructor() {
    this.awareness.setLocalState(null);
  }

  readonly connect = (url: string): Socket => {
    const socket = new FakeSocket(this, url);
    this.opened.push(url);
    queueMicrotask(() => (this.online ? this.join(socket) : this.part(socket, 1006, true)));
    return socket;
  };

  join(socket: FakeSocket): void {
    socket.readyState = 1;
    this.sockets.add(socket);
    socket.onopen?.(new Event("open"));
    const client = this.leases.shift() ?? null;
    if (this.access !== null) socket.deliver(encodeJson(WELCOME, { access: this.access, client }));
    socket.deliver(encodeSync(STEP_1, Y.encodeStateVector(this.doc)));
    const present = [...this.awareness.getStates().keys()];
    if (present.length > 0) {
      socket.deliver(encodeAwareness(encodeAwarenessUpdate(this.awareness, present)));
    }
  }

  take(socket: FakeSocket, data: Uint8Array<ArrayBuffer>): void {
    const message = decode(data);
    if (message.kind === "step1") {
      socket.deliver(encodeSync(STEP_2, Y.encodeStateAsUpdate(this.doc, message.vector)));
    } else if (message.kind === "update") {
      this.update(socket, message.update);
    } else if (message.kind === "awareness") {
      applyAwarenessUpdate(this.awareness, message.update, socket);
      for (const client of this.awareness.getStates().keys()) socket.clients.add(client);
      this.broadcast(socket, data);
    }
  }

  update(socket: FakeSocket, update: Uint8Array): void {
    socket.received += 1;
    this.frames.push(update);
    if (this.refusal) {
      socket.deliver(encodeJson(REFUSAL, { ...this.refusal, received: socket.received }));
      return;
    }
    Y.applyUpdate(this.doc, update);
    this.broadcast(socket, encodeSync(UPDATE, update));
    if (this.acknowledging) this.acknowledge();
  }

  acknowledge(): void {
    for (const socket of this.sockets) {
      if (socket.durable === socket.received) continue;
      socket.durable = socket.received;
      socket.deliver(encodeJson(ACKNOWLEDGEMENT, { received: socket.received, sequence: 1, at: AT }));
    }
  }

  broadcast(from: FakeSocket, data: Uint8Array<ArrayBuffer>): void {
    for (const socket of this.sockets) if (socket !== from) socket.deliver(data);
  }

  part(socket: FakeSocket, code: number, tell: boolean): void {
    if (socket.readyState === 3) return;
    socket.readyState = 3;
    this.sockets.delete(socket);
    removeAwarenessStates(this.awareness, [...socket.clients], null);
    if (tell) socket.onclose?.(new CloseEvent("close", { code }));
  }

  /** The network goes: every socket closes, and none opens until `online` again. */
  cut(code = 1006): void {
    this.online = false;
    for (const socket of [...this.sockets]) this.part(socket, code, true);
  }
}
