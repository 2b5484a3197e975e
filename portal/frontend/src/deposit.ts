// « Déposer »: files chosen or dropped, each sent by itself with its progress and its own outcome.

import { OFFLINE, token } from "./fetching";

export interface Outcome {
  name: string;
  error: string;
  document?: string;
  new?: boolean;
}

/** The outcome that an answer tells of one file; a sentence in every case that went wrong. */
export function outcomeOf(name: string, status: number, body: string): Outcome {
  try {
    const parsed = JSON.parse(body) as { files?: Outcome[]; error?: string };
    const first = parsed.files?.[0];
    if (first) return first;
    if (parsed.error) return { name, error: parsed.error };
  } catch {
    // no JSON: a proxy spoke, or nobody
  }
  return {
    name,
    error: status === 413 ? "Ce fichier dépasse la taille admise. Déposez-le en plusieurs parties." : OFFLINE,
  };
}

export function enhanceDeposit(form: HTMLFormElement): void {
  const input = form.querySelector<HTMLInputElement>("input[type=file]");
  const list = form.querySelector<HTMLElement>("[data-transfers]");
  if (!input || !list) return;
  form.querySelector<HTMLElement>("[data-plain]")?.remove();

  const send = async (files: readonly File[]) => {
    const outcomes: Outcome[] = [];
    for (const file of files) outcomes.push(await transfer(form.action, file, list));
    if (outcomes.length > 0 && outcomes.every((outcome) => !outcome.error)) location.reload();
    else if (outcomes.some((outcome) => !outcome.error)) offerReload(list);
  };
  input.addEventListener("change", () => {
    const files = [...(input.files ?? [])];
    input.value = "";
    void send(files);
  });

  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
  let depth = 0;
  const mark = () => document.body.classList.toggle("dropping", depth > 0);
  document.addEventListener("dragenter", (event) => {
    if (carriesFiles(event)) depth += 1;
    mark();
  });
  document.addEventListener("dragleave", (event) => {
    if (carriesFiles(event)) depth = Math.max(0, depth - 1);
    mark();
  });
  document.addEventListener("dragover", (event) => {
    if (carriesFiles(event)) event.preventDefault();
  });
  document.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    mark();
    void send([...(event.dataTransfer?.files ?? [])]);
  });
}

/** Some files came in and some did not: the sentences stay until the person has read them. */
function offerReload(list: HTMLElement): void {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "plain";
  button.textContent = "Montrer les pièces déposées";
  button.addEventListener("click", () => location.reload());
  const line = document.createElement("li");
  line.append(button);
  list.append(line);
}

function transfer(address: string, file: File, list: HTMLElement): Promise<Outcome> {
  const line = document.createElement("li");
  const name = document.createElement("span");
  name.textContent = file.name;
  const state = document.createElement("span");
  state.className = "quiet";
  state.textContent = "envoi…";
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", `Envoi de ${file.name}`);
  line.append(name, state, bar);
  list.append(line);

  return new Promise((resolve) => {
    const done = (outcome: Outcome) => {
      bar.remove();
      if (outcome.error) {
        const wrong = document.createElement("span");
        wrong.className = "wrong";
        wrong.textContent = outcome.error;
        state.textContent = "non déposé";
        line.append(wrong);
      } else {
        state.textContent = outcome.new === false ? "déjà dans le dossier" : "déposé";
      }
      resolve(outcome);
    };
    const request = new XMLHttpRequest();
    request.open("POST", address);
    request.setRequestHeader("Accept", "application/json");
    request.setRequestHeader("X-CSRF-Token", token());
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      bar.value = event.loaded / event.total;
      if (event.loaded === event.total) {
        state.textContent = "lecture du fichier…";
        bar.removeAttribute("value");
      }
    });
    request.addEventListener("load", () => done(outcomeOf(file.name, request.status, request.responseText)));
    request.addEventListener("error", () => done({ name: file.name, error: OFFLINE }));
    const body = new FormData();
    body.append("fichiers", file, file.name);
    request.send(body);
  });
}
