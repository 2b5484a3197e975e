"""Where an index lives on disk: numbered generations, a pointer to the live one, one writer.

index/current          the live generation's name
index/<name>/lexical   the engine's files
index/<name>/vectors   vectors beside it
index/<name>/*.cursor  the last revision each holds
index/feed.lock        held by the one process that writes
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FIRST = "1"


class Generations:
    """The folder of generations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def current(self) -> Path:
        """The live generation's folder; the first one where there is none yet."""
        pointer = self.folder / "current"
        try:
            name = pointer.read_text("ascii").strip()
        except FileNotFoundError:
            name = FIRST
        path = self.folder / name
        path.mkdir(parents=True, exist_ok=True)
        return path

    def stamp(self) -> tuple[int, int]:
        """Changes when another generation goes live; one `stat`."""
        try:
            status = (self.folder / "current").stat()
        except FileNotFoundError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_ino)

    def new(self) -> Path:
        """An empty folder for the next generation."""
        numbers = [int(path.name) for path in self.folder.iterdir() if path.name.isdigit()]
        path = self.folder / str(max(numbers, default=0) + 1)
        path.mkdir()
        return path

    def go_live(self, generation: Path) -> None:
        """Point every reader at this generation, in one rename."""
        write_whole(self.folder / "current", generation.name)

    def prune(self) -> None:
        """Remove generations that are neither live nor newer: a reader that still has one open keeps its files."""
        live = int(self.current().name)
        for path in self.folder.iterdir():
            if path.name.isdigit() and int(path.name) < live:
                shutil.rmtree(path, ignore_errors=True)


@contextmanager
def only_one(lock: Path) -> Iterator[bool]:
    """Hold the lock file while the block runs; yields False where another process holds it."""
    lock.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True
    finally:
        os.close(descriptor)


def read_cursor(path: Path) -> int:
    try:
        return int(path.read_text("ascii"))
    except (FileNotFoundError, ValueError):
        return 0


def write_whole(path: Path, text: str) -> None:
    """Replace a small file so that a reader sees the old or the new text, whole, also after a power cut."""
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    with os.fdopen(handle, "w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    Path(temporary).replace(path)
