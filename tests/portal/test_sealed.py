"""Documents at rest: sealed, bound to their place, readable by key alone, through rotations cut short."""

from __future__ import annotations

import os
import random
from io import BytesIO
from pathlib import Path

import pytest

from portal.store import sealed
from portal.store.bytes import FolderStore
from portal.store.keys import KeyFile, KeyMissing, write_keys
from portal.store.sealed import CHUNK, HEADER, Tampered

SIZES = (0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK, 3 * CHUNK + 5)
CANARY = b"canari du delibere "


@pytest.fixture
def keys(tmp_path: Path) -> KeyFile:
    return KeyFile(tmp_path / "keys" / "documents")


@pytest.fixture
def store(tmp_path: Path, keys: KeyFile) -> FolderStore:
    return FolderStore(tmp_path / "bytes", keys)


def files(store: FolderStore) -> list[Path]:
    return sorted(store._folder.glob("??/??/*"))


def body(size: int) -> bytes:
    return (CANARY * (size // len(CANARY) + 1))[:size]


@pytest.mark.parametrize("size", SIZES)
def test_what_goes_in_comes_out_from_anywhere(store: FolderStore, size: int) -> None:
    """Bytes come back whole, and from any place; nothing of them can be read in the folder."""
    digest = store.put(BytesIO(body(size)))
    with store.open(digest) as file:
        assert file.read() == body(size)
    chance = random.Random(size)
    with store.open(digest) as file:
        for _ in range(20):
            at, length = chance.randint(0, size), chance.randint(0, CHUNK + 10)
            file.seek(at)
            assert file.read(length) == body(size)[at : at + length]
    (path,) = files(store)
    assert CANARY not in path.read_bytes()
    assert digest not in str(path)


@pytest.mark.parametrize("size", [0, 5, CHUNK, 2 * CHUNK + 9])
def test_a_changed_file_does_not_open(store: FolderStore, size: int) -> None:
    """One bit changed anywhere, a cut at any place, or chunks exchanged: refused, never shown."""
    digest = store.put(BytesIO(body(size)))
    (path,) = files(store)
    whole = path.read_bytes()
    chance = random.Random(size)
    unused = range(HEADER - sealed.SLOT, HEADER)
    damaged = []
    for _ in range(60):
        place = chance.choice([at for at in range(len(whole)) if at not in unused])
        damaged.append(whole[:place] + bytes([whole[place] ^ 1 << chance.randrange(8)]) + whole[place + 1 :])
    damaged += [whole[: chance.randrange(len(whole))] for _ in range(30)]
    damaged += [whole + b"\0", whole[:-16], b""]
    if size > 2 * CHUNK:
        step = CHUNK + sealed.TAG
        one, two = whole[HEADER : HEADER + step], whole[HEADER + step : HEADER + 2 * step]
        damaged += [whole[:HEADER] + two + one + whole[HEADER + 2 * step :], whole[: HEADER + step]]
    for one in damaged:
        path.write_bytes(one)
        with pytest.raises((Tampered, KeyMissing)), store.open(digest) as file:
            file.read()
    path.write_bytes(whole)
    with store.open(digest) as file:
        assert file.read() == body(size)


def test_a_file_in_anothers_place_does_not_open(store: FolderStore) -> None:
    """Two sealed files exchanged on disk are both refused."""
    digests = [store.put(BytesIO(text)) for text in (b"un", b"deux")]
    one, two = files(store)
    held = one.read_bytes()
    one.write_bytes(two.read_bytes())
    two.write_bytes(held)
    for digest in digests:
        with pytest.raises(Tampered), store.open(digest) as file:
            file.read()


def test_another_key_opens_nothing(store: FolderStore, tmp_path: Path) -> None:
    """Whoever has the folder and another file of keys finds no document, and opens none."""
    digest = store.put(BytesIO(b"secret"))
    thief = FolderStore(tmp_path / "bytes", KeyFile(tmp_path / "other" / "keys"))
    with pytest.raises(FileNotFoundError):
        thief.open(digest)
    (path,) = files(store)
    with pytest.raises(KeyMissing):
        sealed.SealedReader(path, thief._keys.current, path.name)


def test_a_rotation_leaves_bodies_and_lets_the_old_key_go(store: FolderStore, keys: KeyFile) -> None:
    """After a rotation every document opens by the new key, its chunks untouched; after two the first key is gone."""
    digests = {store.put(BytesIO(body(size))): body(size) for size in SIZES}
    first = keys.current.active
    chunks = {path: path.read_bytes()[HEADER:] for path in files(store)}
    for _ in range(2):
        write_keys(keys.path, keys.current.with_new())
        late = store.put(BytesIO(os.urandom(10)))
        assert store.rewrap() == len(SIZES) + (_ > 0)
        assert store.rewrap() == 0
        write_keys(keys.path, keys.current.without_old())
        with store.open(late) as file:
            assert len(file.read()) == 10
    assert first not in keys.current.masters
    for digest, text in digests.items():
        with store.open(digest) as file:
            assert file.read() == text
    assert {path: path.read_bytes()[HEADER:] for path in chunks} == chunks


@pytest.mark.parametrize("writes", range(5))
def test_a_rotation_cut_short_goes_on(
    store: FolderStore, keys: KeyFile, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    """Killed after any of its writes, every document still opens, by the old key and the new, and it goes on."""
    digests = [store.put(BytesIO(body(size))) for size in (5, CHUNK + 1)]
    old = keys.current
    write_keys(keys.path, old.with_new())
    put, left = sealed._put, [writes]

    class Killed(BaseException):
        pass

    def counted(*given: object) -> None:
        if not left[0]:
            raise Killed
        left[0] -= 1
        put(*given)  # type: ignore[arg-type]  # passed through as they came

    monkeypatch.setattr(sealed, "_put", counted)
    if writes < 4:
        with pytest.raises(Killed):
            store.rewrap()
    else:
        store.rewrap()
    monkeypatch.undo()
    for digest in digests:
        with store.open(digest) as file:
            assert file.read(len(CANARY)) in {CANARY, CANARY[:5]}
    store.rewrap()
    assert all(sealed.rewrap(path, keys.current, path.name) is False for path in files(store))


def test_a_key_that_others_may_read_is_refused(keys: KeyFile) -> None:
    """The file of keys is its owner's alone, and says how to make it so."""
    assert keys.path.stat().st_mode & 0o777 == 0o600
    keys.path.chmod(0o640)
    with pytest.raises(PermissionError, match="chmod 600"):
        KeyFile(keys.path)
