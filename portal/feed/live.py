"""The search that pages use: always on the live generation, also right after a rebuild swapped it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from indexer.likeness import Likeness, Similar
from indexer.page import Page
from indexer.query import Query
from portal.feed.generations import Generations


class Searcher(Protocol):
    def search(self, query: Query) -> Page: ...

    def similar(self, likeness: Likeness) -> list[Similar]: ...

    def close(self) -> None: ...


class LiveSearch:
    """Opens the live generation for reading and follows the pointer; one `stat` a search."""

    def __init__(self, generations: Generations, open_searcher: Callable[[Path], Searcher]) -> None:
        self._generations = generations
        self._open = open_searcher
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._searcher: Searcher | None = None

    def search(self, query: Query) -> Page:
        return self._live().search(query)

    def similar(self, likeness: Likeness) -> list[Similar]:
        return self._live().similar(likeness)

    def close(self) -> None:
        with self._lock:
            if self._searcher is not None:
                self._searcher.close()
            self._searcher = None

    def _live(self) -> Searcher:
        stamp = self._generations.stamp()
        with self._lock:
            if self._searcher is None or stamp != self._stamp:
                # The former one is left to its running queries and freed with the last of them.
                self._searcher = self._open(self._generations.current())
                self._stamp = stamp
            return self._searcher
