import { describe, expect, it } from "vitest";
import { Ledger } from "../src/ledger.js";

describe("Ledger", () => {
  it("settles with each acknowledgement what its frames cover", () => {
    const ledger = new Ledger();
    ledger.made();
    ledger.sent();
    ledger.made();
    ledger.made();
    ledger.sent();
    expect(ledger.pending).toBe(3);
    ledger.acknowledged(1);
    expect(ledger.pending).toBe(2);
    ledger.acknowledged(2);
    expect(ledger.pending).toBe(0);
  });

  it("settles several frames that one acknowledgement names", () => {
    const ledger = new Ledger();
    for (let count = 0; count < 3; count += 1) {
      ledger.made();
      ledger.sent();
    }
    ledger.acknowledged(3);
    expect([ledger.pending, ledger.inFlight]).toEqual([0, 0]);
  });

  it("believes no acknowledgement of frames that were not sent on this connection", () => {
    const ledger = new Ledger();
    ledger.made();
    ledger.sent();
    ledger.reconnected();
    ledger.acknowledged(1);
    expect(ledger.pending).toBe(1);
  });

  it("ignores an acknowledgement that comes twice", () => {
    const ledger = new Ledger();
    ledger.made();
    ledger.sent();
    ledger.acknowledged(1);
    ledger.made();
    ledger.sent();
    ledger.acknowledged(1);
    expect(ledger.pending).toBe(1);
  });
});
