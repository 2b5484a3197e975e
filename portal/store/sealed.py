"""A sealed file (*fichier chiffré*): a data key of its own, wrapped by a master key, then chunks of AES-256-GCM.

    magic            6 bytes
    two slots        each: key id (8, ASCII), nonce (12), wrapped data key (48); zeros where it is empty
    chunks           65,536 bytes of text each and a tag of 16; the last, shorter one may be empty

A chunk's nonce is its number, since no two files share a data key; what it is sealed with says whether it is the
last, so a file cut short or put together from parts of others does not open. A slot is bound to the file's name: a
file put in another's place does not open either. Two slots, so that a new master key is in place before the old one
goes.
"""

from __future__ import annotations

import io
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO, Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from typing_extensions import Buffer

from portal.store.keys import ID_BYTES, KEY_BYTES, KeyMissing, Keys

MAGIC = b"MNTR1\n"
NONCE, TAG, CHUNK = 12, 16, 1 << 16
WRAPPED = KEY_BYTES + TAG
SLOT = ID_BYTES + NONCE + WRAPPED
HEADER = len(MAGIC) + 2 * SLOT
EMPTY = bytes(SLOT)


class Tampered(OSError):
    """The file is not what was written: changed, cut short, or another's."""


class Source(Protocol):
    """Whatever bytes are read from, in order."""

    def read(self, size: int, /) -> bytes: ...


def write_sealed(out: BinaryIO, file: Source, keys: Keys, name: Callable[[], str]) -> None:
    """Seal all of `file` into `out`; the name is asked for at the end, for it may follow from the content."""
    data_key = secrets.token_bytes(KEY_BYTES)
    out.write(bytes(HEADER))
    cipher = AESGCM(data_key)
    number, chunk = 0, _fill(file)
    while True:
        following = _fill(file) if len(chunk) == CHUNK else b""
        last = len(chunk) < CHUNK
        out.write(cipher.encrypt(_nonce(number), chunk, _bound(last)))
        if last:
            break
        number, chunk = number + 1, following
    out.seek(0)
    out.write(MAGIC + _wrap(data_key, keys, name()) + EMPTY)


class SealedReader(io.RawIOBase):
    """The text of a sealed file, from anywhere in it. Raises Tampered where a chunk is not what was written."""

    def __init__(self, path: Path, keys: Keys, name: str) -> None:
        super().__init__()
        self._file = path.open("rb")
        try:
            header = self._file.read(HEADER)
            self._cipher = AESGCM(_unwrap(header, keys, name))
            body = os.fstat(self._file.fileno()).st_size - HEADER
        except BaseException:
            self._file.close()
            raise
        whole, rest = divmod(body, CHUNK + TAG)
        if rest < TAG:
            self._file.close()
            raise Tampered(f"{name} is cut short")
        self._last = whole
        self.size = whole * CHUNK + rest - TAG
        self._at = 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: Buffer) -> int:
        view = memoryview(buffer).cast("B")
        number, within = divmod(self._at, CHUNK)
        if self._at >= self.size or not len(view):
            if self.size == 0:
                self._chunk(0)  # an empty file is checked too
            return 0
        piece = self._chunk(number)[within : within + len(view)]
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()

    def _chunk(self, number: int) -> bytes:
        if self._held[0] != number:
            self._file.seek(HEADER + number * (CHUNK + TAG))
            sealed = self._file.read(CHUNK + TAG)
            try:
                opened = self._cipher.decrypt(_nonce(number), sealed, _bound(number == self._last))
            except InvalidTag:
                raise Tampered(f"chunk {number} is not what was written") from None
            self._held = (number, opened)
        return self._held[1]


def rewrap(path: Path, keys: Keys, name: str) -> bool:
    """Wrap the file's data key by the active master key alone; its chunks stay. False where it is so already.

    Killed in the middle, the file opens by either key, and a second call goes on.
    """
    with path.open("r+b", buffering=0) as file:
        header = file.read(HEADER)
        slots = [header[len(MAGIC) + at * SLOT :][:SLOT] for at in range(2)]
        active = keys.active.encode()
        held = [at for at, slot in enumerate(slots) if slot != EMPTY]
        current = next((at for at in held if slots[at].startswith(active)), None)
        if current is not None and held == [current]:
            return False
        if current is None:
            data_key = _unwrap(header, keys, name)
            current = 1 if held == [0] else 0
            _put(file, current, _wrap(data_key, keys, name))
        _put(file, 1 - current, EMPTY)
        return True


def _put(file: BinaryIO | io.FileIO, slot: int, content: bytes) -> None:
    os.pwrite(file.fileno(), content, len(MAGIC) + slot * SLOT)
    os.fsync(file.fileno())


def _wrap(data_key: bytes, keys: Keys, name: str) -> bytes:
    nonce = secrets.token_bytes(NONCE)
    return keys.active.encode() + nonce + AESGCM(keys.master).encrypt(nonce, data_key, name.encode())


def _unwrap(header: bytes, keys: Keys, name: str) -> bytes:
    if len(header) < HEADER or not header.startswith(MAGIC):
        raise Tampered(f"{name} is no sealed file")
    missing: KeyMissing | None = None
    for at in range(2):
        slot = header[len(MAGIC) + at * SLOT :][:SLOT]
        if slot == EMPTY:
            continue
        nonce, wrapped = slot[ID_BYTES : ID_BYTES + NONCE], slot[ID_BYTES + NONCE :]
        try:
            master = keys.of(slot[:ID_BYTES].decode("ascii", "replace"))
            return AESGCM(master).decrypt(nonce, wrapped, name.encode())
        except KeyMissing as error:
            missing = error
        except InvalidTag:
            continue
    raise missing or Tampered(f"{name} is not sealed by us")


def _fill(file: Source) -> bytes:
    """A whole chunk, or all that is left."""
    parts, wanted = [], CHUNK
    while wanted and (part := file.read(wanted)):
        parts.append(part)
        wanted -= len(part)
    return b"".join(parts)


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE, "big")


def _bound(last: bool) -> bytes:
    return b"last" if last else b"more"
