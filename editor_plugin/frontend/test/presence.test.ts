import { describe, expect, it } from "vitest";
import { COLOURS, caret, colourOf } from "../src/presence.js";

/** WCAG 2.2's relative luminance of `#rrggbb`. */
function luminance(colour: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0);
}

describe("Presence", () => {
  it.each(COLOURS)("writes names in white on %s with a contrast of at least 4.5", (colour) => {
    expect(1.05 / (luminance(colour) + 0.05)).toBeGreaterThanOrEqual(4.5);
  });

  it("gives a person the same colour on every screen", () => {
    expect(colourOf("Mme Roy")).toBe(colourOf("Mme Roy"));
    expect(
      new Set(["M. Dupré", "Mme Roy", "M. Petit", "Mme Leroux", "M. Blanc"].map(colourOf)).size,
    ).toBeGreaterThan(2);
  });

  it("shows a name as text, whatever it holds, and trusts no colour of another's", () => {
    const element = caret({ name: "<img src=x>", color: "url(//evil)" });
    expect(element.querySelector("img")).toBeNull();
    expect(element.textContent).toContain("<img src=x>");
    expect(element.style.getPropertyValue("--presence")).toBe(colourOf("<img src=x>"));
  });

  it("survives a name that is no text", () => {
    expect(() => caret({ name: { toString: null } })).not.toThrow();
  });
});
