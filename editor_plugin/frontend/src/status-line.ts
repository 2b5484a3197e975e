/** One line, always in the same place: the state of one's words, who is here, what went wrong. */
import { presentSentence, type Status, type StatusState } from "./status.js";

/** Said aloud; a screen reader is not told of each word that is saved. */
const SPOKEN: ReadonlySet<StatusState> = new Set(["offline", "readonly", "refused"]);

export class StatusLine {
  readonly element = document.createElement("div");
  readonly #words = document.createElement("span");
  readonly #present = document.createElement("span");
  readonly #resync = document.createElement("button");
  readonly #live = document.createElement("span");
  #spoken: StatusState | null = null;

  constructor(resync: () => void) {
    this.element.className = "status";
    this.#words.className = "status-words";
    this.#present.className = "status-present";
    this.#live.className = "visually-hidden";
    this.#live.setAttribute("role", "status");
    this.#live.setAttribute("aria-live", "polite");
    this.#resync.type = "button";
    this.#resync.textContent = "Resynchroniser";
    this.#resync.hidden = true;
    this.#resync.addEventListener("click", resync);
    this.element.append(this.#words, this.#resync, this.#present, this.#live);
  }

  show({ state, sentence }: Status): void {
    this.element.dataset.state = state;
    if (this.#words.textContent !== sentence) this.#words.textContent = sentence;
    this.#resync.hidden = state !== "refused";
    this.#speak(state, sentence);
  }

  /** Names of everyone present; `self` is the reader's own. */
  present(names: readonly string[], self: string): void {
    const sentence = presentSentence(names, self);
    this.#present.textContent = sentence;
    this.#present.title = sentence;
  }

  #speak(state: StatusState, sentence: string): void {
    const back = state === "saved" && this.#spoken !== null && this.#spoken !== "saved";
    if (!SPOKEN.has(state) && !back) return;
    if (this.#spoken === state) return;
    this.#spoken = state;
    this.#live.textContent = back ? `De nouveau en ligne. ${sentence}` : sentence;
  }
}
