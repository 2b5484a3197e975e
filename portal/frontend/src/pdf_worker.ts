// pdf.js's worker, bundled under a fixed name so that the page can start it from its own origin.
import "pdfjs-dist/build/pdf.worker.min.mjs";
