"""`TantivyIndex`: the search engine of a court on one machine."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from indexer.page import Hit, Page
from indexer.query import Query
from indexer.record import Record
from indexer.stretch import Stretch
from indexer.tantivy.search import fetch, search
from indexer.tantivy.store import Store
from indexer.tantivy.writing import Writers


class TantivyIndex:
    """Full text on disk in `directory`. One process may write (`writer=True`), any number read.

    Readers see a commit at their next search, with one `stat` a shard as its price, and may be opened
    before the index exists. Safe to use from several threads. Raises WriterTaken when another process
    writes already, OutdatedIndex when the files are of another format.
    """

    def __init__(self, directory: Path, *, writer: bool = False) -> None:
        self._store = Store(directory)
        self._writing = threading.RLock()
        self._batches = 0
        self._taken = self._store.take() if writer else None
        shards = self._store.shards()
        self._writers = Writers(shards) if writer and shards else None

    def replace(self, records: Iterable[Record]) -> None:
        """One commit for all; nothing of it stays when a record cannot be written."""
        with self.batch():
            self._pens.replace(records)

    def remove(self, documents: Iterable[str]) -> None:
        with self.batch():
            self._pens.remove(documents)

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Commit once for all that is written inside, or nothing of it when an exception leaves."""
        with self._writing:
            pens = self._pens
            self._batches += 1
            try:
                yield
                if self._batches == 1:
                    pens.commit()
            except BaseException:
                pens.rollback()
                raise
            finally:
                self._batches -= 1

    def search(self, query: Query) -> Page:
        shards = self._store.shards()
        if shards is None:
            return Page(total=0, hits=(), facets={name: {} for name in query.facets})
        return search(shards.snapshots(), query)

    def fetch(
        self, documents: Sequence[str], query: Query, stretches: Mapping[str, Stretch] | None = None, *, relaxed: bool
    ) -> list[Hit]:
        shards = self._store.shards()
        return fetch(shards.snapshots(), documents, query, stretches or {}, relaxed=relaxed) if shards else []

    def close(self) -> None:
        """Finish merging, and let another process write."""
        with self._writing:
            if self._writers is not None:
                self._writers.close()
                self._writers = None
            if self._taken is not None:
                self._taken.close()
                self._taken = None

    @property
    def _pens(self) -> Writers:
        if self._writers is None:
            raise RuntimeError("this index was opened for reading")
        return self._writers
