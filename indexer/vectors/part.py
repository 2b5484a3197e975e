"""A segment as it counts now: without its dead entries, and by reader."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from indexer.vectors.columns import Columns
from indexer.vectors.entry import Narrowing
from indexer.vectors.segment import Segment

_REMEMBERED = 256


class Part:
    """`dead` lists the entries that no longer count, int32 [n]."""

    def __init__(self, segment: Segment, dead: NDArray[np.int32], dead_name: str | None) -> None:
        self.segment = segment
        self.dead = dead
        self.dead_name = dead_name
        self._runs: dict[frozenset[str], NDArray[np.int64]] = {}

    @cached_property
    def living(self) -> NDArray[np.bool_]:
        """bool [entries]."""
        living = np.ones(len(self.segment), np.bool_)
        living[self.dead] = False
        return living

    @cached_property
    def living_rows(self) -> int:
        bounds = self.segment.columns.bounds
        return int(np.diff(bounds)[self.living].sum())

    @property
    def rows(self) -> int:
        return len(self.segment.columns.rows)

    def columns(self) -> Columns:
        """What lives."""
        return self.segment.columns.take(np.flatnonzero(self.living))

    def find(self, documents: Collection[str]) -> list[int]:
        """The living entries of these documents."""
        return [entry for entry in self.segment.find(documents) if self.living[entry]]

    def runs(self, labels: frozenset[str]) -> NDArray[np.int64]:
        """[n, 2]: stretches of rows that a reader with these labels may find, dead ones among them."""
        found = self._runs.get(labels)
        if found is None:
            if len(self._runs) >= _REMEMBERED:
                self._runs.clear()
            found = self._runs[labels] = self._visible(labels)
        return found

    def _visible(self, labels: frozenset[str]) -> NDArray[np.int64]:
        table = self.segment.columns.access.table
        admitted = np.array([access.admits(labels) for access in table], np.bool_)
        blocks = self.segment.blocks
        blocks = blocks[admitted[blocks[:, 0]], 1:]
        opens = np.append(True, blocks[1:, 0] != blocks[:-1, 1])[: len(blocks)]
        closes = np.append(opens[1:], True)[: len(blocks)]
        return np.stack([blocks[opens, 0], blocks[closes, 1]], axis=1)

    def sieve(self, denied: Collection[str], narrowing: Narrowing) -> Sieve | None:
        """What keeps rows from being listed; None where nothing does."""
        refused = self.segment.find(denied) if denied else []
        if not refused and not narrowing and not len(self.dead):
            return None
        living = self.living
        if refused:
            living = living.copy()
            living[refused] = False
        return Sieve(self.segment, living, narrowing)


class Sieve:
    """Tells which rows of a stretch may be listed, reading no entry outside it."""

    def __init__(self, segment: Segment, living: NDArray[np.bool_], narrowing: Narrowing) -> None:
        self._columns = segment.columns
        self._owners = segment.owners
        self._living = living
        self._narrowing = narrowing
        self._meets = [segment.meets(name, wanted) for name, wanted in narrowing.facets.items()]

    def rows(self, start: int, end: int) -> NDArray[np.bool_]:
        """bool [end - start]; the stretch begins and ends with an entry."""
        entries = slice(int(self._owners[start]), int(self._owners[end - 1]) + 1)
        listed = self._living[entries].copy()
        for codes, meets in self._meets:
            listed &= meets[codes[entries]]
        dates = self._columns.dates[entries]
        if self._narrowing.date_from is not None:
            listed &= dates >= self._narrowing.date_from.toordinal()
        if self._narrowing.date_to is not None:
            listed &= (dates <= self._narrowing.date_to.toordinal()) & (dates > 0)
        counts = np.diff(self._columns.bounds[entries.start : entries.stop + 1])
        return np.repeat(listed, counts)
