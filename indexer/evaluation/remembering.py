"""Vectors kept by model and text, so that a collection is embedded once (hours) and measured often (seconds)."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Sequence
from hashlib import blake2b
from pathlib import Path
from typing import Final

import numpy as np

from indexer.embedder import Embedder, Vectors

_DIGEST: Final = 16
_BATCH: Final = 256
"""Texts embedded between two writings: what a run cut short loses."""


class RememberingEmbedder:
    """An `Embedder` that looks first whether it has seen a text. One file a model; several processes may share it.

    A row of the file is the digest of a text, 16 bytes, then its vector, float32 [dimensions]. A row cut short by a
    power cut is not read, and written over.
    """

    def __init__(self, embedder: Embedder, folder: Path, *, told: Callable[[int, int], None] | None = None) -> None:
        """`told` is called with how many of how many texts are done."""
        self._embedder = embedder
        self._told = told
        self._row = np.dtype([("digest", f"V{_DIGEST}"), ("vector", np.float32, (embedder.dimensions,))])
        name = blake2b(embedder.name.encode(), digest_size=8).hexdigest()
        folder.mkdir(parents=True, exist_ok=True)
        self._path = folder / f"{name}.vectors"
        self._places: dict[bytes, int] = {}
        self._rows = np.empty(0, self._row)
        self._read()

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    @property
    def floor(self) -> float:
        return self._embedder.floor

    def passages(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), dimensions]."""
        return self._all(b"passage", texts, self._embedder.passages)

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), dimensions]."""
        return self._all(b"query", texts, self._embedder.queries)

    def _all(self, kind: bytes, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> Vectors:
        digests = [blake2b(text.encode(), digest_size=_DIGEST, person=kind).digest() for text in texts]
        fresh = {digest: text for digest, text in zip(digests, texts, strict=True) if digest not in self._places}
        names = list(fresh)
        for start in range(0, len(names), _BATCH):
            batch = names[start : start + _BATCH]
            rows = np.empty(len(batch), self._row)
            rows["digest"] = np.array(batch, f"V{_DIGEST}")
            rows["vector"] = embed([fresh[digest] for digest in batch])
            self._append(rows)
            if self._told is not None and len(names) > _BATCH:
                self._told(start + len(batch), len(names))
        if fresh:
            self._read()
        found: Vectors = self._rows["vector"][[self._places[digest] for digest in digests]]
        return np.array(found, np.float32).reshape(len(texts), self.dimensions)

    def _append(self, rows: np.ndarray[tuple[int], np.dtype[np.void]]) -> None:
        with self._path.open("ab") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            os.ftruncate(file.fileno(), os.fstat(file.fileno()).st_size // self._row.itemsize * self._row.itemsize)
            file.write(rows.tobytes())

    def _read(self) -> None:
        size = self._path.stat().st_size // self._row.itemsize if self._path.exists() else 0
        if not size:
            return
        known = len(self._rows)
        self._rows = np.memmap(self._path, self._row, "r", shape=(size,))
        for place in range(known, size):
            self._places[self._rows["digest"][place].tobytes()] = place
