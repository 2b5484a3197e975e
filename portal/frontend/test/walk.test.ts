import { beforeEach, describe, expect, it } from "vitest";
import { around, Hits } from "../src/hits";
import { lineOf } from "../src/pane";
import { step, Walk } from "../src/walk";

describe("one step in a list", () => {
  it("enters at the near end, stops at both ends, and stays out of an empty list", () => {
    expect(step(3, -1, 1)).toBe(0);
    expect(step(3, -1, -1)).toBe(2);
    expect(step(3, 2, 1)).toBe(2);
    expect(step(3, 0, -1)).toBe(0);
    expect(step(0, -1, 1)).toBe(-1);
  });
});

describe("walking a list", () => {
  let list: HTMLElement;
  let moves: string[];
  let walk: Walk;

  beforeEach(() => {
    document.body.innerHTML = `<ul id="list">
      <li><a data-item="a" href="/a">A</a></li><li hidden><a data-item="b" href="/b">B</a></li>
      <li><a data-item="c" href="/c">C</a></li></ul>`;
    list = document.getElementById("list") as HTMLElement;
    Element.prototype.scrollIntoView = () => undefined;
    moves = [];
    walk = new Walk(list, (item) => moves.push(item.dataset.item ?? ""));
  });

  it("selects one line at a time, with the focus on it, passing over hidden ones", () => {
    walk.move(1);
    walk.move(1);
    expect(moves).toEqual(["a", "c"]);
    expect(list.querySelectorAll('[aria-current="true"]')).toHaveLength(1);
    expect(document.activeElement).toBe(walk.current());
    walk.moveTo("first");
    expect(walk.current()?.dataset.item).toBe("a");
  });

  it("finds the line that an address names, and none for an address that names none", () => {
    expect(walk.find(lineOf("#d-c"))?.dataset.item).toBe("c");
    expect(walk.find(lineOf("#contenu"))).toBeNull();
    expect(walk.find(lineOf(""))).toBeNull();
    expect(lineOf("#d-dossier%3Aabc")).toBe("dossier:abc");
  });
});

describe("walking the lit words", () => {
  it("goes round in both directions", () => {
    expect(around(3, -1, 1)).toBe(0);
    expect(around(3, 2, 1)).toBe(0);
    expect(around(3, 0, -1)).toBe(2);
    expect(around(3, -1, -1)).toBe(2);
    expect(around(0, -1, 1)).toBe(-1);
  });

  it("shows which one of how many, in the text or on the pages", () => {
    document.body.innerHTML = `<article data-view="texte"><span data-hit-count></span>
      <button data-hit="1">›</button><div class="text"><mark>a</mark><mark>b</mark></div>
      <span class="spot" data-first></span><span class="spot"></span></article>`;
    const root = document.querySelector("article") as HTMLElement;
    const hits = new Hits(root);
    (root.querySelector("button") as HTMLElement).click();
    hits.step(1);
    expect(root.querySelector("[data-hit-count]")?.textContent).toBe("2 / 2");
    expect(root.querySelector("[data-now]")?.textContent).toBe("b");
    root.dataset.view = "original";
    hits.step(1);
    expect(root.querySelector("[data-hit-count]")?.textContent).toBe("1 / 1");
    expect(root.querySelectorAll("[data-now]")).toHaveLength(1);
  });
});
