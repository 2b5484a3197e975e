import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { LONGEST_DELAY } from "../src/connection.js";
import { Provider, type ProviderState, WINDOW } from "../src/provider.js";
import { AT, RoomServer } from "./room-server.js";

const open: Provider[] = [];

function join(server: RoomServer, writable = true) {
  const states: ProviderState[] = [];
  const doc = new Y.Doc();
  const provider = new Provider(doc, {
    url: "ws://court.example/rooms/a",
    writable,
    onChange: (state) => states.push(state),
    connect: server.connect,
  });
  open.push(provider);
  provider.start();
  return { doc, text: doc.getText("body"), provider, states };
}

const settle = () => vi.advanceTimersByTimeAsync(1);

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  for (const provider of open.splice(0)) provider.destroy();
  vi.useRealTimers();
});

describe("Provider", () => {
  it("asks for acknowledgements in the room's address", async () => {
    const server = new RoomServer();
    join(server);
    await settle();
    expect(server.opened).toEqual(["ws://court.example/rooms/a?ack=1"]);
  });

  it("brings two people's words together", async () => {
    const server = new RoomServer();
    const one = join(server);
    const two = join(server);
    await settle();
    one.text.insert(0, "La Cour rejette");
    await settle();
    two.text.insert(two.text.length, " le pourvoi");
    await settle();
    expect(one.text.toString()).toBe("La Cour rejette le pourvoi");
    expect(two.text.toString()).toBe(one.text.toString());
    expect(server.doc.getText("body").toString()).toBe(one.text.toString());
  });

  it("counts an update as pending until it is acknowledged, and keeps the time of that", async () => {
    const server = new RoomServer();
    server.acknowledging = false;
    const { text, provider } = join(server);
    await settle();
    text.insert(0, "a");
    text.insert(1, "b");
    await settle();
    expect(provider.state).toMatchObject({ pending: 2, savedAt: null });
    server.acknowledge();
    await settle();
    expect(provider.state).toMatchObject({ pending: 0, savedAt: AT });
  });

  it("does not count the words of others", async () => {
    const server = new RoomServer();
    const one = join(server);
    const two = join(server);
    await settle();
    one.text.insert(0, "a");
    await settle();
    expect(two.provider.state).toMatchObject({ pending: 0, savedAt: null });
  });

  it("keeps what is written offline and sends it once, when the line is back", async () => {
    const server = new RoomServer();
    const { text, provider } = join(server);
    await settle();
    text.insert(0, "avant ");
    await settle();
    server.cut();
    text.insert(6, "pendant");
    expect(provider.state).toMatchObject({ phase: "offline", pending: 1 });
    server.online = true;
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(provider.state).toMatchObject({ phase: "online", pending: 0 });
    expect(server.doc.getText("body").toString()).toBe("avant pendant");
    expect(server.frames).toHaveLength(2);
  });

  it("sends again what was sent and never acknowledged", async () => {
    const server = new RoomServer();
    server.acknowledging = false;
    const { text, provider } = join(server);
    await settle();
    text.insert(0, "perdu ?");
    await settle();
    const lost = new RoomServer();
    server.cut();
    Object.assign(server, { doc: lost.doc, online: true, acknowledging: true });
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(lost.doc.getText("body").toString()).toBe("perdu ?");
    expect(provider.state.pending).toBe(0);
  });

  it("sends a deletion made offline although the state vectors agree", async () => {
    const server = new RoomServer();
    const { text } = join(server);
    await settle();
    text.insert(0, "abc");
    await settle();
    server.cut();
    text.delete(0, 1);
    server.online = true;
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(server.doc.getText("body").toString()).toBe("bc");
  });

  it("owes nothing and sends nothing when it comes back with no new words", async () => {
    const server = new RoomServer();
    const { text } = join(server);
    await settle();
    text.insert(0, "a");
    await settle();
    server.cut();
    server.online = true;
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(server.frames).toHaveLength(1);
  });

  it("comes back by itself, waiting longer each time but never more than the ceiling", async () => {
    const server = new RoomServer();
    join(server);
    await settle();
    server.cut();
    await vi.advanceTimersByTimeAsync(600_000);
    const tries = server.opened.length;
    expect(tries).toBeGreaterThan(600_000 / LONGEST_DELAY);
    expect(tries).toBeLessThan(60);
    server.online = true;
    await vi.advanceTimersByTimeAsync(LONGEST_DELAY + 1);
    expect(server.sockets.size).toBe(1);
  });

  it("notices a socket that is open and silent", async () => {
    const server = new RoomServer();
    const { provider } = join(server);
    await settle();
    server.take = () => {};
    await vi.advanceTimersByTimeAsync(36_000);
    expect(server.opened.length).toBeGreaterThan(1);
    expect(provider.state.synced).toBe(true);
  });

  it("keeps a bounded number of frames in flight and merges the rest", async () => {
    const server = new RoomServer();
    server.acknowledging = false;
    const { text, provider } = join(server);
    await settle();
    for (let count = 0; count < 500; count += 1) text.insert(count, "x");
    await settle();
    expect(server.frames).toHaveLength(WINDOW);
    expect(provider.state.pending).toBe(500);
    server.acknowledging = true;
    server.acknowledge();
    await settle();
    expect(provider.state.pending).toBe(0);
    expect(server.frames).toHaveLength(WINDOW + 1);
    expect(server.doc.getText("body").length).toBe(500);
  });

  it("stops and says the server's sentence when an update is refused", async () => {
    const server = new RoomServer();
    const { text, provider } = join(server);
    await settle();
    server.refusal = { reason: "invalid", sentence: "Ce texte contient un élément inconnu." };
    text.insert(0, "x");
    await settle();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(provider.state).toMatchObject({
      phase: "refused",
      sentence: "Ce texte contient un élément inconnu.",
      pending: 1,
    });
    expect(server.opened).toHaveLength(1);
    expect(text.toString()).toBe("x");
  });

  it("waits and tries again when the server could not write", async () => {
    const server = new RoomServer();
    const { text, provider } = join(server);
    await settle();
    server.refusal = { reason: "unavailable", sentence: "Le disque est plein ; vos mots sont gardés ici." };
    text.insert(0, "x");
    await settle();
    expect(provider.state).toMatchObject({ phase: "offline", pending: 1 });
    expect(provider.state.sentence).toContain("disque");
    server.refusal = null;
    await vi.advanceTimersByTimeAsync(5_000);
    expect(provider.state).toMatchObject({ phase: "online", pending: 0, sentence: "" });
    expect(server.doc.getText("body").toString()).toBe("x");
  });

  it("does not come back when the server ends one's access", async () => {
    const server = new RoomServer();
    const { provider } = join(server);
    await settle();
    server.cut(4403);
    server.online = true;
    await vi.advanceTimersByTimeAsync(120_000);
    expect(provider.state.phase).toBe("closed");
    expect(server.opened).toHaveLength(1);
  });

  it("sends no update for a reader, whatever happens to the document", async () => {
    const server = new RoomServer();
    const { text } = join(server, false);
    await settle();
    text.insert(0, "x");
    await settle();
    expect(server.frames).toHaveLength(0);
  });

  it("obeys the access that the server states", async () => {
    const server = new RoomServer();
    server.access = "read";
    const { text, provider } = join(server);
    await settle();
    text.insert(0, "x");
    await settle();
    expect(provider.state.access).toBe("read");
    expect(server.frames).toHaveLength(0);
  });

  it("writes and is present under the client id that the room leases", async () => {
    const server = new RoomServer();
    Object.assign(server, { access: "write", leases: [41, 42] });
    const one = join(server);
    const two = join(server);
    one.provider.awareness.setLocalStateField("user", { name: "M. Dupré" });
    two.provider.awareness.setLocalStateField("user", { name: "Mme Roy" });
    await settle();
    one.text.insert(0, "x");
    await settle();
    expect([one.doc.clientID, two.doc.clientID]).toEqual([41, 42]);
    expect([...server.doc.store.clients.keys()]).toEqual([41]);
    expect([...one.provider.awareness.getStates().keys()].sort()).toEqual([41, 42]);
    expect([...two.provider.awareness.getStates().keys()].sort()).toEqual([41, 42]);
  });

  it("keeps its client id once it has written, whatever a later connection leases", async () => {
    const server = new RoomServer();
    Object.assign(server, { access: "write", leases: [41, 43] });
    const { doc, text } = join(server);
    await settle();
    text.insert(0, "x");
    await settle();
    server.cut();
    server.online = true;
    window.dispatchEvent(new Event("online"));
    await settle();
    expect(doc.clientID).toBe(41);
  });

  it("says that what is too big for the room stays here", async () => {
    const server = new RoomServer();
    const { provider } = join(server);
    await settle();
    server.cut(1009);
    expect(provider.state.phase).toBe("refused");
    expect(provider.state.sentence).toContain("gardé ici");
  });

  it("shows who is present, and forgets those who leave", async () => {
    const server = new RoomServer();
    const one = join(server);
    const two = join(server);
    one.provider.awareness.setLocalStateField("user", { name: "M. Dupré" });
    two.provider.awareness.setLocalStateField("user", { name: "Mme Roy" });
    await settle();
    const seen = () => [...one.provider.awareness.getStates().values()].map(({ user }) => user?.name).sort();
    expect(seen()).toEqual(["M. Dupré", "Mme Roy"]);
    two.provider.destroy();
    await settle();
    expect(seen()).toEqual(["M. Dupré"]);
  });

  it("tells a newcomer who was there before", async () => {
    const server = new RoomServer();
    const one = join(server);
    one.provider.awareness.setLocalStateField("user", { name: "M. Dupré" });
    await settle();
    const two = join(server);
    await settle();
    expect(two.provider.awareness.getStates().get(one.doc.clientID)?.user).toEqual({ name: "M. Dupré" });
  });

  it("drops others from view while offline", async () => {
    const server = new RoomServer();
    const one = join(server);
    const two = join(server);
    two.provider.awareness.setLocalStateField("user", { name: "Mme Roy" });
    await settle();
    server.cut();
    expect(one.provider.awareness.getStates().has(two.doc.clientID)).toBe(false);
  });

  it("starts the connection again on a frame that it cannot read", async () => {
    const server = new RoomServer();
    join(server);
    await settle();
    for (const socket of server.sockets) socket.deliver(new Uint8Array([0, 2, 250]));
    await vi.advanceTimersByTimeAsync(2_000);
    expect(server.opened).toHaveLength(2);
  });

  it("leaves no timer behind", async () => {
    const server = new RoomServer();
    const { provider, doc } = join(server);
    await settle();
    provider.destroy();
    doc.destroy();
    server.awareness.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });
});
