"""The manifest: the small file that says which segments count. It is replaced whole: a crash leaves the former one."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

FILE: Final = "manifest.json"
_FORMAT: Final = 1

Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class Listed:
    """A segment that counts, and the file of its entries that no longer do."""

    segment: str
    dead: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    model: str | None = None
    """The embedder's name; None before the first entry."""
    serial: int = 0
    """Rises with each commit; names of files are made from it."""
    segments: tuple[Listed, ...] = field(default_factory=tuple)


def stamp(directory: Path) -> Stamp | None:
    """Changes with every commit; None where there was none. One system call."""
    try:
        found = (directory / FILE).stat()
    except FileNotFoundError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def read_manifest(directory: Path) -> Manifest:
    try:
        values = json.loads((directory / FILE).read_bytes())
    except FileNotFoundError:
        return Manifest()
    if values.pop("format", None) != _FORMAT:
        return Manifest()
    segments = tuple(Listed(**listed) for listed in values.pop("segments"))
    return Manifest(**values, segments=segments)


def write_manifest(directory: Path, manifest: Manifest) -> None:
    """Durable and visible to all once it returns."""
    values = {"format": _FORMAT, **asdict(manifest)}
    temporary = directory / f"{FILE}.new"
    with temporary.open("wb") as file:
        file.write(json.dumps(values).encode())
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(directory / FILE)
    folder = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def write_dead(path: Path, entries: NDArray[np.int32]) -> None:
    with path.open("wb") as file:
        file.write(entries.astype("<i4").tobytes())
        file.flush()
        os.fsync(file.fileno())


def read_dead(path: Path) -> NDArray[np.int32]:
    return np.fromfile(path, "<i4").astype(np.int32)
