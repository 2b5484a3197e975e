"""Where the bytes of documents are kept: write once, named by their SHA-256."""

from __future__ import annotations

import hashlib
import os
import tempfile
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import BinaryIO, Protocol

from portal.store.keys import KeyFile
from portal.store.sealed import SealedReader, rewrap, write_sealed

READ_AHEAD = 1 << 16


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
    """A folder, two levels deep, of sealed files; one appears whole (temporary name, fsync, rename, fsync).

    A file's name is a keyed digest of its content's: the folder alone tells neither what it holds, nor whether it
    holds a given document.
    """

    def __init__(self, folder: Path, keys: KeyFile) -> None:
        self._folder = folder
        self._keys = keys
        folder.mkdir(parents=True, exist_ok=True)

    def put(self, file: BinaryIO) -> str:
        hashed, keys = _Hashed(file), self._keys.current
        handle, made = tempfile.mkstemp(dir=self._folder, prefix=".new-")
        temporary = Path(made)
        try:
            with os.fdopen(handle, "wb") as out:
                write_sealed(out, hashed, keys, lambda: keys.name(hashed.digest))
                out.flush()
                os.fsync(out.fileno())
            target = self._path(keys.name(hashed.digest))
            if not target.exists():
                target.parent.mkdir(parents=True, exist_ok=True)
                temporary.replace(target)
                for folder in (target.parent, target.parent.parent, self._folder):
                    _sync(folder)
            return hashed.digest
        finally:
            temporary.unlink(missing_ok=True)

    def open(self, digest: str) -> BinaryIO:
        """Raises FileNotFoundError; Tampered where it is not what was put; KeyMissing."""
        if len(digest) != 64 or not digest.isalnum():
            raise FileNotFoundError(digest)
        keys = self._keys.current
        name = keys.name(digest)
        return BufferedReader(SealedReader(self._path(name), keys, name), READ_AHEAD)

    def rewrap(self) -> int:
        """Wrap every file's key by the active master key. Returns how many were changed."""
        keys = self._keys.current
        return sum(rewrap(path, keys, path.name) for path in sorted(self._folder.glob("??/??/*")))

    def _path(self, name: str) -> Path:
        return self._folder / name[:2] / name[2:4] / name


class _Hashed:
    """A file that knows the SHA-256 of what was read of it."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._hasher = hashlib.sha256()

    def read(self, size: int) -> bytes:
        part = self._file.read(size)
        self._hasher.update(part)
        return part

    @property
    def digest(self) -> str:
        return self._hasher.hexdigest()


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
