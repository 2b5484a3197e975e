"""Frames between the parent and a worker: a letter, a length, a body. Never pickle."""

from __future__ import annotations

import struct
from typing import BinaryIO

HELLO, PROGRESS, RESULT, REFUSAL, NAME, BODY = b"H", b"P", b"R", b"U", b"N", b"B"
HEADER = struct.Struct(">cQ")


def pack(kind: bytes, body: bytes = b"") -> bytes:
    return HEADER.pack(kind, len(body)) + body


def receive(stream: BinaryIO) -> tuple[bytes, bytes]:
    """The next frame from a stream that blocks. Raises EOFError."""
    kind, length = HEADER.unpack(_exactly(stream, HEADER.size))
    return kind, _exactly(stream, length)


def _exactly(stream: BinaryIO, size: int) -> bytes:
    parts = []
    while size:
        part = stream.read(size)
        if not part:
            raise EOFError
        parts.append(part)
        size -= len(part)
    return b"".join(parts)
