/** A published decision, read in the same element: its zones in order, the words sought lit up. */
import { lit, parseMarks } from "./hits.js";

export interface Block {
  zone: string;
  text: string;
  number: number | null;
}

const ZONES: Record<string, string> = {
  introduction: "En-tête",
  expose: "Exposé du litige",
  moyens: "Moyens",
  motivations: "Motivations",
  dispositif: "Dispositif",
  annexes: "Moyens annexés",
};
const FAILED = "Ce texte n’a pas pu être chargé ; rien n’est perdu : rechargez la page ou réessayez.";

export class Reader {
  readonly #page = document.createElement("div");
  readonly #text = document.createElement("div");
  readonly #status = document.createElement("div");
  readonly #count = document.createElement("span");
  readonly #abort = new AbortController();
  readonly #marks: string[][];
  #hits: HTMLElement[] = [];
  #at = -1;

  constructor(
    private readonly src: string,
    marks: string,
    lang: string,
  ) {
    this.#marks = parseMarks(marks);
    this.#page.className = "page";
    this.#text.className = "document reader";
    this.#text.lang = lang;
    this.#text.tabIndex = 0;
    this.#text.setAttribute("role", "document");
    this.#text.setAttribute("aria-label", "Texte de la décision");
    this.#text.setAttribute("aria-busy", "true");
    this.#status.className = "status";
    this.#status.setAttribute("role", "status");
    this.#status.append(this.#count);
    this.#page.append(this.#text);
    this.#text.addEventListener("keydown", this.#walk);
  }

  /** The page and the line under it. */
  get elements(): [HTMLElement, HTMLElement] {
    return [this.#page, this.#status];
  }

  focus(): void {
    this.#text.focus();
  }

  destroy(): void {
    this.#abort.abort();
    for (const element of this.elements) element.remove();
  }

  /** Fetch and draw. A failure is said where the text would stand. */
  async load(): Promise<void> {
    try {
      const response = await fetch(this.src, { signal: this.#abort.signal, credentials: "same-origin" });
      if (!response.ok) throw new Error(String(response.status));
      this.#draw(blocksOf(await response.json()));
    } catch {
      if (this.#abort.signal.aborted) return;
      this.#count.textContent = FAILED;
    }
    this.#text.setAttribute("aria-busy", "false");
  }

  #draw(blocks: readonly Block[]): void {
    let zone = "";
    for (const block of blocks) {
      if (block.zone !== zone) {
        zone = block.zone;
        this.#text.append(zoneTitle(zone));
      }
      this.#text.append(...this.#paragraphs(block));
    }
    this.#hits = [...this.#text.querySelectorAll("mark")];
    this.#say();
  }

  #paragraphs({ text, number }: Block): HTMLElement[] {
    const lines = text.split(/\n+/).filter((line) => line.trim() !== "");
    return lines.map((line, index) => {
      const paragraph = document.createElement("p");
      if (number !== null && index === 0) paragraph.dataset.number = String(number);
      paragraph.append(...lit(line, this.#marks));
      return paragraph;
    });
  }

  #say(): void {
    if (this.#marks.length === 0) {
      this.#count.textContent = "Lecture seule — décision publiée";
      return;
    }
    const total = this.#hits.length;
    const place = this.#at >= 0 ? `${this.#at + 1} sur ${total}` : `${total}`;
    const noun = total > 1 ? "passages trouvés" : "passage trouvé";
    this.#count.textContent =
      total === 0 ? "Aucun de ces mots dans ce texte" : `${place} ${noun} — n : suivant, N : précédent`;
  }

  readonly #walk = (event: KeyboardEvent) => {
    const step = { n: 1, N: -1 }[event.key];
    if (step === undefined || event.ctrlKey || event.altKey || event.metaKey || this.#hits.length === 0)
      return;
    event.preventDefault();
    event.stopPropagation();
    this.#hits[this.#at]?.removeAttribute("aria-current");
    const start = this.#at < 0 && step < 0 ? 0 : this.#at;
    this.#at = (start + step + this.#hits.length) % this.#hits.length;
    const hit = this.#hits[this.#at];
    hit?.setAttribute("aria-current", "true");
    hit?.scrollIntoView({ block: "center" });
    this.#say();
  };
}

function zoneTitle(zone: string): HTMLElement {
  const title = document.createElement("p");
  title.className = "zone";
  title.textContent = ZONES[zone] ?? zone;
  return title;
}

/** What can be read of a JSON answer; anything else in it is passed over. */
export function blocksOf(json: unknown): Block[] {
  const blocks: unknown = (json as { blocks?: unknown } | null)?.blocks;
  if (!Array.isArray(blocks)) throw new TypeError("no blocks");
  return blocks.flatMap((block: unknown) => {
    const { zone, text, number } = (block ?? {}) as Record<string, unknown>;
    if (typeof text !== "string") return [];
    return [
      {
        zone: typeof zone === "string" ? zone : "",
        text,
        number: typeof number === "number" ? number : null,
      },
    ];
  });
}
