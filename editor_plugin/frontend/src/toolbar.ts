/** The bar of tools: a toolbar in the sense of ARIA, walked with the arrows, one stop for Tab. */
import type { Editor } from "@tiptap/core";
import { type Action, ALL_ACTIONS, GROUPS, keysInFrench, TABLE_ACTIONS } from "./actions.js";
import { icon } from "./icons.js";
import { Popover, rove } from "./popover.js";

interface Tool {
  action: Action;
  button: HTMLButtonElement;
}

/** Keys that no button stands for. */
const OTHER_KEYS: readonly [string, string][] = [
  ["Alt+F10", "Aller à la barre d’outils ; Échap revient au texte"],
  ["1. puis espace", "Commencer un paragraphe numéroté"],
  ["Retour arrière", "Défaire une correction typographique qui vient d’être faite"],
];

export class Toolbar {
  readonly element = document.createElement("div");
  readonly #tools: Tool[] = [];
  readonly #tableTools: Tool[] = [];
  #frame = 0;

  constructor(private readonly editor: Editor) {
    this.element.className = "toolbar";
    this.element.setAttribute("role", "toolbar");
    this.element.setAttribute("aria-label", "Mise en forme");
    for (const group of GROUPS) this.element.append(this.#group(group));
    this.element.append(this.#tableMenu(), this.#help());
    rove(this.element, () => this.#stops(), "ArrowLeft", "ArrowRight");
    const [first] = this.#stops();
    if (first) first.tabIndex = 0;
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") editor.commands.focus();
    });
    // Keep the selection of the text while a tool is clicked.
    this.element.addEventListener("mousedown", (event) => event.preventDefault());
    editor.on("transaction", this.refresh);
    this.#draw();
  }

  focus(): void {
    this.#stops()
      .find((stop) => stop.tabIndex === 0)
      ?.focus();
  }

  destroy(): void {
    cancelAnimationFrame(this.#frame);
    this.editor.off("transaction", this.refresh);
    this.element.remove();
  }

  /** Once a frame at most, whatever the number of transactions. */
  readonly refresh = (): void => {
    if (this.#frame) return;
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0;
      this.#draw();
    });
  };

  #draw(): void {
    if (this.editor.isDestroyed) return;
    for (const { action, button } of [...this.#tools, ...this.#tableTools]) {
      if (action.active) button.setAttribute("aria-pressed", String(action.active(this.editor)));
      if (action.enabled) button.setAttribute("aria-disabled", String(!action.enabled(this.editor)));
    }
  }

  #stops(): HTMLElement[] {
    return [...this.element.querySelectorAll<HTMLElement>(".tool")];
  }

  #group(actions: readonly Action[]): HTMLElement {
    const group = document.createElement("div");
    group.className = "tools";
    for (const action of actions) {
      const button = tool(action.id, action.label, action.keys);
      button.addEventListener("click", () => this.#run(action));
      this.#tools.push({ action, button });
      group.append(button);
    }
    return group;
  }

  #run(action: Action): void {
    if (action.enabled && !action.enabled(this.editor)) return;
    action.run(this.editor);
  }

  #tableMenu(): HTMLElement {
    const menu = document.createElement("div");
    menu.setAttribute("role", "menu");
    menu.setAttribute("aria-label", "Tableau");
    for (const action of TABLE_ACTIONS) {
      const button = document.createElement("button");
      button.type = "button";
      button.setAttribute("role", "menuitem");
      button.textContent = action.label;
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-disabled") === "true") return;
        popover.close();
        this.#run(action);
      });
      this.#tableTools.push({ action, button });
      menu.append(button);
    }
    const items = () =>
      this.#tableTools.map(({ button }) => button).filter((item) => item.ariaDisabled !== "true");
    rove(menu, items, "ArrowUp", "ArrowDown");
    const popover = this.#popover("table", "Tableau", menu, () => items()[0]?.focus());
    popover.button.setAttribute("aria-haspopup", "menu");
    return group(popover);
  }

  #help(): HTMLElement {
    const panel = document.createElement("div");
    panel.className = "keys";
    panel.tabIndex = 0;
    panel.setAttribute("role", "group");
    panel.setAttribute("aria-label", "Raccourcis du clavier");
    const list = document.createElement("dl");
    const own = ALL_ACTIONS.filter(({ keys }) => keys).map(({ keys, label }) => [keysInFrench(keys), label]);
    for (const [keys, label] of [...own, ...OTHER_KEYS]) {
      const term = document.createElement("dt");
      const key = document.createElement("kbd");
      key.textContent = keys ?? "";
      term.append(key);
      const meaning = document.createElement("dd");
      meaning.textContent = label ?? "";
      list.append(term, meaning);
    }
    panel.append(list);
    return group(this.#popover("help", "Raccourcis du clavier", panel, () => panel.focus()));
  }

  #popover(id: string, label: string, panel: HTMLElement, opened: () => void): Popover {
    return new Popover(tool(id, label, ""), panel, opened);
  }
}

function group({ button, panel }: Popover): HTMLElement {
  const element = document.createElement("div");
  element.className = "tools";
  element.append(button, panel);
  return element;
}

function tool(id: string, label: string, keys: string): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "tool";
  button.tabIndex = -1;
  button.dataset.action = id;
  button.title = keys ? `${label} (${keysInFrench(keys)})` : label;
  const picture = icon(id);
  const letters = picture.textContent ?? "";
  button.setAttribute("aria-label", letters.length > 1 ? `${letters} – ${label}` : label);
  if (keys) button.setAttribute("aria-keyshortcuts", keys.replace("Mod", "Control").replaceAll("-", "+"));
  button.append(picture);
  return button;
}
