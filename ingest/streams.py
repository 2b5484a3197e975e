"""Reading streams (*flux*) that stop at a bound instead of filling the memory."""

from __future__ import annotations

import lzma
from collections.abc import Callable
from typing import BinaryIO

PIECE = 1 << 16
XZ_MEMORY = 256 << 20


class Metered:
    """A stream that tells `check` how many bytes have come out of it after each read; `check` raises to stop."""

    def __init__(self, plain: BinaryIO, check: Callable[[int], None]) -> None:
        self._plain = plain
        self._check = check
        self._passed = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._plain.read(size if size >= 0 else PIECE)
        self._passed += len(piece)
        self._check(self._passed)
        return piece

    def close(self) -> None:
        """The file beneath belongs to whoever opened it."""


class XzStream:
    """XZ with a bound on the dictionary that its header may ask for. Raises lzma.LZMAError, EOFError."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
        self._held = b""

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, fewer only at the end."""
        pieces: list[bytes] = []
        wanted = size if size >= 0 else PIECE
        while wanted > 0 and (piece := self._more(wanted)):
            pieces.append(piece)
            wanted -= len(piece)
        return b"".join(pieces)

    def _more(self, wanted: int) -> bytes:
        while True:
            if self._decoder.eof:
                self._held = (self._decoder.unused_data or self._file.read(PIECE)).lstrip(b"\0")
                if not self._held:
                    return b""
                self._decoder = lzma.LZMADecompressor(memlimit=XZ_MEMORY)
            elif self._decoder.needs_input:
                self._held = self._file.read(PIECE)
                if not self._held:
                    raise EOFError("the stream ends in its middle")
            piece = self._decoder.decompress(self._held, wanted)
            self._held = b""
            if piece:
                return piece
