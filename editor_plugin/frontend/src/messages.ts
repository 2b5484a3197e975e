/**
 * The wire: y-websocket's messages, and the three that a room adds when asked by `?ack=1`.
 *
 * A frame is a varuint kind and its body. 0 sync (y-protocols/sync), 1 awareness, 3 query awareness,
 * 100 acknowledgement, 101 refusal, 102 welcome; the last three carry one JSON string.
 */
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";

export const SYNC = 0;
export const AWARENESS = 1;
export const QUERY_AWARENESS = 3;
export const ACKNOWLEDGEMENT = 100;
export const REFUSAL = 101;
export const WELCOME = 102;

export const STEP_1 = 0;
export const STEP_2 = 1;
export const UPDATE = 2;

/** `received` counts this connection's step-2 and update frames that are now on disk, in order. */
export interface Acknowledgement {
  received: number;
  sequence: number;
  /** When it became durable, ISO 8601 with its offset. */
  at: string;
}

/** The frame number `received` was refused; `sentence` is French and meant for the screen. */
export interface Refusal {
  reason: string;
  sentence: string;
  received: number | null;
}

/** What this connection may do, and the Yjs client id leased to this page load. */
export interface Welcome {
  access: string | null;
  client: number | null;
}

export type Message =
  | { kind: "step1"; vector: Uint8Array }
  | { kind: "update"; step2: boolean; update: Uint8Array }
  | { kind: "awareness"; update: Uint8Array }
  | { kind: "query" }
  | ({ kind: "acknowledgement" } & Acknowledgement)
  | ({ kind: "refusal" } & Refusal)
  | ({ kind: "welcome" } & Welcome)
  | { kind: "unknown" };

function frame(kind: number, write: (encoder: encoding.Encoder) => void): Uint8Array<ArrayBuffer> {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, kind);
  write(encoder);
  return encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>;
}

export function encodeSync(step: typeof STEP_1 | typeof STEP_2 | typeof UPDATE, body: Uint8Array) {
  return frame(SYNC, (encoder) => {
    encoding.writeVarUint(encoder, step);
    encoding.writeVarUint8Array(encoder, body);
  });
}

export function encodeAwareness(update: Uint8Array) {
  return frame(AWARENESS, (encoder) => encoding.writeVarUint8Array(encoder, update));
}

export function encodeQueryAwareness() {
  return frame(QUERY_AWARENESS, () => {});
}

export function encodeJson(kind: number, body: object) {
  return frame(kind, (encoder) => encoding.writeVarString(encoder, JSON.stringify(body)));
}

function readSync(decoder: decoding.Decoder): Message {
  const step = decoding.readVarUint(decoder);
  const body = decoding.readVarUint8Array(decoder);
  if (step === STEP_1) return { kind: "step1", vector: body };
  if (step === STEP_2 || step === UPDATE) return { kind: "update", step2: step === STEP_2, update: body };
  return { kind: "unknown" };
}

function readJson(decoder: decoding.Decoder): Record<string, unknown> {
  const value: unknown = JSON.parse(decoding.readVarString(decoder));
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

const text = (value: unknown) => (typeof value === "string" ? value : "");
const whole = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : null);

/** Raises on a frame that is cut short; unknown kinds are for later versions and are passed over. */
export function decode(data: Uint8Array): Message {
  const decoder = decoding.createDecoder(data);
  const kind = decoding.readVarUint(decoder);
  if (kind === SYNC) return readSync(decoder);
  if (kind === AWARENESS) return { kind: "awareness", update: decoding.readVarUint8Array(decoder) };
  if (kind === QUERY_AWARENESS) return { kind: "query" };
  if (kind === ACKNOWLEDGEMENT) {
    const body = readJson(decoder);
    return {
      kind: "acknowledgement",
      received: whole(body.received) ?? 0,
      sequence: whole(body.sequence) ?? 0,
      at: text(body.at),
    };
  }
  if (kind === REFUSAL) {
    const body = readJson(decoder);
    return {
      kind: "refusal",
      reason: text(body.reason),
      sentence: text(body.sentence),
      received: whole(body.received),
    };
  }
  if (kind === WELCOME) {
    const body = readJson(decoder);
    return { kind: "welcome", access: text(body.access) || null, client: whole(body.client) };
  }
  return { kind: "unknown" };
}
