"""The contract that every search engine keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from indexer.page import Hit, Page
from indexer.query import Query
from indexer.record import Record
from indexer.stretch import Stretch


class SearchIndex(Protocol):
    """Full text with clearance inside the engine (*index plein texte*).

    `replace` and `remove` are visible to every reader once they return, also in other processes, and
    may be repeated without harm. A query never shows a trace of a record outside `Query.labels`:
    neither in hits, order, scores, extracts, facets nor counts. `MemoryIndex` is the test double and
    the oracle; one conformance suite (tests/indexer/conformance.py) runs on every engine.
    """

    def replace(self, records: Iterable[Record]) -> None:
        """Add records; every record of each document named takes the place of its former ones."""
        ...

    def remove(self, documents: Iterable[str]) -> None:
        """Forget every record of these documents."""
        ...

    def search(self, query: Query) -> Page: ...

    def fetch(
        self, documents: Sequence[str], query: Query, stretches: Mapping[str, Stretch] | None = None, *, relaxed: bool
    ) -> list[Hit]:
        """Draw the documents named that the reader may find and that pass the filters, in the order given.

        The words need not match. `score` is what `search` gives where they match (a third of them when
        `relaxed`), else 0: the extracts of such a document are taken from its stretch alone.
        """
        ...

    def close(self) -> None: ...
