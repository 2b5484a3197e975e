"""A collection indexed as a court's documents are, and asked as its readers ask."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Final

from indexer.embedder import Embedder
from indexer.evaluation.collection import READER, Collection
from indexer.hybrid import HybridSearch, Tuning
from indexer.language import Reading
from indexer.meaning import MeaningIndex
from indexer.query import Mode, Query
from indexer.record import Record
from indexer.tantivy.index import TantivyIndex
from indexer.vectors import VectorIndex

DEPTH: Final = 100
_BATCH: Final = 2000


@dataclass(frozen=True, slots=True)
class Run:
    """What a mode listed for each query, best first, 100 at most; seconds that each took."""

    rankings: Mapping[str, Sequence[str]]
    seconds: Sequence[float]


def run_modes(
    collection: Collection,
    folder: Path,
    embedder: Embedder,
    *,
    read: Callable[[str], Reading],
    modes: Sequence[Mode] = tuple(Mode),
    tuning: Tuning | None = None,
) -> dict[Mode, Run]:
    """Index the collection under `folder`, which is empty, then ask every query in every mode.

    `read` gives the reading of a query as the portal makes it.
    """
    index = TantivyIndex(folder / "words", writer=True)
    meaning = MeaningIndex(VectorIndex(folder / "meaning", writer=True), embedder)
    for batch in _batches(collection.records.values()):
        index.replace(batch)
        if any(mode is not Mode.LEXICAL for mode in modes):
            meaning.replace(batch)
    search = HybridSearch(index, VectorIndex(folder / "meaning"), embedder, tuning)
    try:
        return {mode: _run(search, collection.queries, mode, read) for mode in modes}
    finally:
        search.close()
        meaning.close()


def _run(search: HybridSearch, queries: Mapping[str, str], mode: Mode, read: Callable[[str], Reading]) -> Run:
    rankings: dict[str, list[str]] = {}
    seconds: list[float] = []
    for name, text in queries.items():
        start = time.perf_counter()
        query = Query(text=text, reading=read(text), labels=READER, mode=mode, size=DEPTH, extracts=0, facets=())
        page = search.search(query)
        seconds.append(time.perf_counter() - start)
        rankings[name] = [hit.document for hit in page.hits]
    return Run(rankings, seconds)


def _batches(records: Iterable[Record]) -> Iterator[list[Record]]:
    left = iter(records)
    while batch := list(islice(left, _BATCH)):
        yield batch
