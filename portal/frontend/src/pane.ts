// The reading pane: a line of the list opens beside it, and its place is kept in the address.

import { getPage, Refused } from "./fetching";
import { toast } from "./toast";
import { parseOwn } from "./trusted";

const WAIT = 200;
const SETTLE = 4_000;
const HELD =
  "Vos derniers mots ne sont pas encore enregistrés : le projet reste ouvert. Réessayez dans un instant.";
const MARK = "#d-";

/** The line named in an address's fragment. */
export function lineOf(hash: string): string {
  return hash.startsWith(MARK) ? decodeURIComponent(hash.slice(MARK.length)) : "";
}

export class Pane {
  private asked: AbortController | null = null;
  private timer = 0;
  private shown = "";
  private pending = 0;

  constructor(
    private readonly element: HTMLElement,
    private readonly onShown: (root: HTMLElement) => void,
    private readonly settle = SETTLE,
  ) {
    element.addEventListener("minutier-status", (event) => {
      this.pending = (event as CustomEvent<{ pending: number }>).detail.pending;
    });
  }

  /** False in a narrow window, where a line opens as a page of its own. */
  get visible(): boolean {
    return getComputedStyle(this.element).display !== "none";
  }

  /** Show soon: a line that is only walked past is never asked for. */
  showSoon(item: HTMLAnchorElement): void {
    window.clearTimeout(this.timer);
    this.timer = window.setTimeout(() => void this.show(item), 160);
  }

  async show(item: HTMLAnchorElement): Promise<void> {
    window.clearTimeout(this.timer);
    const address = item.dataset.preview;
    if (address && this.shown === address) return;
    if (!(await this.saved())) {
      toast(HELD);
      return;
    }
    if (!address) {
      this.keep(item);
      this.say("Cette ligne s'ouvre en pleine page (touche o).");
      this.shown = "";
      return;
    }
    this.asked?.abort();
    this.keep(item);
    const asked = new AbortController();
    this.asked = asked;
    this.element.setAttribute("aria-busy", "true");
    this.element.inert = true; // nothing is typed into what is about to go
    const slow = window.setTimeout(() => this.say("Ouverture du document…"), WAIT);
    try {
      const html = await getPage(address, asked.signal);
      this.element.replaceChildren(parseOwn(html));
      this.element.scrollTop = 0;
      this.shown = address;
      this.pending = 0;
      this.onShown(this.element);
    } catch (error) {
      if (asked.signal.aborted) return;
      this.shown = "";
      this.say(
        error instanceof Refused
          ? error.message
          : "Ce document n'a pas pu s'ouvrir. Rien n'est perdu ; réessayez.",
      );
    } finally {
      window.clearTimeout(slow);
      if (this.asked === asked) {
        this.element.removeAttribute("aria-busy");
        this.element.inert = false;
      }
    }
  }

  /** Back returns to this line. */
  private keep(item: HTMLAnchorElement): void {
    history.replaceState(history.state, "", MARK + encodeURIComponent(item.dataset.item ?? ""));
  }

  /** True once the editor in the pane has nothing left to save; false where it still has after a while. */
  private saved(): Promise<boolean> {
    if (this.pending === 0) return Promise.resolve(true);
    return new Promise((resolve) => {
      const check = () => {
        if (this.pending === 0) finish();
      };
      const finish = () => {
        window.clearTimeout(late);
        this.element.removeEventListener("minutier-status", check);
        resolve(this.pending === 0);
      };
      const late = window.setTimeout(finish, this.settle);
      this.element.addEventListener("minutier-status", check);
    });
  }

  focus(): void {
    this.element.focus();
  }

  say(sentence: string): void {
    const line = document.createElement("p");
    line.className = "pane-wait";
    line.setAttribute("role", "status");
    line.textContent = sentence;
    this.element.replaceChildren(line);
  }
}
