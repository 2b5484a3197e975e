import { describe, expect, it } from "vitest";
import type { ProviderState } from "../src/provider.js";
import { clock, presentSentence, statusOf } from "../src/status.js";
import { StatusLine } from "../src/status-line.js";

const AT = "2026-03-14T14:02:11";

function state(change: Partial<ProviderState> = {}): ProviderState {
  return { phase: "online", synced: true, pending: 0, savedAt: null, access: null, sentence: "", ...change };
}

const says = (change: Partial<ProviderState>, writable = true, reason = "") =>
  statusOf(state(change), writable, reason).sentence;

describe("statusOf", () => {
  it("says « Enregistré » with the time only once something was acknowledged", () => {
    expect(says({})).toBe("À jour");
    expect(says({ savedAt: AT })).toBe("Enregistré 14:02:11");
  });

  it("never says « Enregistré » while words are on their way", () => {
    expect(says({ savedAt: AT, pending: 3 })).toBe("En attente d’envoi (3)");
  });

  it("says offline that one's words are kept, and how many wait", () => {
    expect(says({ phase: "offline" })).toBe("Hors ligne — vos mots sont gardés ici");
    expect(says({ phase: "offline", pending: 2 })).toBe(
      "Hors ligne — vos mots sont gardés ici (2 en attente d’envoi)",
    );
  });

  it("gives the reason why one may only read", () => {
    expect(says({}, false, "le projet est signé")).toBe("Lecture seule — le projet est signé");
    expect(says({}, false)).toBe("Lecture seule — vous pouvez lire ce projet, non le modifier");
  });

  it("shows the server's own sentence after a refusal", () => {
    const status = statusOf(state({ phase: "refused", sentence: "Élément inconnu." }), true);
    expect(status).toMatchObject({ state: "refused", sentence: "Élément inconnu." });
  });

  it("does not let one type before the draft has come", () => {
    expect(statusOf(state({ synced: false }), true).state).toBe("opening");
  });

  it("writes times as HH:MM:SS and nothing for what is no time", () => {
    expect(clock("2026-03-14T04:02:01")).toBe("04:02:01");
    expect(clock("jamais")).toBe("");
  });
});

describe("presentSentence", () => {
  it("counts each person once, oneself first", () => {
    expect(presentSentence(["Mme Roy", "M. Dupré", "Mme Roy"], "M. Dupré")).toBe(
      "2 présents : M. Dupré (vous), Mme Roy",
    );
    expect(presentSentence(["M. Dupré"], "M. Dupré")).toBe("1 présent : vous");
  });
});

describe("StatusLine", () => {
  const spoken = (line: StatusLine) => line.element.querySelector("[aria-live=polite]")?.textContent;

  it("speaks aloud of a lost line and of its return, not of every word saved", () => {
    const line = new StatusLine(() => {});
    line.show(statusOf(state({ savedAt: AT }), true));
    expect(spoken(line)).toBe("");
    line.show(statusOf(state({ phase: "offline" }), true));
    expect(spoken(line)).toContain("Hors ligne");
    line.show(statusOf(state({ savedAt: AT }), true));
    expect(spoken(line)).toBe("De nouveau en ligne. Enregistré 14:02:11");
  });

  it("offers to take the server's document after a refusal, and only then", () => {
    let asked = 0;
    const line = new StatusLine(() => {
      asked += 1;
    });
    const button = line.element.querySelector("button");
    line.show(statusOf(state(), true));
    expect(button?.hidden).toBe(true);
    line.show(statusOf(state({ phase: "refused" }), true));
    expect(button?.hidden).toBe(false);
    button?.click();
    expect(asked).toBe(1);
  });
});
