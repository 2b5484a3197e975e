// Walking a list with the keyboard, and finding the same line again after Back.

/** The place after one step; from nowhere, a step down enters at the top and a step up at the bottom. */
export function step(count: number, at: number, by: number): number {
  if (count === 0) return -1;
  if (at < 0) return by > 0 ? 0 : count - 1;
  return Math.min(count - 1, Math.max(0, at + by));
}

export class Walk {
  constructor(
    private readonly list: HTMLElement,
    private readonly onMove: (item: HTMLAnchorElement) => void,
  ) {}

  /** Lines that are shown, in order. */
  items(): HTMLAnchorElement[] {
    const all = this.list.querySelectorAll<HTMLAnchorElement>("a[data-item]");
    return [...all].filter((item) => !item.closest("[hidden]"));
  }

  current(): HTMLAnchorElement | null {
    return this.list.querySelector<HTMLAnchorElement>('a[data-item][aria-current="true"]');
  }

  find(id: string): HTMLAnchorElement | null {
    if (!id) return null;
    return this.items().find((item) => item.dataset.item === id) ?? null;
  }

  has(element: Element | null): boolean {
    return element !== null && this.list.contains(element);
  }

  move(by: number): void {
    const items = this.items();
    const from = this.current() ?? (document.activeElement as HTMLAnchorElement | null);
    const next = items[step(items.length, from ? items.indexOf(from) : -1, by)];
    if (next) this.take(next);
  }

  moveTo(end: "first" | "last"): void {
    const item = this.items().at(end === "first" ? 0 : -1);
    if (item) this.take(item);
  }

  /** Select a line, with the focus on it. */
  take(item: HTMLAnchorElement): void {
    this.mark(item);
    item.focus({ preventScroll: true });
    item.scrollIntoView({ block: "nearest" });
    this.onMove(item);
  }

  mark(item: HTMLAnchorElement | null): void {
    for (const other of this.list.querySelectorAll('a[data-item][aria-current="true"]')) {
      if (other !== item) other.removeAttribute("aria-current");
    }
    item?.setAttribute("aria-current", "true");
  }
}
