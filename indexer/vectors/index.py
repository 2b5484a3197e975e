"""The vector index: one writer, many readers in any process, on a folder of segments."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.vectors.columns import Columns, columns_of, join
from indexer.vectors.entry import Entry, Narrowing, Neighbour
from indexer.vectors.manifest import (
    FILE,
    Listed,
    Manifest,
    Stamp,
    read_dead,
    read_manifest,
    stamp,
    write_dead,
    write_manifest,
)
from indexer.vectors.part import Part
from indexer.vectors.scan import nearest
from indexer.vectors.segment import Segment, write_segment

_LOCK: Final = "writer.lock"
_NO_NARROWING: Final = Narrowing()
_NO_DEAD: Final = np.empty(0, np.int32)
_ATTEMPTS: Final = 100
_WORTH_REWRITING: Final = 3
"""A segment is written anew when one row in this many is dead."""


class WriterBusy(RuntimeError):
    """Another process writes this index."""


class ReadOnly(RuntimeError):
    """The index was opened for reading."""


class VectorIndex:
    """Meaning by clearance (*index de vecteurs*).

    `replace` and `remove` are durable and visible to every reader once they return, also in other
    processes, and may be repeated without harm. A search reads nothing that its reader may not find.
    A crash leaves the state before the commit that it cut short.
    """

    def __init__(self, directory: Path, *, writer: bool = False) -> None:
        self._directory = directory
        self._lock = threading.Lock()
        self._commits = threading.Lock()
        self._stamp: Stamp | None = None
        self._manifest = Manifest()
        self._parts: tuple[Part, ...] = ()
        self._writer: int | None = None
        if writer:
            directory.mkdir(parents=True, exist_ok=True)
            self._writer = _take_lock(directory)
            self._current()
            self._sweep()

    @property
    def model(self) -> str | None:
        """Name of the embedder whose vectors these are; None while there are none."""
        self._current()
        return self._manifest.model

    def __len__(self) -> int:
        """Passages."""
        return sum(part.living_rows for part in self._current())

    def replace(self, entries: Iterable[Entry], *, model: str) -> None:
        """Add entries; every entry of each document named takes the place of its former ones.

        Vectors of another model than `model` are forgotten.
        """
        given = list(entries)
        self._commit({entry.document for entry in given}, [entry for entry in given if entry.places], model)

    def remove(self, documents: Iterable[str]) -> None:
        """Forget every entry of these documents."""
        self._commit(set(documents), [], None)

    def entries(self, document: str) -> list[Entry]:
        """What is held of a document, whoever may find it: for its writer, not for a reader."""
        return [part.segment.entry(entry) for part in self._current() for entry in part.find([document])]

    def lacking(self, documents: Iterable[str]) -> set[str]:
        """Those of these documents of which nothing is held: not read yet, or without words."""
        missing = set(documents)
        for part in self._current():
            missing -= {part.segment.document(entry) for entry in part.find(missing)}
        return missing

    def search(
        self,
        vector: NDArray[np.float32],
        *,
        labels: frozenset[str],
        k: int,
        denied: frozenset[str] = frozenset(),
        narrowing: Narrowing = _NO_NARROWING,
    ) -> list[Neighbour]:
        """The `k` nearest documents that the reader may find, by their best passage, best first.

        `vector` is float32 [dimensions] of unit length, by the embedder named `model`.
        """
        return nearest(self._current(), vector, labels=labels, denied=denied, k=k, narrowing=narrowing)

    def close(self) -> None:
        """Let another writer in. What is mapped is freed with the last search that reads it."""
        with self._lock:
            if self._writer is not None:
                os.close(self._writer)
            self._writer = None
            self._parts, self._stamp = (), None

    def _current(self) -> tuple[Part, ...]:
        found = stamp(self._directory)
        if found == self._stamp:
            return self._parts
        with self._lock:
            for _ in range(_ATTEMPTS):
                found = stamp(self._directory)
                manifest = read_manifest(self._directory)
                try:
                    parts = self._opened(manifest)
                except FileNotFoundError:
                    continue  # a later commit has replaced a file of this manifest: read the new one
                if found == stamp(self._directory):
                    self._manifest, self._parts, self._stamp = manifest, parts, found
                    break
            return self._parts

    def _opened(self, manifest: Manifest) -> tuple[Part, ...]:
        known = {part.segment.name: part for part in self._parts}
        parts = []
        for listed in manifest.segments:
            part = known.get(listed.segment)
            if part is None or part.dead_name != listed.dead:
                segment = part.segment if part else Segment(self._directory / listed.segment)
                dead = read_dead(self._directory / listed.dead) if listed.dead else _NO_DEAD
                part = Part(segment, dead, listed.dead)
            parts.append(part)
        return tuple(parts)

    def _commit(self, documents: set[str], entries: Sequence[Entry], model: str | None) -> None:
        if self._writer is None:
            raise ReadOnly("this vector index was opened for reading")
        with self._commits:
            self._write(documents, entries, model)

    def _write(self, documents: set[str], entries: Sequence[Entry], model: str | None) -> None:
        parts = self._current()
        if model is not None and self._manifest.model not in {None, model}:
            parts = ()
        changed = [self._without(part, documents) for part in parts]
        if not entries and model in {None, self._manifest.model} and all(map(_is_same, parts, changed)):
            return
        serial = self._manifest.serial + 1
        kept, pool = _to_merge(changed, columns_of(entries) if entries else None)
        listed = [self._listed(part, serial) for part in kept]
        if pool:
            name = f"segment-{serial:08d}"
            write_segment(self._directory / name, join(pool))
            listed.append(Listed(name))
        write_manifest(self._directory, Manifest(model or self._manifest.model, serial, tuple(listed)))
        self._current()
        self._sweep()

    def _without(self, part: Part, documents: set[str]) -> Part:
        gone = part.find(documents)
        if not gone:
            return part
        dead = np.union1d(part.dead, np.array(gone, np.int32)).astype(np.int32)
        return Part(part.segment, dead, None)

    def _listed(self, part: Part, serial: int) -> Listed:
        name = part.dead_name
        if len(part.dead) and name is None:
            name = f"dead-{part.segment.name.removeprefix('segment-')}-{serial:08d}"
            write_dead(self._directory / name, part.dead)
        return Listed(part.segment.name, name)

    def _sweep(self) -> None:
        """Delete what no manifest names: merged segments, and what a crash left."""
        wanted = {FILE, _LOCK}
        for listed in self._manifest.segments:
            wanted |= {listed.segment, listed.dead or ""}
        for path in self._directory.iterdir():
            if path.name not in wanted:
                path.unlink(missing_ok=True)


def _is_same(before: Part, after: Part) -> bool:
    return before is after


def _to_merge(parts: Sequence[Part], new: Columns | None) -> tuple[list[Part], list[Columns]]:
    """Which segments stay as they are, and what the new one is made of.

    Segments no larger than what follows them are merged, so there are never more than log2 of the rows.
    """
    kept = [part for part in parts if part.living_rows]
    worn = [part for part in kept if (part.rows - part.living_rows) * _WORTH_REWRITING > part.rows]
    pool = [part.columns() for part in worn[:1]] + ([new] if new else [])
    kept = [part for part in kept if part not in worn[:1]]
    rows = sum(len(columns.rows) for columns in pool)
    while kept and pool and kept[-1].living_rows <= rows:
        last = kept.pop()
        rows += last.living_rows
        pool.append(last.columns())
    return kept, pool


def _take_lock(directory: Path) -> int:
    lock = os.open(directory / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(lock)
        raise WriterBusy("another process writes this vector index") from None
    return lock
