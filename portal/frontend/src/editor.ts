// The installed editor, fetched when a draft is first shown.

const EDITOR = "[data-editor]";

let loading: Promise<unknown> | null = null;

export function loadEditor(root: ParentNode): void {
  const address = document.body.dataset.editorModule;
  if (!address || !root.querySelector(EDITOR)) return;
  loading ??= import(/* @vite-ignore */ address);
  loading.catch(() => {
    loading = null;
    for (const element of root.querySelectorAll("[data-editor][room]:not(:defined)")) {
      const line = document.createElement("p");
      line.className = "notice";
      line.textContent = "L'éditeur ne répond pas. Rien n'est perdu ; rechargez la page.";
      element.before(line);
    }
  });
}
