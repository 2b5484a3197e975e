/** What the status line says of one's words: one state, one sentence, never more than is known. */
import type { ProviderState } from "./provider.js";

export type StatusState = "opening" | "saved" | "pending" | "offline" | "readonly" | "refused";

export interface Status {
  state: StatusState;
  sentence: string;
  pending: number;
  /** When the last own words became durable, ISO 8601, or null. */
  at: string | null;
}

const NO_WRITE = "vous pouvez lire ce projet, non le modifier";
const NO_MORE_ACCESS = "votre accès à ce projet a pris fin ; demandez-le à son auteur";
const REFUSED =
  "Vos dernières modifications n’ont pas été acceptées ; elles sont gardées ici : copiez-les ou resynchronisez.";

/** `14:02:11`, in the reader's time zone. */
export function clock(at: string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** The status of a joined draft. `reason` says why one may only read, or is empty. */
export function statusOf(provider: ProviderState, writable: boolean, reason = ""): Status {
  const { phase, pending, savedAt: at, synced, sentence } = provider;
  const say = (state: StatusState, words: string): Status => ({ state, sentence: words, pending, at });
  if (phase === "refused") return say("refused", sentence || REFUSED);
  if (phase === "closed") return say("readonly", `Lecture seule — ${sentence || NO_MORE_ACCESS}`);
  if (phase === "offline") return say("offline", offline(pending, sentence, writable));
  if (!synced) return say("opening", "Ouverture du projet…");
  if (!writable) return say("readonly", `Lecture seule — ${reason || NO_WRITE}`);
  if (pending > 0) return say("pending", `En attente d’envoi (${pending})`);
  return say("saved", at ? `Enregistré ${clock(at)}` : "À jour");
}

function offline(pending: number, sentence: string, writable: boolean): string {
  if (sentence) return sentence;
  if (!writable) return "Hors ligne — la connexion reprendra d’elle-même";
  return `Hors ligne — vos mots sont gardés ici${pending > 0 ? ` (${pending} en attente d’envoi)` : ""}`;
}

/** `3 présents : M. Dupré (vous), Mme Roy, M. Petit`; each person once, oneself first. */
export function presentSentence(names: readonly string[], self: string): string {
  const everyone = [...new Set([self, ...names])].filter((name) => name !== "");
  if (everyone.length <= 1) return everyone.length === 1 ? "1 présent : vous" : "";
  const words = everyone.map((name) => (name === self ? `${name} (vous)` : name));
  return `${everyone.length} présents : ${words.join(", ")}`;
}
