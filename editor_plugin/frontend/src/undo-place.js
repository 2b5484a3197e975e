/**
 * Undo keeps what it restores in a place that all agree on.
 *
 * Yjs (13.6.33, yjs/yjs issue 794, open) may restore a deleted item between two neighbours that no longer follow each
 * other; every copy then integrates it as it comes, and two people read two texts. Before such an item is integrated,
 * its right neighbour is looked for from its left one; where it is not there, the one that stands there takes its place.
 * Plain JavaScript, for the tests against the server run it in Node.
 */
import * as Y from "yjs";

const integrate = Y.Item.prototype.integrate;

/**
 * @this {Y.Item}
 * @param {Y.Transaction} transaction
 * @param {number} offset
 */
function integrateInReach(transaction, offset) {
  const restored = transaction.origin instanceof Y.UndoManager && this.id.client === transaction.doc.clientID;
  if (restored && this.parentSub === null && this.parent instanceof Y.AbstractType) {
    const next = this.left ? this.left.right : this.parent._start;
    let reached = next;
    while (reached !== null && reached !== this.right) reached = reached.right;
    if (reached !== this.right) {
      this.right = next;
      this.rightOrigin = next?.id ?? null;
    }
  }
  integrate.call(this, transaction, offset);
}

/** Once for the page; again is no harm. */
export function keepUndoInPlace() {
  Y.Item.prototype.integrate = integrateInReach;
}

/** As Yjs is by itself: for tests. */
export function leaveUndoAsItIs() {
  Y.Item.prototype.integrate = integrate;
}
