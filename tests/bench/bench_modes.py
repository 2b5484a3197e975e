"""Searching by words, by meaning and by both: `python -m tests.bench.bench_modes [N…]`, 10,000 by default.

Full pages of a reader with 51 labels: 20 hits, 7 facets, two extracts each. The embedder is without a model
and in the model's dimensions, so that figures are those of the engines; the model's own time for a query
is bench_embedding's. Asserts nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from indexer import HybridSearch, Query, Record, TantivyIndex
from indexer.embedder import Embedder
from indexer.query import Mode
from indexer.vectors import Access, Entry, Place, VectorIndex
from tests.bench.corpus import READER, Corpus, queries
from tests.bench.court import percentiles

DIMENSIONS = 384
PASSAGES = 8
"""Passages of 200 words in a document of 1,600."""
BATCH = 1000
FILTER = {"chamber": frozenset({"soc"})}


class Dice:
    """An embedder whose vectors are drawn by dice around a common direction: every passage is somewhat near."""

    floor = -1.0
    name = "dice"
    dimensions = DIMENSIONS

    def __init__(self) -> None:
        self._draw = np.random.default_rng(3)

    def passages(self, texts: Iterable[str]) -> NDArray[np.float32]:
        return self.rows(len(list(texts)))

    def queries(self, texts: Iterable[str]) -> NDArray[np.float32]:
        return self.passages(texts)

    def rows(self, count: int) -> NDArray[np.float32]:
        drawn = self._draw.standard_normal((count, DIMENSIONS), np.float32)
        return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def _batches(corpus: Corpus) -> Iterator[list[Record]]:
    rest = corpus.records()
    while batch := list(islice(rest, BATCH)):
        yield batch


def _entry(record: Record, vectors: NDArray[np.float32]) -> Entry:
    zone = max(record.zones, key=lambda name: len(record.zones[name]))
    step = len(record.zones[zone]) // PASSAGES
    return Entry(
        document=record.document,
        access=Access(record.labels),
        places=tuple(Place(zone, at * step, (at + 1) * step, at) for at in range(PASSAGES)),
        vectors=vectors,
        facets={"chamber": (record.chamber or "",), "kind": (record.kind,)},
        date=record.date,
    )


def _fill(folder: Path, corpus: Corpus, dice: Dice) -> HybridSearch:
    """Both indexes, and how fast they came."""
    spent = {"words": 0.0, "vectors": 0.0}
    words = TantivyIndex(folder / "words", writer=True)
    vectors = VectorIndex(folder / "vectors", writer=True)
    with words.batch():
        for records in _batches(corpus):
            start = time.perf_counter()
            words.replace(records)
            between = time.perf_counter()
            drawn = dice.rows(len(records) * PASSAGES).reshape(-1, PASSAGES, DIMENSIONS)
            vectors.replace([_entry(one, row) for one, row in zip(records, drawn, strict=True)], model=dice.name)
            spent["words"] += between - start
            spent["vectors"] += time.perf_counter() - between
    words.close()
    vectors.close()
    rates = ", ".join(f"{name} {corpus.size / seconds:,.0f} documents/s" for name, seconds in spent.items())
    print(f"  written: {rates}", flush=True)
    embedder: Embedder = dice
    return HybridSearch(TantivyIndex(folder / "words"), VectorIndex(folder / "vectors"), embedder)


def _timed(run: Callable[[str], object], texts: list[str]) -> tuple[float, float, float]:
    for text in texts[:20]:
        run(text)
    times = []
    for text in texts:
        start = time.perf_counter()
        run(text)
        times.append(time.perf_counter() - start)
    return percentiles(times)


def _measure(folder: Path, size: int) -> None:
    print(f"Full pages over {size:,} documents, {PASSAGES} passages each, 51 labels       p50      p95      p99  ms")
    search = _fill(folder, Corpus(size), Dice())
    texts = queries(200)
    for mode in Mode:
        for name, filters in (("", {}), (", one chamber", FILTER)):

            def page(text: str, mode: Mode = mode, filters: dict[str, frozenset[str]] = filters) -> object:
                return search.search(Query(text=text, labels=READER, mode=mode, filters=filters))

            figures = _timed(page, texts)
            print(f"  {mode.value + name:<60}" + "".join(f"{one:9.2f}" for one in figures), flush=True)
    search.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int, nargs="*", default=[10_000])
    for size in parser.parse_args().documents:
        with tempfile.TemporaryDirectory(prefix="minutier-bench-") as folder:
            _measure(Path(folder), size)


if __name__ == "__main__":
    main()
