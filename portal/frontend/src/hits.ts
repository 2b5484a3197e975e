// Walking the lit words of a document (n, N), in its text and on its pages.

/** The next place among `count`, round and round; -1 where there is none. */
export function around(count: number, at: number, by: number): number {
  return count === 0 ? -1 : ((((at < 0 && by < 0 ? 0 : at) + by) % count) + count) % count;
}

export class Hits {
  private at = -1;
  private readonly counter: HTMLElement | null;

  constructor(private readonly root: HTMLElement) {
    this.counter = root.querySelector("[data-hit-count]");
    for (const button of root.querySelectorAll<HTMLElement>("[data-hit]")) {
      button.addEventListener("click", () => this.step(Number(button.dataset.hit)));
    }
  }

  step(by: number): void {
    const places = this.places();
    this.at = around(places.length, this.at, by);
    for (const other of this.root.querySelectorAll("[data-now]")) other.removeAttribute("data-now");
    const place = places[this.at];
    if (!place) return;
    place.setAttribute("data-now", "");
    place.scrollIntoView({ block: "center" });
    if (this.counter) this.counter.textContent = `${this.at + 1} / ${places.length}`;
  }

  /** Words of the text where it shows, else spots on the pages. */
  private places(): HTMLElement[] {
    const original = this.root.dataset.view === "original";
    return [...this.root.querySelectorAll<HTMLElement>(original ? ".spot[data-first]" : ".text mark")];
  }
}
