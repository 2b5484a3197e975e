"""The keys that documents are sealed with (*clés de chiffrement*), in a file outside the database and the store."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

KEY_BYTES = 32
ID_BYTES = 8


class KeyMissing(Exception):
    """A document is sealed with a key that the file does not hold. Nothing is shown, nothing is overwritten."""


@dataclass(frozen=True, slots=True)
class Keys:
    """Master keys by id; `active` seals what is new. `names` gives files their names and never changes."""

    active: str
    names: bytes = field(repr=False)
    masters: dict[str, bytes] = field(repr=False)

    @property
    def master(self) -> bytes:
        return self.masters[self.active]

    def of(self, identifier: str) -> bytes:
        """Raises KeyMissing."""
        try:
            return self.masters[identifier]
        except KeyError:
            raise KeyMissing(f"key {identifier} is not in the file of keys") from None

    def name(self, digest: str) -> str:
        """A document's name on disk: tells nothing about its content to whoever has no key."""
        return hmac.new(self.names, digest.encode(), hashlib.sha256).hexdigest()

    def with_new(self) -> Keys:
        """The same keys and a new active one."""
        identifier = secrets.token_hex(ID_BYTES // 2)
        return Keys(identifier, self.names, {**self.masters, identifier: secrets.token_bytes(KEY_BYTES)})

    def without_old(self) -> Keys:
        """The active key and the one before: a portal that runs may have sealed with it a moment ago."""
        kept = list(self.masters)[-2:]
        return Keys(self.active, self.names, {identifier: self.masters[identifier] for identifier in kept})


class KeyFile:
    """The file of keys, read again when it changes: a rotation reaches a portal that runs."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held = open_keys(path)
        self._stamp = self._look()

    @property
    def current(self) -> Keys:
        stamp = self._look()
        if stamp != self._stamp:
            self._held, self._stamp = open_keys(self.path), stamp
        return self._held

    def _look(self) -> tuple[int, int]:
        status = self.path.stat()
        return status.st_mtime_ns, status.st_ino


def open_keys(path: Path) -> Keys:
    """The keys in this file, made where there is none. Raises PermissionError where others may read it."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if not path.exists():
        identifier = secrets.token_hex(ID_BYTES // 2)
        made = Keys(identifier, secrets.token_bytes(KEY_BYTES), {identifier: secrets.token_bytes(KEY_BYTES)})
        write_keys(path, made, fresh=True)
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise PermissionError(f"{path} may be read by others: chmod 600 {path}")
    held = json.loads(path.read_text("ascii"))
    masters = {identifier: bytes.fromhex(key) for identifier, key in held["keys"].items()}
    return Keys(held["active"], bytes.fromhex(held["names"]), masters)


def write_keys(path: Path, keys: Keys, *, fresh: bool = False) -> None:
    """Put the keys in place of the former, whole and durable. `fresh` leaves a file that is there already."""
    held = {
        "active": keys.active,
        "names": keys.names.hex(),
        "keys": {identifier: key.hex() for identifier, key in keys.masters.items()},
    }
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as out:
            json.dump(held, out)
            out.flush()
            os.fsync(out.fileno())
        if fresh:
            try:
                os.link(temporary, path)
            except FileExistsError:
                return
        else:
            temporary.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    finally:
        temporary.unlink(missing_ok=True)
