"""A follower brings one index up to the archive's head and remembers how far it is."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Protocol

from indexer.record import Record
from portal.feed.changes import BATCH, ChangeReader
from portal.feed.generations import read_cursor, write_whole


class Sink(Protocol):
    """An index that records are put into: full text, or vectors. Durable when a call returns; may be repeated."""

    def replace(self, records: Iterable[Record]) -> None: ...

    def remove(self, documents: Iterable[str]) -> None: ...

    def close(self) -> None: ...


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
        gone = [change.subject for change in found.changes if not change.records]
        kept = [record for change in found.changes for record in change.records]
        if gone:
            self._sink.remove(gone)
        if kept:
            self._sink.replace(kept)
        write_whole(self._path, str(found.cursor))
        self.cursor = found.cursor
        return True

    def close(self) -> None:
        self._sink.close()
