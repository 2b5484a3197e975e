import { describe, expect, it } from "vitest";
import { commandOf, isTyping, type Press } from "../src/keys";

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrlKey: false,
  altKey: false,
  metaKey: false,
  ...more,
});

describe("what a key means", () => {
  it("walks, opens and helps with single keys", () => {
    const table = [
      ["j", "next"],
      ["k", "previous"],
      ["o", "open"],
      ["/", "search"],
      ["?", "help"],
      ["n", "hit-next"],
      ["N", "hit-previous"],
      ["t", "view"],
      ["p", "print"],
      ["g", "go"],
    ] as const;
    for (const [key, command] of table) expect(commandOf(press(key), false, true)).toBe(command);
  });

  it("leaves every letter to who is typing, but for Escape", () => {
    for (const key of ["j", "k", "/", "?", "n", "Enter"])
      expect(commandOf(press(key), true, true)).toBeNull();
    expect(commandOf(press("Escape"), true, true)).toBe("back");
  });

  it("leaves arrows and Enter to the page outside a list", () => {
    for (const key of ["ArrowDown", "ArrowUp", "Home", "End", "Enter"]) {
      expect(commandOf(press(key), false, false)).toBeNull();
      expect(commandOf(press(key), false, true)).not.toBeNull();
    }
  });

  it("never takes the browser's own shortcuts", () => {
    for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }]) {
      expect(commandOf(press("p", more), false, true)).toBeNull();
    }
  });
});

describe("whether one is typing", () => {
  it("knows fields and the editor from buttons and links", () => {
    document.body.innerHTML = `
      <input id="text"><input id="box" type="checkbox"><textarea id="area"></textarea><select id="menu"></select>
      <a id="link" href="/">x</a><button id="button">x</button>
      <minutier-editor><p id="inside">x</p></minutier-editor><div contenteditable="true"><b id="rich">x</b></div>`;
    const typing = (id: string) => isTyping(document.getElementById(id));
    expect(["text", "area", "menu", "inside", "rich"].map(typing)).toEqual([true, true, true, true, true]);
    expect(["box", "link", "button"].map(typing)).toEqual([false, false, false]);
    expect(isTyping(null)).toBe(false);
  });
});
