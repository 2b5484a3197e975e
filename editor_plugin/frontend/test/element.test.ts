import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import * as Y from "yjs";
import { MinutierEditor } from "../src/index.js";
import { RoomServer } from "./room-server.js";

const SHORT = 50;

let server: RoomServer;

function mount(attributes: Record<string, string> = {}): MinutierEditor {
  const element = document.createElement("minutier-editor") as MinutierEditor;
  const all = { room: "/editor/rooms/a", root: "body", access: "write", person: "M. Dupré", ...attributes };
  for (const [name, value] of Object.entries(all)) element.setAttribute(name, value);
  document.body.append(element);
  return element;
}

const settle = () => vi.advanceTimersByTimeAsync(SHORT);
const page = (element: Element) => element.querySelector<HTMLElement>(".document");
/** The text without others' carets. */
const text = (element: Element) => {
  const copy = page(element)?.cloneNode(true) as Element;
  for (const caret of copy.querySelectorAll(".presence-caret")) caret.remove();
  return copy.textContent;
};
const words = (element: Element) => element.querySelector(".status-words")?.textContent;

/** Another person's words, straight into the room. */
function write(text: string): void {
  const paragraph = new Y.XmlElement("paragraph");
  paragraph.insert(0, [new Y.XmlText(text)]);
  server.doc.getXmlFragment("body").push([paragraph]);
}

beforeEach(() => {
  vi.useFakeTimers();
  server = new RoomServer();
  vi.stubGlobal("WebSocket", function connect(url: string) {
    return server.connect(url);
  });
});

