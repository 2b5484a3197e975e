"""Figures of the vector index on this machine: `python -m tests.bench.bench_vectors [ROWS]`, a million by default.

Prints the time of a search for a reader who may see a tenth of the rows, in one block of labels and
scattered over thousands of label sets, its recall against exact float32, and the rates of writing. The
peer, in the same run and on one thread too, is numpy's float32 product over the same visible rows.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from indexer.vectors import Access, Entry, Narrowing, Place, VectorIndex

DIMENSIONS = 384
PASSAGES = 5
TENTH = 10
FILES = 2000
_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_BATCH = 4000


def _unit(draw: np.random.Generator, rows: int) -> NDArray[np.float32]:
    """Random directions: neighbours are hardly nearer than strangers, the hardest case for a search."""
    vectors = draw.standard_normal((rows, DIMENSIONS), np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _entries(vectors: NDArray[np.float32], label: Callable[[int], str]) -> Iterator[list[Entry]]:
    places = tuple(Place("motivations", 1000 * at, 1000 * at + 900, at) for at in range(PASSAGES))
    for start in range(0, len(vectors) // PASSAGES, _BATCH):
        batch = range(start, min(start + _BATCH, len(vectors) // PASSAGES))
        yield [
            Entry(
                document=f"d{number}",
                access=Access(frozenset({label(number)})),
                places=places,
                vectors=vectors[number * PASSAGES : (number + 1) * PASSAGES],
                facets={"chamber": (f"civ{number % 3}",)},
            )
            for number in batch
        ]


def _milliseconds(run: Callable[[NDArray[np.float32]], object], queries: NDArray[np.float32]) -> tuple[float, float]:
    """p50, p95."""
    run(queries[0])
    times = []
    for query in queries:
        start = time.perf_counter()
        run(query)
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)]


def _line(name: str, figures: tuple[float, float], note: str = "") -> None:
    print(f"  {name:<58}{figures[0]:9.2f}{figures[1]:9.2f}  {note}", flush=True)


def _recall(index: VectorIndex, labels: frozenset[str], rows: NDArray[np.int64], vectors: NDArray[np.float32]) -> float:
    """Of the ten nearest documents by exact float32, how many the index names."""
    right = 0
    queries = _unit(np.random.default_rng(9), 50)
    visible = vectors[rows]
    for query in queries:
        best = np.maximum.reduceat(visible @ query, np.arange(0, len(rows), PASSAGES))
        exact = {f"d{rows[at * PASSAGES] // PASSAGES}" for at in np.argpartition(best, -10)[-10:]}
        right += len(exact & {found.document for found in index.search(query, labels=labels, k=10)})
    return right / (10 * len(queries))


def _measure(folder: Path, vectors: NDArray[np.float32], queries: NDArray[np.float32], scattered: bool) -> float:
    """Build an index, print its figures, and give the median time of a search in milliseconds."""

    def label(number: int) -> str:
        seen = "vu" if number % TENTH == 0 else "cache"
        return f"{seen}-{number % FILES}" if scattered else f"{seen}-{number % TENTH}"

    index = VectorIndex(folder, writer=True)
    start = time.perf_counter()
    for batch in _entries(vectors, label):
        index.replace(batch, model="bench")
    seconds = time.perf_counter() - start
    sets = FILES if scattered else TENTH
    size = sum(path.stat().st_size for path in folder.iterdir()) / (1 << 20)
    print(f"\n {sets} sets of labels, the reader holds {sets // TENTH} of them")
    print(f"  written: {len(index) / seconds:,.0f} passages/s, {size / 1024:.2f} GiB, {_segments(folder)} segments")
    labels = frozenset(label(number) for number in range(0, FILES, TENTH))
    documents = np.arange(0, len(vectors) // PASSAGES, TENTH)
    rows = (documents[:, np.newaxis] * PASSAGES + np.arange(PASSAGES)).ravel()

    def timed(name: str, **given: Any) -> tuple[float, float]:
        figures = _milliseconds(lambda query: index.search(query, labels=labels, k=50, **given), queries)
        _line(name, figures)
        return figures

    found = timed("the 50 nearest documents")
    timed("the same, one chamber", narrowing=Narrowing(facets={"chamber": frozenset({"civ1"})}))
    timed("the same, 100 documents denied", denied=frozenset(f"d{number}" for number in range(0, 1000, TENTH)))
    print(f"  recall of the 10 nearest documents: {_recall(index, labels, rows, vectors):.3f}")
    _commits(index, folder, labels, queries)
    index.close()
    return found[0]


def _segments(folder: Path) -> int:
    return len(list(folder.glob("segment-*")))


def _commits(index: VectorIndex, folder: Path, labels: frozenset[str], queries: NDArray[np.float32]) -> None:
    """One document at a time, as edits come: until it is durable, and until another reader finds it."""
    reader = VectorIndex(folder)
    reader.search(queries[0], labels=labels, k=1)
    own = _unit(np.random.default_rng(5), 50)
    label = min(labels)
    place = (Place("texte", 0, 9),)

    def edit(vector: NDArray[np.float32]) -> None:
        entry = Entry(document="edited", access=Access(frozenset({label})), places=place, vectors=vector[np.newaxis])
        index.replace([entry], model="bench")

    def found(vector: NDArray[np.float32]) -> None:
        edit(vector)
        assert reader.search(vector, labels=labels, k=1)[0].document == "edited"

    _line("commit of one document", _milliseconds(edit, own))
    _line("commit, then found by another reader", _milliseconds(found, own))


def main(rows: int = 1_000_000) -> None:
    if any(os.environ.get(name) != value for name, value in _ONE_THREAD.items()):
        subprocess.run([sys.executable, "-m", __spec__.name, str(rows)], env={**os.environ, **_ONE_THREAD}, check=True)
        return
    draw = np.random.default_rng(1)
    rows -= rows % (PASSAGES * FILES)
    vectors, queries = _unit(draw, rows), _unit(draw, 60)
    print(f"Vectors: {rows:,} × {DIMENSIONS}, one thread, a tenth visible; milliseconds{'p50':>12}{'p95':>9}")
    visible = np.ascontiguousarray(vectors.reshape(-1, PASSAGES, DIMENSIONS)[::TENTH].reshape(-1, DIMENSIONS))

    def peer(query: NDArray[np.float32]) -> object:
        scores = visible @ query
        return np.argpartition(scores, -50)[-50:]

    exact = _milliseconds(peer, queries)
    _line("numpy float32, visible rows copied together beforehand", exact)
    whole = _milliseconds(lambda query: vectors @ query, queries[:10])
    _line("numpy float32, all rows", whole)
    with tempfile.TemporaryDirectory() as folder:
        block = _measure(Path(folder) / "blocks", vectors, queries, scattered=False)
    with tempfile.TemporaryDirectory() as folder:
        scattered = _measure(Path(folder) / "scattered", vectors, queries, scattered=True)
    for name, figures in (("visible", exact), ("all", whole)):
        print(
            f" float32, {name} rows / ours: {figures[0] / block:.1f} in a block, {figures[0] / scattered:.1f} scattered"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("rows", nargs="?", type=int, default=1_000_000)
    main(parser.parse_args().rows)
