"""Frames between the parent and a worker: a letter, a length, a body. Never pickle."""

from __future__ import annotations

import struct
from typing import BinaryIO

HELLO, PROGRESS, RESULT, REFUSAL, RUN, DONE = b"H", b"P", b"R", b"U", b"X", b"D"
NAME, PAGES, BODY = b"N", b"G", b"B"
"""A request: a name (read this file) or page numbers (measure these pages' words), then the file."""
HEADER = struct.Struct(">cQ")


def pack(kind: bytes, body: bytes = b"") -> bytes:
    return HEADER.pack(kind, len(body)) + body


def receive(stream: BinaryIO, limit: int | None = None) -> tuple[bytes, bytes]:
    """The next frame from a stream that blocks. Raises EOFError, also for a body longer than `limit`."""
    kind, length = HEADER.unpack(_exactly(stream, HEADER.size))
    if limit is not None and length > limit:
        raise EOFError
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
