"""The document store: one suite on every implementation."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path

import pytest

from portal.store.bytes import DocumentStore, FolderStore, MemoryStore
from portal.store.keys import KeyFile


@pytest.fixture(params=["folder", "memory"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> DocumentStore:
    return FolderStore(tmp_path / "bytes", KeyFile(tmp_path / "keys")) if request.param == "folder" else MemoryStore()


def test_what_is_put_is_opened_by_its_digest(store: DocumentStore) -> None:
    """Bytes come back whole under their SHA-256, however often they are put."""
    body = b"arr\xc3\xaat" * 100_000
    digest = store.put(BytesIO(body))
    assert digest == hashlib.sha256(body).hexdigest() == store.put(BytesIO(body))
    with store.open(digest) as file:
        assert file.read() == body


@pytest.mark.parametrize("digest", ["0" * 64, "../../etc/passwd", "", "a" * 63 + "/"])
def test_what_was_never_put_is_not_found(store: DocumentStore, digest: str) -> None:
    """An unknown or malformed digest finds nothing, and never leaves the folder."""
    with pytest.raises(FileNotFoundError):
        store.open(digest)


def test_a_file_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """A source that fails halfway leaves neither a file nor a remnant."""

    class Broken(BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError("the network share went away")

    store = FolderStore(tmp_path / "bytes", KeyFile(tmp_path / "keys"))
    with pytest.raises(OSError, match="went away"):
        store.put(Broken())
    assert list((tmp_path / "bytes").iterdir()) == []
