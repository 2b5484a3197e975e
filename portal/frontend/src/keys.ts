// What a key means, by where it is pressed. Pure, so that the whole table is tested.

export type Command =
  | "search"
  | "help"
  | "next"
  | "previous"
  | "first"
  | "last"
  | "read"
  | "open"
  | "hit-next"
  | "hit-previous"
  | "view"
  | "print"
  | "back"
  | "go";

export interface Press {
  key: string;
  ctrlKey: boolean;
  altKey: boolean;
  metaKey: boolean;
}

const COMMANDS: Readonly<Record<string, Command>> = {
  "/": "search",
  "?": "help",
  j: "next",
  ArrowDown: "next",
  k: "previous",
  ArrowUp: "previous",
  Home: "first",
  End: "last",
  Enter: "read",
  o: "open",
  n: "hit-next",
  N: "hit-previous",
  t: "view",
  p: "print",
  g: "go",
  Escape: "back",
};

/** Keys that keep their own meaning outside a list: scrolling, following a link, pressing a button. */
const ONLY_IN_LIST = new Set(["ArrowDown", "ArrowUp", "Home", "End", "Enter"]);

/** The command of a key press, or null where the key belongs to what has the focus. */
export function commandOf(press: Press, typing: boolean, inList: boolean): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null;
  const command = COMMANDS[press.key] ?? null;
  if (command === "back") return command;
  if (typing) return null;
  if (ONLY_IN_LIST.has(press.key) && !inList) return null;
  return command;
}

/** Whether keys pressed there write something. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest("minutier-editor, [contenteditable='true'], [contenteditable='']")) return true;
  return target.matches(
    "textarea, select, input:not([type=checkbox], [type=radio], [type=button], [type=submit])",
  );
}
