// The original's pages by pdf.js: each drawn when it comes near, with the lit words located on it.

import { GlobalWorkerOptions, getDocument, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";
import { getJson } from "./fetching";
import { type PageLayout, placed } from "./spots";
import { ownScript } from "./trusted";

const BUILD = "/static/build/";
const NEAR = "600px";
const SHARPEST = 3;

export async function drawOriginal(
  place: HTMLElement,
  original: string,
  layoutAddress: string,
): Promise<void> {
  place.textContent = "Ouverture de l'original…";
  GlobalWorkerOptions.workerPort ??= new Worker(ownScript(`${BUILD}pdf.worker.js`), { type: "module" });
  const [layout, pdf] = await Promise.all([
    getJson<{ pages: PageLayout[] }>(layoutAddress),
    getDocument({
      url: original,
      cMapUrl: `${BUILD}pdf/cmaps/`,
      standardFontDataUrl: `${BUILD}pdf/standard_fonts/`,
      iccUrl: `${BUILD}pdf/iccs/`,
      wasmUrl: `${BUILD}pdf/wasm/`,
      useWasm: false,
      disableRange: true,
      enableXfa: false,
    }).promise,
  ]);
  place.replaceChildren();
  const observer = new IntersectionObserver(
    (entries) => {
      for (const entry of entries) {
        if (!entry.isIntersecting) continue;
        observer.unobserve(entry.target);
        void drawPage(entry.target as HTMLElement, pdf);
      }
    },
    { rootMargin: NEAR },
  );
  for (let number = 1; number <= pdf.numPages; number += 1) {
    const box = await emptyPage(number, pdf, layout.pages[number - 1]);
    place.append(box);
    observer.observe(box);
  }
}

/** A page's place, of its true proportions, with its spots already on it. */
async function emptyPage(
  number: number,
  pdf: PDFDocumentProxy,
  layout: PageLayout | undefined,
): Promise<HTMLElement> {
  const box = document.createElement("div");
  box.className = "page-image";
  box.dataset.page = String(number);
  const size = layout ?? (await pdf.getPage(number)).getViewport({ scale: 1 });
  box.style.width = `${(size.width * 96) / 72}px`;
  box.style.aspectRatio = `${size.width} / ${size.height}`;
  const label = document.createElement("span");
  label.className = "page-number";
  label.textContent = `page ${number} / ${pdf.numPages}${layout?.scanned ? ", numérisée" : ""}`;
  box.append(label);
  for (const hit of layout?.hits ?? []) {
    for (const [index, part] of hit.entries()) {
      const spot = document.createElement("span");
      spot.className = "spot";
      if (index === 0) spot.dataset.first = "";
      Object.assign(spot.style, placed(part, size));
      box.append(spot);
    }
  }
  return box;
}

async function drawPage(box: HTMLElement, pdf: PDFDocumentProxy): Promise<void> {
  const page = await pdf.getPage(Number(box.dataset.page));
  const width = page.getViewport({ scale: 1 }).width;
  const scale = Math.min(SHARPEST, (box.clientWidth / width) * Math.max(1, window.devicePixelRatio));
  const viewport = page.getViewport({ scale });
  const canvas = document.createElement("canvas");
  canvas.width = Math.floor(viewport.width);
  canvas.height = Math.floor(viewport.height);
  canvas.setAttribute("role", "img");
  canvas.setAttribute("aria-label", `Page ${box.dataset.page} de l'original`);
  box.prepend(canvas);
  await page.render({ canvas, viewport }).promise;
}
