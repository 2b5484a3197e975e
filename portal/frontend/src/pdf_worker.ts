// pdf.js's worker, bundled under a fixed name so that the page can start it from its own origin.
import "pdfjs-dist/legacy/build/pdf.worker.min.mjs";
