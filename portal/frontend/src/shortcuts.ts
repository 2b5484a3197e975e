// Keys of the actions that this page has: each element says its own key and what it does.

function isShown(element: HTMLElement): boolean {
  return element.checkVisibility?.() ?? !element.closest("[hidden]");
}

/** Actions on the page with a key, the first of each key. */
export function shortcuts(root: ParentNode = document): Map<string, HTMLElement> {
  const found = new Map<string, HTMLElement>();
  for (const element of root.querySelectorAll<HTMLElement>("[data-shortcut]")) {
    const key = element.dataset.shortcut ?? "";
    if (!found.has(key) && isShown(element)) found.set(key, element);
  }
  return found;
}

/** Do what the key stands for; false where it stands for nothing here. */
export function press(key: string): boolean {
  const element = shortcuts().get(key);
  if (!element) return false;
  if (element instanceof HTMLInputElement) element.focus();
  else element.click();
  const opened = element.closest("details");
  if (opened?.open) opened.querySelector<HTMLElement>("form input:not([type=hidden]), form button")?.focus();
  return true;
}

/** Write the page's own keys into the list of keys. */
export function listShortcuts(): void {
  const model = document.querySelector<HTMLElement>("[data-here]");
  if (!model?.parentElement) return;
  for (const former of document.querySelectorAll("[data-here-now]")) former.remove();
  for (const [key, element] of shortcuts()) {
    const line = model.cloneNode(true) as HTMLElement;
    line.hidden = false;
    line.removeAttribute("data-here");
    line.setAttribute("data-here-now", "");
    const [name, does] = [line.querySelector("kbd"), line.querySelector("dd")];
    if (name) name.textContent = key;
    if (does) does.textContent = element.dataset.does ?? "";
    model.before(line);
  }
}
