/** A panel that hangs under a button: opens on it, closes on Escape or when the focus leaves. */
export class Popover {
  constructor(
    readonly button: HTMLButtonElement,
    readonly panel: HTMLElement,
    private readonly opened: () => void = () => {},
  ) {
    panel.hidden = true;
    panel.classList.add("popover");
    button.setAttribute("aria-expanded", "false");
    button.addEventListener("click", () => (panel.hidden ? this.open() : this.close()));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.stopPropagation();
      this.close();
      button.focus();
    });
    for (const part of [panel, button]) {
      part.addEventListener("focusout", ({ relatedTarget }) => {
        const inside =
          relatedTarget instanceof Node && (panel.contains(relatedTarget) || button === relatedTarget);
        if (!inside) this.close();
      });
    }
  }

  open(): void {
    this.panel.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.opened();
  }

  close(): void {
    this.panel.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
  }
}

/** Arrow keys, Home and End walk `items()`; one of them at a time is in the tab order. */
export function rove(container: HTMLElement, items: () => HTMLElement[], back: string, forth: string): void {
  container.addEventListener("keydown", (event) => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    if (at < 0) return;
    const to = { [back]: at - 1, [forth]: at + 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all[(to + all.length) % all.length]?.focus();
  });
  container.addEventListener("focusin", ({ target }) => {
    for (const item of items()) item.tabIndex = item === target ? 0 : -1;
  });
}
