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
from indexer.tantivy.generations import Generations
from indexer.tantivy.search import fetch, search
from indexer.tantivy.writing import Writers


class TantivyIndex:
    """Full text on disk in `directory`. One process may write (`writer=True`), any number read.

    Readers see a commit at their next search, with one `stat` a shard as its price. `cursor` is the
    caller's own position in what it feeds, saved right after the commit that it came with: after a
    crash it may lag, so work is repeated and never lost. Safe to use from several threads.
    Raises WriterTaken when another process writes already.
    """

    def __init__(self, directory: Path, *, writer: bool = False) -> None:
        self._generations = Generations(directory)
        self._writing = threading.RLock()
        self._batches = 0
        self._batch_cursor: int | None = None
        self._taken = self._generations.take() if writer else None
        try:
            self._writers = Writers(self._generations.open_for_writing()) if writer else None
        except BaseException:
            self.close()
            raise

    @property
    def cursor(self) -> int:
        """The last cursor saved; 0 for a new index."""
        generation = self._generations.current()
        return generation.cursor if generation else 0

    def replace(self, records: Iterable[Record], *, cursor: int | None = None) -> None:
        """One commit for the whole batch; nothing of it stays when a record cannot be written."""
        with self.batch(cursor=cursor):
            self._pens.replace(records)

    def remove(self, documents: Iterable[str], *, cursor: int | None = None) -> None:
        with self.batch(cursor=cursor):
            self._pens.remove(documents)

    @contextmanager
    def batch(self, *, cursor: int | None = None) -> Iterator[None]:
        """Commit once for all that is written inside, or nothing of it when an exception leaves."""
        with self._writing:
            pens = self._pens
            self._batches += 1
            try:
                yield
                if cursor is not None:
                    self._batch_cursor = cursor
                if self._batches == 1:
                    pens.commit(self._batch_cursor)
                    self._batch_cursor = None
            except BaseException:
                pens.rollback()
                self._batch_cursor = None
                raise
            finally:
                self._batches -= 1

    @contextmanager
    def rebuild(self) -> Iterator[Writers]:
        """Fill an empty index beside the live one; on leaving it takes its place, without a failed query.

        The live index may be written meanwhile, but what is written to it is not in the new one. An
        exception leaves the live index as it is.
        """
        fresh = Writers(self._generations.new())
        try:
            yield fresh
            fresh.commit(None)
        except BaseException:
            fresh.close()
            self._generations.drop(fresh.generation)
            raise
        with self._writing:
            former, self._writers = self._pens, fresh
            former.close()
            self._generations.point_to(fresh.generation)

    def search(self, query: Query) -> Page:
        generation = self._generations.current()
        if generation is None:
            return Page(total=0, hits=(), facets={name: {} for name in query.facets})
        return search(generation.snapshots(), query)

    def fetch(
        self, documents: Sequence[str], query: Query, stretches: Mapping[str, Stretch] | None = None, *, relaxed: bool
    ) -> list[Hit]:
        generation = self._generations.current()
        return fetch(generation.snapshots(), documents, query, stretches or {}, relaxed=relaxed) if generation else []

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
