import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Pane } from "../src/pane";

const line = (id: string) =>
  document.querySelector<HTMLAnchorElement>(`[data-item=${id}]`) as HTMLAnchorElement;

describe("the reading pane", () => {
  let element: HTMLElement;
  let asked: string[];

  beforeEach(() => {
    document.body.innerHTML = `<a data-item="a" data-preview="/a/apercu" href="/a">A</a>
      <a data-item="b" data-preview="/b/apercu" href="/b">B</a>
      <section></section><div data-toasts></div>`;
    element = document.querySelector("section") as HTMLElement;
    asked = [];
    vi.stubGlobal("fetch", async (address: string) => {
      asked.push(address);
      return new Response(`<article>${address}</article>`);
    });
  });

  afterEach(() => {
    vi.unstubAllGlobals();
    history.replaceState(null, "", "/");
  });

  const status = (pending: number) =>
    element.dispatchEvent(new CustomEvent("minutier-status", { detail: { state: "", pending, at: null } }));

  it("shows a line once, keeps its place in the address, and says what was drawn", async () => {
    const shown: string[] = [];
    const pane = new Pane(element, (root) => shown.push(root.textContent ?? ""));
    await pane.show(line("a"));
    await pane.show(line("a"));
    expect(asked).toEqual(["/a/apercu"]);
    expect(shown).toEqual(["/a/apercu"]);
    expect(location.hash).toBe("#d-a");
  });

  it("says the portal's sentence where a document does not open", async () => {
    vi.stubGlobal("fetch", async () => new Response("<html>", { status: 404 }));
    await new Pane(element, () => undefined).show(line("a"));
    expect(element.querySelector("[role=status]")?.textContent).toMatch(/^Introuvable/);
  });

  it("keeps a draft open while its last words are not saved", async () => {
    const pane = new Pane(element, () => undefined, 20);
    await pane.show(line("a"));
    status(3);
    await pane.show(line("b"));
    expect(asked).toEqual(["/a/apercu"]);
    expect(location.hash).toBe("#d-a");
    expect(document.querySelector(".toast")?.textContent).toMatch(/pas encore enregistrés/);
  });

  it("goes on as soon as they are", async () => {
    const pane = new Pane(element, () => undefined, 5_000);
    await pane.show(line("a"));
    status(1);
    const opening = pane.show(line("b"));
    status(0);
    await opening;
    expect(asked).toEqual(["/a/apercu", "/b/apercu"]);
  });
});
