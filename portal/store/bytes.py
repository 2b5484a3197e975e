"""Where the bytes of documents are kept: write once, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

CHUNK = 1 << 20


class DocumentStore(Protocol):
    """Bytes in, digest out (*conservation des originaux*). `put` is durable when it returns and may be repeated."""

    def put(self, file: BinaryIO) -> str:
        """The SHA-256, 64 hexadecimal digits."""
        ...

    def open(self, digest: str) -> BinaryIO:
        """Raises FileNotFoundError."""
        ...


class MemoryStore:
    """The test double."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def put(self, file: BinaryIO) -> str:
        body = file.read()
        digest = hashlib.sha256(body).hexdigest()
        self._held[digest] = body
        return digest

    def open(self, digest: str) -> BinaryIO:
        if digest not in self._held:
            raise FileNotFoundError(digest)
        return BytesIO(self._held[digest])


class FolderStore:
    """A folder, two levels deep; a file appears whole (temporary name, fsync, rename, fsync of the folder)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, file: BinaryIO) -> str:
        hasher = hashlib.sha256()
        handle, name = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                while chunk := file.read(CHUNK):
                    hasher.update(chunk)
                    out.write(chunk)
                out.flush()
                os.fsync(out.fileno())
            digest = hasher.hexdigest()
            target = self._path(digest)
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary.replace(target)
                for folder in (target.parent, target.parent.parent, self._folder):
                    _sync(folder)
            return digest
        finally:
            temporary.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        return self._path(digest).open("rb")

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:4] / digest


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
