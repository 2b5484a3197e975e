"""A follower brings one index up to the archive's head and remembers how far it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from indexer.index import SearchIndex
from portal.feed.changes import BATCH, Change, ChangeReader
from portal.feed.generations import read_cursor, write_whole


class Sink(Protocol):
    """Where changes go. `apply` is durable when it returns and may be repeated."""

    def apply(self, changes: Sequence[Change]) -> None: ...

    def close(self) -> None: ...


class LexicalSink:
    """Changes into a full-text index."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def apply(self, changes: Sequence[Change]) -> None:
        gone = [change.subject for change in changes if not change.records]
        kept = [record for change in changes for record in change.records]
        if gone:
            self._index.remove(gone)
        if kept:
            self._index.replace(kept)

    def close(self) -> None:
        self._index.close()


class Follower:
    """A sink and its cursor. The cursor is saved after the sink: a crash between them only repeats work."""

    def __init__(self, sink: Sink, reader: ChangeReader, cursor: Path) -> None:
        self._sink = sink
        self._reader = reader
        self._path = cursor
        self.cursor = read_cursor(cursor)

    def step(self, limit: int = BATCH) -> bool:
        """Apply the next changes; False when there were none."""
        found = self._reader.after(self.cursor, limit)
        if found.cursor == self.cursor:
            return False
        self._sink.apply(found.changes)
        write_whole(self._path, str(found.cursor))
        self.cursor = found.cursor
        return True

    def close(self) -> None:
        self._sink.close()
