"""Exact nearest neighbours among what a reader may see.

Every visible row is scored in int8 (SimSIMD's kernels), then the best are scored again from float16.
Nothing hidden is read, and what is found depends on visible rows alone: all ties at the limit are kept,
each row's score is summed on its own, and equal scores are ordered by document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
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
    denied: Iterable[str],
    k: int,
    narrowing: Narrowing,
) -> list[Neighbour]:
    """The `k` documents whose best passage has the highest cosine with `vector`, best first."""
    scores = _scan(parts, vector, labels, tuple(denied), narrowing)
    again = _AGAIN * k + _AGAIN_LEAST
    while True:
        chosen = _best(scores.values, again)
        found = _by_document(parts, scores, chosen, vector)
        if len(found) >= k or len(chosen) < again:
            return found[:k]
        again *= 4


def _scan(
    parts: Sequence[Part],
    vector: NDArray[np.float32],
    labels: frozenset[str],
    denied: Sequence[str],
    narrowing: Narrowing,
) -> _Scores:
    query, scale = quantise(vector[np.newaxis])
    runs = [part.runs(labels) for part in parts]
    every = np.concatenate([*runs, np.empty((0, 2), np.int64)])
    starts = np.concatenate([[0], np.cumsum(every[:, 1] - every[:, 0])])
    values = np.empty(int(starts[-1]), np.float32)
    at = 0
    for part, stretches in zip(parts, runs, strict=True):
        columns, owners = part.segment.columns, part.segment.owners
        eligible = part.eligible(denied, narrowing) if len(stretches) else None
        for start, end in stretches.tolist():
            here = values[at : at + end - start]
            dots = simsimd.cdist(query, columns.rows[start:end], "dot", out_dtype="float32")
            np.multiply(np.asarray(dots)[0], columns.scales[start:end], out=here)
            if eligible is not None:
                here[~eligible[owners[start:end]]] = -np.inf
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
    parts: Sequence[Part], scores: _Scores, chosen: NDArray[np.int64], vector: NDArray[np.float32]
) -> list[Neighbour]:
    best: dict[str, Neighbour] = {}
    runs = np.searchsorted(scores.starts, chosen, "right") - 1
    rows = scores.first_rows[runs] + chosen - scores.starts[runs]
    for number in np.unique(scores.parts[runs]).tolist():
        segment = parts[number].segment
        here = np.sort(rows[scores.parts[runs] == number])
        exact = (segment.columns.halves[here].astype(np.float32) * vector).sum(axis=1)
        seen = set()
        for at in np.lexsort((here, -exact)).tolist():
            row = int(here[at])
            entry = int(segment.owners[row])
            if entry in seen:
                continue
            seen.add(entry)
            document = segment.document(entry)
            neighbour = Neighbour(document, segment.place(row), round(float(exact[at]), 6))
            if document not in best or neighbour.score > best[document].score:
                best[document] = neighbour
    return sorted(best.values(), key=lambda found: (-found.score, found.document))
