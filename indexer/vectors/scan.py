"""Exact nearest neighbours among what a reader may see.

Every visible row is scored in int8 (SimSIMD's kernels), then the best are scored again from float16.
Nothing hidden is read, and what is found depends on visible rows alone: all ties at the limit are kept,
each row's score is summed on its own, and equal scores are ordered by document.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import simsimd
from numpy.typing import NDArray

from indexer.vectors.columns import quantise
from indexer.vectors.entry import Narrowing, Neighbour
from indexer.vectors.part import Part

_AGAIN: Final = 4
"""Rows scored again for each document wanted: a document may have several passages near."""
_AGAIN_LEAST: Final = 64


@dataclass(frozen=True, slots=True, eq=False)
class _Scores:
    """int8 scores of visible rows; row i of a run stands at `at + i`. -inf marks what may not be listed."""

    values: NDArray[np.float32]
    starts: NDArray[np.int64]
    """[runs]: where each run begins in `values`."""
    parts: NDArray[np.int64]
    first_rows: NDArray[np.int64]


def nearest(
    parts: Sequence[Part],
    vector: NDArray[np.float32],
    *,
    labels: frozenset[str],
    denied: Collection[str],
    k: int,
    narrowing: Narrowing,
) -> list[Neighbour]:
    """The `k` documents whose best passage has the highest cosine with `vector`, best first."""
    scores = _scan(parts, vector, labels, denied, narrowing)
    again = _AGAIN * k + _AGAIN_LEAST
    while True:
        chosen = _best(scores.values, again)
        found = _by_document(parts, scores, chosen, vector, k)
        if len(found) >= k or len(chosen) < again:
            return found[:k]
        again *= 4


def _scan(
    parts: Sequence[Part],
    vector: NDArray[np.float32],
    labels: frozenset[str],
    denied: Collection[str],
    narrowing: Narrowing,
) -> _Scores:
    query, scale = quantise(vector[np.newaxis])
    runs = [part.runs(labels) for part in parts]
    every = np.concatenate([*runs, np.empty((0, 2), np.int64)])
    starts = np.concatenate([[0], np.cumsum(every[:, 1] - every[:, 0])])
    values = np.empty(int(starts[-1]), np.float32)
    at = 0
    for part, stretches in zip(parts, runs, strict=True):
        columns = part.segment.columns
        sieve = part.sieve(denied, narrowing) if len(stretches) else None
        for start, end in stretches.tolist():
            here = values[at : at + end - start]
            dots = simsimd.cdist(query, columns.rows[start:end], "dot", out_dtype="float32")
            np.multiply(np.asarray(dots)[0], columns.scales[start:end], out=here)
            if sieve is not None:
                here[~sieve.rows(start, end)] = -np.inf
            at += end - start
    values *= scale[0]
    return _Scores(values, starts[:-1], np.repeat(np.arange(len(parts)), [len(run) for run in runs]), every[:, 0])


def _best(values: NDArray[np.float32], count: int) -> NDArray[np.int64]:
    """Positions of the `count` highest, and of all that equal the last of them."""
    if len(values) > count:
        limit = np.partition(values, len(values) - count)[len(values) - count]
        if limit > -np.inf:
            return np.flatnonzero(values >= limit)
    return np.flatnonzero(values > -np.inf)


def _by_document(
    parts: Sequence[Part], scores: _Scores, chosen: NDArray[np.int64], vector: NDArray[np.float32], k: int
) -> list[Neighbour]:
    """The best row of each document, best first; at least `k` of them where so many were chosen."""
    runs = np.searchsorted(scores.starts, chosen, "right") - 1
    numbers = scores.parts[runs]
    rows = scores.first_rows[runs] + chosen - scores.starts[runs]
    exact = np.empty(len(rows), np.float32)
    entries = np.empty(len(rows), np.int64)
    for number in np.unique(numbers).tolist():
        here = numbers == number
        segment = parts[number].segment
        exact[here] = (segment.columns.halves[rows[here]].astype(np.float32) * vector).sum(axis=1)
        entries[here] = segment.owners[rows[here]]
    exact = exact.round(6)
    order = np.lexsort((rows, -exact))
    _, first = np.unique(numbers[order] << 32 | entries[order], return_index=True)
    order = order[np.sort(first)]  # one row an entry
    # A document may have a second entry: twice as many are named, and all that tie with the last.
    last = exact[order[min(2 * k, len(order)) - 1]] if len(order) else 0.0
    best: dict[str, tuple[float, int, int]] = {}
    for at in order[exact[order] >= last].tolist():
        number, row = int(numbers[at]), int(rows[at])
        best.setdefault(parts[number].segment.document(int(entries[at])), (float(exact[at]), number, row))
    ranked = sorted(best.items(), key=lambda item: (-item[1][0], item[0]))[:k]
    return [Neighbour(document, parts[number].segment.place(row), score) for document, (score, number, row) in ranked]
