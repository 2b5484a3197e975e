// A Yjs client, with undo kept in place as in our editor, driven by lines of JSON on stdin: the real library against the room.
import { createInterface } from "node:readline";
import * as decoding from "lib0/decoding";
import * as encoding from "lib0/encoding";
import WebSocket from "ws";
import * as sync from "y-protocols/sync";
import * as Y from "yjs";
import { keepUndoInPlace } from "../../editor_plugin/frontend/src/undo-place.js";

keepUndoInPlace();

const [, , url, member] = process.argv;
const doc = new Y.Doc();
const body = doc.getXmlFragment("body");
const undo = new Y.UndoManager(body);
let socket;

function send(write) {
  const encoder = encoding.createEncoder();
  encoding.writeVarUint(encoder, 0);
  write(encoder);
  if (socket?.readyState === WebSocket.OPEN) socket.send(encoding.toUint8Array(encoder));
}

doc.on("update", (update, origin) => {
  if (origin !== socket) send((encoder) => sync.writeUpdate(encoder, update));
});

const say = (message) => process.stdout.write(`${JSON.stringify(message)}\n`);

function connect() {
  socket = new WebSocket(url, { headers: { authorization: `Bearer ${member}` } });
  socket.binaryType = "arraybuffer";
  socket.onopen = () => send((encoder) => sync.writeSyncStep1(encoder, doc));
  socket.onmessage = ({ data }) => {
    const decoder = decoding.createDecoder(new Uint8Array(data));
    if (decoding.readVarUint(decoder) !== 0) return;
    const encoder = encoding.createEncoder();
    encoding.writeVarUint(encoder, 0);
    const kind = sync.readSyncMessage(decoder, encoder, doc, socket);
    if (encoding.length(encoder) > 1) socket.send(encoding.toUint8Array(encoder));
    if (kind === sync.messageYjsSyncStep2) say({ synced: true });
  };
  socket.onclose = () => say({ closed: true });
}

const text = (at) => (body.length ? body.get(at % body.length).get(0) : undefined);

/** An index between two characters: Yjs cuts surrogate pairs, no editor does. */
function between(words, index) {
  const plain = words.toDelta().map(({ insert }) => insert).join("");
  const at = index % (plain.length + 1);
  const code = plain.charCodeAt(at);
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at;
}
const commands = {
  connect,
  disconnect: () => socket.close(),
  paragraph: ({ at, value }) => {
    const element = new Y.XmlElement("paragraph");
    element.insert(0, [new Y.XmlText(value)]);
    body.insert(at % (body.length + 1), [element]);
  },
  insert: ({ at, index, value, marks }) => {
    const words = text(at);
    words?.insert(between(words, index), value, marks);
  },
  format: ({ at, index, marks }) => {
    const words = text(at);
    if (words) words.format(0, between(words, index), marks);
  },
  erase: ({ at, index }) => {
    const words = text(at);
    if (words) words.delete(0, between(words, index));
  },
  remove: ({ at }) => body.length > 1 && body.delete(at % body.length, 1),
  undo: () => undo.undo(),
  state: () =>
    say({
      text: body.toArray().map((element) => element.toArray().map((words) => words.toDelta?.() ?? [])),
      vector: Object.fromEntries(Y.decodeStateVector(Y.encodeStateVector(doc))),
      pending: doc.store.pendingStructs !== null,
    }),
};

createInterface({ input: process.stdin }).on("line", (line) => {
  const command = JSON.parse(line);
  commands[command.do](command);
  if (command.do !== "state") say({ done: command.do });
});
