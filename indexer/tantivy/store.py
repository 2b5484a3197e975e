"""Where an index lies on disk.

directory/lock        held by the one writer
directory/format      the format of what is stored
directory/published/  a tantivy index, the only one whose statistics weigh on scores
directory/restricted/ another, for all that is not published
"""

from __future__ import annotations

import fcntl
import threading
from pathlib import Path
from typing import IO

from indexer.tantivy.schema import FORMAT
from indexer.tantivy.shard import Shard, Snapshot

_OUTDATED = "L’index est d’un format antérieur ; rien n’est perdu : reconstruisez-le à partir de l’archive."


class WriterTaken(RuntimeError):
    """Another process writes to this index already."""


class OutdatedIndex(RuntimeError):
    """The index was written in another format: it must be built anew."""


class Shards:
    """Published records apart from restricted ones."""

    def __init__(self, directory: Path, *, create: bool = False) -> None:
        self.published = Shard(directory / "published", create=create)
        self.restricted = Shard(directory / "restricted", create=create)

    def snapshots(self) -> tuple[Snapshot, Snapshot]:
        """Published, then restricted."""
        return self.published.snapshot(), self.restricted.snapshot()


class Store:
    """An index's folder, opened when there is something to open."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._format = directory / "format"
        self._lock = threading.Lock()
        self._shards: Shards | None = None

    def take(self) -> IO[str]:
        """Become the one writer for as long as the file returned is open, and make what is missing.

        Raises WriterTaken, OutdatedIndex.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        file = (self._directory / "lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise WriterTaken(f"Un autre processus écrit déjà dans l’index {self._directory}.") from None
        try:
            if not self._format.exists():
                self._shards = Shards(self._directory, create=True)
                self._format.write_text(str(FORMAT))  # last: readers open what it stands beside
            self.shards()
        except BaseException:
            file.close()
            raise
        return file

    def shards(self) -> Shards | None:
        """None before the first writer. Raises OutdatedIndex."""
        if self._shards is None and self._format.exists():
            with self._lock:
                if self._shards is None:
                    if self._format.read_text() != str(FORMAT):
                        raise OutdatedIndex(_OUTDATED)
                    self._shards = Shards(self._directory)
        return self._shards
