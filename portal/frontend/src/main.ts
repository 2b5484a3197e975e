// The portal's front end: every page works without it; with it, the keyboard and the pane do.

import "./portal.css";
import { enhanceDeposit } from "./deposit";
import { DocumentView, enhanceDelete } from "./document_view";
import { enhanceFilter } from "./filter";
import { type Command, commandOf, isTyping } from "./keys";
import { lineOf, Pane } from "./pane";
import { listShortcuts, press } from "./shortcuts";
import { Walk } from "./walk";

const GO_WITHIN = 1_500;

let view: DocumentView | null = null;
let pane: Pane | null = null;
let walk: Walk | null = null;
let wentAt = Number.NEGATIVE_INFINITY;

function showDocument(root: HTMLElement): void {
  const element = root.querySelector<HTMLElement>("article.document");
  view = element ? new DocumentView(element) : null;
  if (!pane) return;
  const setShown = (id: string, shown: boolean) => {
    const line = document.querySelector(`[data-item="${CSS.escape(id)}"]`)?.closest<HTMLElement>("li");
    if (line) line.hidden = !shown;
    if (!shown) pane?.say("Le document est retiré. « Annuler », en bas, le rétablit.");
  };
  enhanceDelete(
    root,
    (id) => setShown(id, false),
    (id) => setShown(id, true),
  );
}

function startList(): void {
  const list = document.querySelector<HTMLElement>("[data-walk]");
  if (!list) return;
  const paneElement = document.querySelector<HTMLElement>("[data-pane]");
  pane = paneElement ? new Pane(paneElement, showDocument) : null;
  const lines = new Walk(list, (item) => {
    if (pane?.visible) pane.showSoon(item);
  });
  walk = lines;
  list.addEventListener("click", (event) => {
    const item = (event.target as Element).closest<HTMLAnchorElement>("a[data-item]");
    if (!item?.dataset.preview || !pane?.visible || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    lines.mark(item);
    void pane.show(item);
  });
  list.addEventListener("dblclick", (event) => {
    const item = (event.target as Element).closest<HTMLAnchorElement>("a[data-item]");
    if (item) location.assign(item.href);
  });
  const kept = lines.find(lineOf(location.hash));
  if (kept) {
    lines.mark(kept);
    kept.scrollIntoView({ block: "center" });
    if (pane?.visible) void pane.show(kept);
  }
}

function search(): void {
  const box = document.querySelector<HTMLInputElement>("#q");
  box?.focus();
  box?.select();
}

/** Esc: from the document to its line, from the box to the page. */
function back(): void {
  const active = document.activeElement;
  if (active instanceof HTMLElement && active.id === "q") active.blur();
  const line = walk?.current();
  if (line && !walk?.has(active)) line.focus();
}

function go(key: string): boolean {
  const within = performance.now() - wentAt < GO_WITHIN;
  wentAt = Number.NEGATIVE_INFINITY;
  const place = within
    ? document.querySelector<HTMLAnchorElement>(`[data-key="g ${CSS.escape(key)}"]`)
    : null;
  place?.click();
  return place !== null;
}

/** What each command does here; false leaves the key to the browser. */
const DO: Readonly<Record<Command, () => boolean>> = {
  search: () => {
    search();
    return true;
  },
  help: () => {
    document.querySelector<HTMLElement>("#touches")?.togglePopover();
    return true;
  },
  next: () => walked((list) => list.move(1)),
  previous: () => walked((list) => list.move(-1)),
  first: () => walked((list) => list.moveTo("first")),
  last: () => walked((list) => list.moveTo("last")),
  read: () => {
    const item = walk?.current();
    if (!item?.dataset.preview || document.activeElement !== item || !pane?.visible) return false;
    const reading = pane;
    void reading.show(item).then(() => reading.focus());
    return true;
  },
  open: () => {
    const item = walk?.current();
    if (item) location.assign(item.href);
    return Boolean(item);
  },
  "hit-next": () => viewed((document) => document.hit(1)),
  "hit-previous": () => viewed((document) => document.hit(-1)),
  view: () => viewed((document) => document.nextView()),
  print: () => viewed((document) => document.print()),
  go: () => {
    wentAt = performance.now();
    return true;
  },
  back: () => {
    back();
    return false;
  },
};

function walked(step: (list: Walk) => void): boolean {
  if (walk) step(walk);
  return walk !== null;
}

function viewed(step: (document: DocumentView) => void): boolean {
  if (view) step(view);
  return view !== null;
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented) return;
  const typing = isTyping(event.target);
  const active = document.activeElement;
  const inList = walk !== null && (walk.has(active) || active === document.body);
  const command = commandOf(event, typing, inList);
  const plain = !typing && !event.ctrlKey && !event.altKey && !event.metaKey;
  const done = (plain && go(event.key)) || (command ? DO[command]() : plain && press(event.key));
  if (done) event.preventDefault();
}

function start(): void {
  startList();
  if (!pane) showDocument(document.body);
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-deposit]")) enhanceDeposit(form);
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-filter]")) enhanceFilter(input);
  for (const facets of document.querySelectorAll<HTMLDetailsElement>("[data-facets]")) {
    facets.open = matchMedia("(min-width: 52rem)").matches;
  }
  document.querySelector("#touches")?.addEventListener("beforetoggle", listShortcuts);
  document.addEventListener("submit", (event) => event.submitter?.setAttribute("data-busy", ""));
  document.addEventListener("keydown", onKey);
}

start();
