"""What makes the journal proof against whoever writes to the database: a key and a second record outside of it.

Each entry is sealed (HMAC-SHA-256) over the seal before it, so none can be made, changed, moved or taken out
without the key. The last entries could still be cut off, or an old database put back: after each commit the seal
just written is noted in a file beside, which only grows, and the database must hold every seal noted there.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
import stat
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

START = "0" * 64
ROTATE = 32 << 20
"""Bytes of notes, after which the file is put aside and a new one begun; the one before is kept too."""


class Sealed(Protocol):
    """The parts of an entry that its seal covers."""

    sequence: int | None
    at: datetime
    member_id: str
    action: str
    subject: str
    detail: str


class Seal:
    """The key and the notes. Without a folder nothing is noted: for databases that tests throw away."""

    def __init__(self, key: bytes, notes: Path | None = None) -> None:
        self._key = key
        self._notes = notes

    @classmethod
    def open(cls, key: Path, notes: Path) -> Seal:
        """The key in this file, made where there is none. Raises PermissionError where others may read it."""
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        notes.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(secrets.token_hex(32))
                out.flush()
                os.fsync(out.fileno())
        if stat.S_IMODE(key.stat().st_mode) & 0o077:
            raise PermissionError(f"{key} may be read by others: chmod 600 {key}")
        return cls(bytes.fromhex(key.read_text("ascii").strip()), notes)

    def entry(self, before: str, row: Sealed) -> str:
        """The seal of an entry that follows the one sealed `before`."""
        fields = [
            before,
            row.sequence,
            row.at.astimezone(UTC).isoformat(),
            row.member_id,
            row.action,
            row.subject,
            row.detail,
        ]
        return self.text(json.dumps(fields, ensure_ascii=False))

    def text(self, text: str) -> str:
        return hmac.new(self._key, text.encode(), hashlib.sha256).hexdigest()

    def note(self, entries: Sequence[tuple[int, str]]) -> None:
        """Note that these entries were committed. The file system keeps it whatever becomes of this process."""
        if self._notes is None:
            return
        lines = "".join(f"{sequence} {seal}\n" for sequence, seal in entries).encode("ascii")
        descriptor = os.open(self._notes, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, lines)
            full = os.fstat(descriptor).st_size > ROTATE
        finally:
            os.close(descriptor)
        if full:
            self._notes.replace(self._aside)

    def noted(self) -> Iterator[tuple[int, str]]:
        """Every (sequence, seal) that the files hold; a line cut short by a power cut is left out."""
        if self._notes is None:
            return
        for file in (self._aside, self._notes):
            if file.is_file():
                for line in file.read_text("ascii", errors="replace").splitlines():
                    sequence, _, seal = line.partition(" ")
                    if sequence.isdigit() and len(seal) == len(START):
                        yield int(sequence), seal

    @property
    def _aside(self) -> Path:
        assert self._notes is not None
        return self._notes.with_suffix(".before")
