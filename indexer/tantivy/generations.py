"""Where an index lives on disk, and how one takes the place of another without a failed query.

directory/current        the name of the generation that is searched
directory/lock           held by the one writer
directory/<generation>/  published/ and restricted/ (tantivy indexes), cursor
"""

from __future__ import annotations

import fcntl
import os
import secrets
import shutil
import threading
from pathlib import Path
from typing import IO, Final

from indexer.tantivy.schema import FORMAT
from indexer.tantivy.shard import Shard, Snapshot, stamp_of

_ATTEMPTS: Final = 5


class WriterTaken(RuntimeError):
    """Another process writes to this index already."""


class Generation:
    """One whole index: published records apart from restricted ones, and the feeder's cursor."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        self.path = path
        self.published = Shard(path / "published", create=create)
        self.restricted = Shard(path / "restricted", create=create)

    def snapshots(self) -> tuple[Snapshot, Snapshot]:
        """Published, then restricted."""
        return self.published.snapshot(), self.restricted.snapshot()

    @property
    def cursor(self) -> int:
        try:
            return int((self.path / "cursor").read_text())
        except (FileNotFoundError, ValueError):
            return 0

    def save_cursor(self, cursor: int) -> None:
        _write(self.path / "cursor", str(cursor))


class Generations:
    """The pointer to the generation that is searched, followed by readers of any process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._pointer = directory / "current"
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._current: Generation | None = None

    def take(self) -> IO[str]:
        """Become the one writer for as long as the file returned is open. Raises WriterTaken."""
        self._directory.mkdir(parents=True, exist_ok=True)
        file = (self._directory / "lock").open("w")
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            file.close()
            raise WriterTaken(f"un autre processus écrit déjà dans l’index {self._directory}") from None
        return file

    def current(self) -> Generation | None:
        """The generation that is searched; None before the first one. Costs one `stat` when nothing changed."""
        if self._current is not None and stamp_of(self._pointer) == self._stamp:
            return self._current
        with self._lock:
            for attempt in range(_ATTEMPTS):
                stamp = stamp_of(self._pointer)
                if stamp is None:
                    return self._current
                if self._current is not None and stamp == self._stamp:
                    return self._current
                try:
                    self._current = Generation(self._directory / self._pointer.read_text())
                except (OSError, ValueError):
                    # It was replaced and removed between our two looks.
                    if attempt == _ATTEMPTS - 1:
                        raise
                    continue
                self._stamp = stamp
                return self._current
        return self._current

    def open_for_writing(self) -> Generation:
        """The current generation, or a new empty one where there is none of this format."""
        name = self._pointer.read_text() if self._pointer.exists() else ""
        if name.startswith(f"{FORMAT}-"):
            return Generation(self._directory / name, create=True)
        fresh = self.new()
        self.point_to(fresh)
        return fresh

    def new(self) -> Generation:
        return Generation(self._directory / f"{FORMAT}-{secrets.token_hex(4)}", create=True)

    def drop(self, generation: Generation) -> None:
        shutil.rmtree(generation.path, ignore_errors=True)

    def point_to(self, generation: Generation) -> None:
        """Search `generation` from now on, and delete all others: open ones serve until they are let go."""
        _write(self._pointer, generation.path.name)
        for path in self._directory.iterdir():
            if path.is_dir() and path != generation.path:
                shutil.rmtree(path, ignore_errors=True)


def _write(path: Path, text: str) -> None:
    beside = path.with_name(path.name + ".new")
    with beside.open("w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
