import { beforeEach, describe, expect, it } from "vitest";
import { listShortcuts, press, shortcuts } from "../src/shortcuts";

describe("the page's own keys", () => {
  let pressed: string[];

  beforeEach(() => {
    document.body.innerHTML = `
      <button id="a" data-shortcut="l" data-does="copier le lien">Lien</button>
      <button id="b" data-shortcut="l" data-does="un autre lien">Autre</button>
      <span hidden><button id="c" data-shortcut="x" data-does="supprimer">Supprimer</button></span>
      <input id="f" data-shortcut="f" data-does="filtrer">
      <details><summary data-shortcut="i" data-does="inviter">Inviter</summary><form><input id="who"></form></details>
      <dl><div data-here hidden><dt><kbd></kbd></dt><dd></dd></div></dl>`;
    pressed = [];
    for (const button of document.querySelectorAll("button")) {
      button.addEventListener("click", () => pressed.push(button.id));
    }
  });

  it("do what stands on the page, the first of each key, and nothing that is hidden", () => {
    expect(press("l")).toBe(true);
    expect(press("x")).toBe(false);
    expect(press("q")).toBe(false);
    expect(pressed).toEqual(["a"]);
  });

  it("put the focus where one types next", () => {
    press("f");
    expect(document.activeElement?.id).toBe("f");
    press("i");
    expect(document.activeElement?.id).toBe("who");
  });

  it("are listed once each, however often one asks", () => {
    listShortcuts();
    listShortcuts();
    const lines = [...document.querySelectorAll("[data-here-now]")].map((line) => line.textContent);
    expect(lines).toEqual(["lcopier le lien", "ffiltrer", "iinviter"]);
    expect([...shortcuts().keys()]).toEqual(["l", "f", "i"]);
  });
});