afterEach(() => {
  document.body.replaceChildren();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe("<minutier-editor>", () => {
  it("is defined by importing the module", () => {
    expect(customElements.get("minutier-editor")).toBe(MinutierEditor);
  });

  it("joins its room over the page's own host and shows the draft", async () => {
    write("La Cour rejette");
    const element = mount();
    await settle();
    expect(server.opened).toEqual([`ws://${location.host}/editor/rooms/a?ack=1`]);
    expect(page(element)?.textContent).toBe("La Cour rejette");
    expect(words(element)).toBe("À jour");
  });

  it("lets nobody type before the draft has come", async () => {
    const element = mount();
    expect(page(element)?.getAttribute("contenteditable")).toBe("false");
    expect(words(element)).toBe("Ouverture du projet…");
    await settle();
    expect(page(element)?.getAttribute("contenteditable")).toBe("true");
  });

  it("writes nothing into a blank draft by opening it", async () => {
    mount();
    await settle();
    expect(server.frames).toHaveLength(0);
    expect(server.doc.getXmlFragment("body").length).toBe(0);
  });

  it("tells the page of its state and of who is present", async () => {
    const told: unknown[] = [];
    const present: string[][] = [];
    document.body.addEventListener("minutier-status", (event) => told.push((event as CustomEvent).detail));
    document.body.addEventListener("minutier-present", (event) =>
      present.push((event as CustomEvent).detail.names),
    );
    mount();
    mount({ person: "Mme Roy" });
    await settle();
    expect(told.at(-1)).toEqual({ state: "saved", pending: 0, at: null });
    expect(present.at(-1)).toEqual(["M. Dupré", "Mme Roy"]);
  });

  it("shows a colleague's words and caret as they come", async () => {
    const one = mount();
    const two = mount({ person: "Mme Roy" });
    await settle();
    write("Faits");
    for (const socket of server.sockets) server.join(socket);
    await settle();
    expect(page(one)?.textContent).toBe("Faits");
    expect(page(two)?.textContent).toBe("Faits");
    expect(one.querySelector(".status-present")?.textContent).toBe("2 présents : M. Dupré (vous), Mme Roy");
  });

  it("gives a reader the text without tools, and the reason", async () => {
    write("Faits");
    const element = mount({ access: "read", reason: "le projet est signé" });
    await settle();
    expect(element.querySelector("[role=toolbar]")).toBeNull();
    expect(page(element)?.getAttribute("contenteditable")).toBe("false");
    expect(words(element)).toBe("Lecture seule — le projet est signé");
  });

  it("keeps refused words aside when one takes the server's document", async () => {
    write("Accepté");
    const element = mount();
    await settle();
    server.refusal = { reason: "invalid", sentence: "Un élément n’est pas permis." };
    element.insert("Refusé ");
    await settle();
    expect(words(element)).toBe("Un élément n’est pas permis.");
    expect(page(element)?.getAttribute("contenteditable")).toBe("false");
    server.refusal = null;
    element.querySelector<HTMLButtonElement>(".status button")?.click();
    await settle();
    expect(page(element)?.textContent).toBe("Accepté");
    expect(element.querySelector<HTMLTextAreaElement>(".set-aside textarea")?.value).toBe("Refusé Accepté");
  });

  it("leaves the room and every timer when it is taken out of the page", async () => {
    const element = mount();
    await settle();
    expect(server.sockets.size).toBe(1);
    element.remove();
    await settle();
    expect(server.sockets.size).toBe(0);
    expect(element.childElementCount).toBe(0);
    server.awareness.destroy();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("joins again when it is put back, and moves when its room changes", async () => {
    const element = mount();
    await settle();
    element.remove();
    document.body.append(element);
    await settle();
    element.setAttribute("room", "/editor/rooms/b");
    await settle();
    expect(server.opened.map((url) => url.replace(/.*rooms/, ""))).toEqual([
      "/a?ack=1",
      "/a?ack=1",
      "/b?ack=1",
    ]);
    expect(server.sockets.size).toBe(1);
  });

  it("leaves the page's own text alone where it has neither room nor source", () => {
    const element = document.createElement("minutier-editor");
    element.setAttribute("access", "read");
    element.append("PAR CES MOTIFS");
    document.body.append(element);
    element.remove();
    expect(element.textContent).toBe("PAR CES MOTIFS");
    expect(server.opened).toHaveLength(0);
  });

  it("asks before the page is left while words are not saved, and only then", async () => {
    const element = mount();
    await settle();
    const leave = () => !window.dispatchEvent(new Event("beforeunload", { cancelable: true }));
    expect(leave()).toBe(false);
    server.acknowledging = false;
    element.insert("x");
    await settle();
    expect(words(element)).toBe("En attente d’envoi (1)");
    expect(leave()).toBe(true);
    server.acknowledge();
    await settle();
    expect(words(element)).toBe("Enregistré 14:02:11");
    expect(leave()).toBe(false);
  });

  it("sets no style attribute on what it draws, except a custom property", async () => {
    write("Faits");
    const element = mount();
    await settle();
    for (const styled of element.querySelectorAll<HTMLElement>("[style]")) {
      expect(styled.getAttribute("style")).toMatch(/^--presence:/);
    }
  });
});

describe("The toolbar", () => {
  const tools = (element: Element) => [...element.querySelectorAll<HTMLButtonElement>(".tool")];

  it("has a name, a key and one stop for Tab", async () => {
    const element = mount();
    await settle();
    expect(element.querySelector("[role=toolbar]")?.getAttribute("aria-label")).toBe("Mise en forme");
    expect(tools(element).filter((tool) => tool.tabIndex === 0)).toHaveLength(1);
    expect(element.querySelector<HTMLElement>("[data-action=bold]")?.title).toBe("Gras (Ctrl+B)");
    for (const tool of tools(element)) expect(tool.getAttribute("aria-label")).toBeTruthy();
  });

  it("is walked with the arrows, Home and End", async () => {
    const element = mount();
    await settle();
    const all = tools(element);
    const key = (name: string) =>
      document.activeElement?.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
    all[0]?.focus();
    key("ArrowRight");
    expect(document.activeElement).toBe(all[1]);
    key("End");
    expect(document.activeElement).toBe(all.at(-1));
    key("ArrowRight");
    expect(document.activeElement).toBe(all[0]);
    key("ArrowLeft");
    key("Home");
    expect(document.activeElement).toBe(all[0]);
  });

  it("says which tools hold at the caret", async () => {
    const element = mount();
    await settle();
    const bold = element.querySelector<HTMLButtonElement>("[data-action=bold]");
    expect(bold?.getAttribute("aria-pressed")).toBe("false");
    bold?.click();
    await settle();
    expect(bold?.getAttribute("aria-pressed")).toBe("true");
  });

  it("undoes one's own words and not a colleague's", async () => {
    const one = mount();
    const two = mount({ person: "Mme Roy" });
    await settle();
    one.insert("mien ");
    await settle();
    two.insert("tien ");
    await settle();
    expect(text(one)).toContain("tien ");
    one.querySelector<HTMLButtonElement>("[data-action=undo]")?.click();
    await settle();
    expect([text(one), text(two)]).toEqual(["tien ", "tien "]);
  });

  it("opens its list of keys without a dialog and closes it with Escape", async () => {
    const element = mount();
    await settle();
    const help = element.querySelector<HTMLButtonElement>("[data-action=help]");
    const keys = element.querySelector<HTMLElement>(".keys");
    help?.click();
    expect(keys?.hidden).toBe(false);
    expect(help?.getAttribute("aria-expanded")).toBe("true");
    keys?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect(keys?.hidden).toBe(true);
    expect(document.activeElement).toBe(help);
  });

  it("offers a table's tools only inside a table", async () => {
    const element = mount();
    await settle();
    const item = (label: string) =>
      [...element.querySelectorAll("[role=menuitem]")].find(({ textContent }) => textContent === label);
    expect(item("Ajouter une ligne dessous")?.getAttribute("aria-disabled")).toBe("true");
    (item("Insérer un tableau") as HTMLElement).click();
    await settle();
    expect(page(element)?.querySelectorAll("tr")).toHaveLength(3);
    (item("Ajouter une ligne dessous") as HTMLElement).click();
    await settle();
    expect(page(element)?.querySelectorAll("tr")).toHaveLength(4);
  });
});
