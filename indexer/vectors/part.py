"""A segment as it counts now: without its dead entries, and by reader."""

from __future__ import annotations

from collections.abc import Iterable
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

    def find(self, document: str) -> list[int]:
        return [entry for entry in self.segment.find(document) if self.living[entry]]

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

    def eligible(self, denied: Iterable[str], narrowing: Narrowing) -> NDArray[np.bool_] | None:
        """bool [entries]: which may be listed; None where nothing stands against any."""
        columns = self.segment.columns
        refused = [entry for document in denied for entry in self.segment.find(document)]
        if not refused and not narrowing and not len(self.dead):
            return None
        eligible = self.living.copy()
        eligible[refused] = False
        for name, wanted in narrowing.facets.items():
            column = columns.facets.get(name)
            if column is None:
                eligible[:] = False
                continue
            meets = np.array([not values.isdisjoint(wanted) for values in column.table], np.bool_)
            eligible &= meets[column.codes]
        if narrowing.date_from is not None:
            eligible &= columns.dates >= narrowing.date_from.toordinal()
        if narrowing.date_to is not None:
            eligible &= (columns.dates <= narrowing.date_to.toordinal()) & (columns.dates > 0)
        return eligible
