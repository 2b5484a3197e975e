/** Two people write, apart and together, and undo: they end with the same text, and so does a third who comes late. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as Y from "yjs";
import { keepUndoInPlace, leaveUndoAsItIs } from "../src/undo-place.js";

const WORDS = ["Vu l’article ", "é", "été ", "œu", "« moyen » ", "n"];
const MARKS = [undefined, undefined, { bold: {} }, { italic: {} }, { bold: null }];

function chance(seed: number): (below: number) => number {
  let state = seed * 7919;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    return Math.floor(state / 65536) % below;
  };
}

const body = (doc: Y.Doc) => doc.getXmlFragment("body");
const words = (doc: Y.Doc, at: number) => (body(doc).get(at) as Y.XmlElement).get(0) as Y.XmlText;
const plain = (text: Y.XmlText) =>
  (text.toDelta() as { insert: string }[]).map(({ insert }) => insert).join("");
const content = (doc: Y.Doc) =>
  JSON.stringify(
    body(doc)
      .toArray()
      .map((element) => ((element as Y.XmlElement).get(0) as Y.XmlText).toDelta()),
  );

class Writer {
  readonly doc = new Y.Doc();
  readonly unseen: Uint8Array[] = [];
  private readonly undo = new Y.UndoManager(body(this.doc), { captureTimeout: 0 });

  constructor(id: number) {
    this.doc.clientID = id;
  }

  edit(below: (count: number) => number): void {
    const count = body(this.doc).length;
    const kind = below(8);
    if (kind === 0 || count === 0) {
      const element = new Y.XmlElement("paragraph");
      element.insert(0, [new Y.XmlText(WORDS[below(6)])]);
      body(this.doc).insert(below(count + 1), [element]);
      return;
    }
    const text = words(this.doc, below(count));
    const at = below(plain(text).length + 1);
    if (kind <= 3) text.insert(at, WORDS[below(6)] ?? "", MARKS[below(5)]);
    else if (kind === 4) text.format(0, at, MARKS[2 + below(3)] ?? {});
    else if (kind === 5) text.delete(0, at);
    else if (kind === 6 && count > 1) body(this.doc).delete(below(count), 1);
    else this.undo.undo();
  }

  catchUp(): void {
    for (const update of this.unseen.splice(0)) Y.applyUpdate(this.doc, update, "room");
  }
}

/** Whether the two, and one who reads the whole at the end, hold the same. */
function alike(seed: number): boolean {
  const below = chance(seed);
  const [one, other] = [new Writer(2 * seed + 1), new Writer(2 * seed + 2)];
  one.doc.on("update", (update, origin) => origin !== "room" && other.unseen.push(update));
  other.doc.on("update", (update, origin) => origin !== "room" && one.unseen.push(update));
  for (let step = 0; step < 100; step++) {
    const writer = below(2) ? one : other;
    if (below(27)) writer.edit(below);
    else for (const each of [one, other]) each.catchUp();
  }
  while (one.unseen.length + other.unseen.length) for (const each of [one, other]) each.catchUp();
  const late = new Y.Doc();
  Y.applyUpdate(late, Y.encodeStateAsUpdate(one.doc));
  return content(one.doc) === content(other.doc) && content(one.doc) === content(late);
}

const SEEDS = Array.from({ length: 1000 }, (_, seed) => seed + 1);

describe("undo", () => {
  afterAll(leaveUndoAsItIs);

  it("by Yjs alone parts two texts: the control", () => {
    leaveUndoAsItIs();
    expect(SEEDS.filter((seed) => !alike(seed)).length).toBeGreaterThan(0);
  }, 60_000);

  describe("in place", () => {
    beforeAll(keepUndoInPlace);

    it("leaves everyone with one text", () => {
      expect(SEEDS.filter((seed) => !alike(seed))).toEqual([]);
    }, 60_000);
  });
});
