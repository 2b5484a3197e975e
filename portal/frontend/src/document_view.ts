// One document on a page or in the pane: its views, its lit words, its tools.

import { loadEditor } from "./editor";
import { post, Refused } from "./fetching";
import { Hits } from "./hits";
import { toast } from "./toast";

const VIEWS = ["texte", "deux", "original"] as const;
export type View = (typeof VIEWS)[number];

export class DocumentView {
  private readonly hits: Hits;
  private drawn = false;

  constructor(private readonly element: HTMLElement) {
    this.hits = new Hits(element);
    const views = element.querySelector<HTMLElement>("[data-views]");
    if (views) {
      views.hidden = false;
      for (const button of views.querySelectorAll<HTMLButtonElement>("[data-show]")) {
        button.addEventListener("click", () => this.show(button.dataset.show as View));
      }
    }
    element.querySelector("[data-print]")?.addEventListener("click", () => this.print());
    element
      .querySelector<HTMLAnchorElement>("[data-permanent]")
      ?.addEventListener("click", (event) => this.copy(event));
    loadEditor(element);
    if (element.dataset.textless !== undefined) this.show("original");
  }

  get id(): string {
    return this.element.dataset.document ?? "";
  }

  hit(by: number): void {
    this.hits.step(by);
  }

  print(): void {
    window.print();
  }

  /** The full page of a document shown in the pane. */
  open(): void {
    this.element.querySelector<HTMLAnchorElement>("[data-open]")?.click();
  }

  nextView(): void {
    if (!this.element.dataset.original) return;
    const at = VIEWS.indexOf(this.element.dataset.view as View);
    this.show(VIEWS[(at + 1) % VIEWS.length] ?? "texte");
  }

  show(view: View): void {
    this.element.dataset.view = view;
    for (const button of this.element.querySelectorAll<HTMLElement>("[data-show]")) {
      button.setAttribute("aria-pressed", String(button.dataset.show === view));
    }
    const sheets = this.element.querySelector<HTMLElement>("[data-sheets]");
    if (!sheets) return;
    sheets.hidden = view === "texte";
    if (view !== "texte" && !this.drawn) {
      this.drawn = true;
      void this.draw(sheets);
    }
  }

  private async draw(sheets: HTMLElement): Promise<void> {
    const { original, pages } = this.element.dataset;
    if (!original || !pages) return;
    try {
      const { drawOriginal } = await import("./original");
      await drawOriginal(sheets, original, pages);
    } catch (error) {
      this.drawn = false;
      sheets.textContent =
        error instanceof Refused
          ? error.message
          : "L'original n'a pas pu s'afficher. Téléchargez-le par son lien : il est intact.";
    }
  }

  private copy(event: Event): void {
    const link = event.currentTarget as HTMLAnchorElement;
    if (!navigator.clipboard) return;
    event.preventDefault();
    navigator.clipboard.writeText(link.href).then(
      () => toast("Lien permanent copié."),
      () => location.assign(link.href),
    );
  }
}

/** « Supprimer » without leaving the page where a list stands beside it; undone by the toast. */
export function enhanceDelete(
  root: ParentNode,
  onGone: (id: string) => void,
  onBack: (id: string) => void,
): void {
  for (const form of root.querySelectorAll<HTMLFormElement>("form[data-delete]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const id = form.dataset.delete ?? "";
      const restore = form.action.replace(/suppression$/, "retablissement");
      post(form.action).then(() => {
        onGone(id);
        toast("Le document est retiré, rien n'est perdu.", {
          name: "Annuler",
          run: () => void post(restore).then(() => onBack(id), complain),
        });
      }, complain);
    });
  }
}

function complain(error: unknown): void {
  toast(error instanceof Refused ? error.message : "Cela n'a pas pu se faire. Rien n'est perdu ; réessayez.");
}
