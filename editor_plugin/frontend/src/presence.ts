/** Who else is here: a colour for each person, and the caret that carries a name. */
import type { DecorationAttrs } from "@tiptap/pm/view";
import type { Awareness } from "y-protocols/awareness";

export interface Presence {
  name: string;
  color: string;
}

/** White text on each has a contrast of 5.9 or more (WCAG AA asks 4.5). */
export const COLOURS = [
  "#0b5fa5",
  "#9a3412",
  "#15693a",
  "#7e22ce",
  "#a11650",
  "#0e6470",
  "#715200",
  "#3f4b5b",
] as const;

/** The same name has the same colour on every screen (FNV-1a). */
export function colourOf(name: string): string {
  let hash = 0x811c9dc5;
  for (const character of name) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return COLOURS[(hash >>> 0) % COLOURS.length] ?? COLOURS[0];
}

function nameOf(user: Record<string, unknown>): string {
  return typeof user.name === "string" ? user.name.slice(0, 140) : "";
}

/** The caret of another person. Its colour comes from the name, never from what the other side sent. */
export function caret(user: Record<string, unknown>): HTMLElement {
  const name = nameOf(user);
  const element = document.createElement("span");
  element.className = "presence-caret";
  element.style.setProperty("--presence", colourOf(name));
  const label = document.createElement("span");
  label.className = "presence-name";
  label.textContent = name;
  element.append("\u2060", label, "\u2060");
  return element;
}

export function selection(user: Record<string, unknown>): DecorationAttrs {
  return { class: "presence-selection", style: `--presence: ${colourOf(nameOf(user))}` };
}

/** The names present, oneself included, each once and in a steady order. */
export function names(awareness: Awareness): string[] {
  const found = new Set<string>();
  for (const state of awareness.getStates().values()) {
    const user: unknown = state.user;
    if (typeof user === "object" && user !== null) found.add(nameOf(user as Record<string, unknown>));
  }
  found.delete("");
  return [...found].sort((one, other) => one.localeCompare(other, "fr"));
}
