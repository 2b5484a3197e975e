import { cpSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, resolve } from "node:path";
import { defineConfig } from "vitest/config";

const out = resolve(import.meta.dirname, "../web/static/build");
const pdfjs = dirname(createRequire(import.meta.url).resolve("pdfjs-dist/package.json"));

/** What pdf.js fetches by itself: character maps, standard fonts, image decoders that need no WebAssembly. */
const pdfAssets = {
  name: "pdf-assets",
  apply: "build",
  closeBundle() {
    for (const folder of ["cmaps", "standard_fonts", "iccs", "wasm"]) {
      cpSync(resolve(pdfjs, folder), resolve(out, "pdf", folder), { recursive: true });
    }
  },
};

export default defineConfig({
  base: "/static/build/",
  plugins: [pdfAssets],
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    modulePreload: false,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { portal: "src/main.ts", pdf_worker: "src/pdf_worker.ts" },
      output: {
        format: "es",
        entryFileNames: (chunk) => (chunk.name === "pdf_worker" ? "pdf.worker.js" : "portal.js"),
        chunkFileNames: "assets/[name]-[hash].js",
        assetFileNames: (asset) =>
          asset.names.some((name) => name.endsWith(".css")) ? "portal.css" : "assets/[name]-[hash][extname]",
      },
    },
  },
  test: { environment: "jsdom", include: ["test/**/*.test.ts"] },
});
