"""lib0's encoding, as Yjs and y-websocket use it: unsigned varints, strings, buffers, and the `any` values."""

from __future__ import annotations

import json
import struct

LARGEST = 1 << 53
"""JavaScript's whole numbers end here; Yjs never writes a larger one."""


class Malformed(ValueError):
    """The bytes are not what lib0 writes: cut short, too long, or of an unknown kind."""


class Reader:
    """Reads forward through one buffer. Every method raises Malformed at its end."""

    __slots__ = ("at", "data", "end")

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.at = 0
        self.end = len(data)

    def byte(self) -> int:
        if self.at >= self.end:
            raise Malformed("cut short")
        value = self.data[self.at]
        self.at += 1
        return value

    def uint(self) -> int:
        data, at = self.data, self.at
        try:
            value = data[at]
            if value < 128:
                self.at = at + 1
                return value
            value &= 127
            shift = 7
            while True:
                at += 1
                part = data[at]
                value |= (part & 127) << shift
                if part < 128:
                    break
                shift += 7
                if shift > 56:
                    raise Malformed("number too large")
        except IndexError:
            raise Malformed("cut short") from None
        if value > LARGEST:
            raise Malformed("number too large")
        self.at = at + 1
        return value

    def skip(self, count: int) -> None:
        if count > self.end - self.at:
            raise Malformed("cut short")
        self.at += count

    def buffer(self) -> bytes:
        count = self.uint()
        start = self.at
        self.skip(count)
        return self.data[start : self.at]

    def text(self) -> str:
        try:
            return self.buffer().decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None

    def signed(self) -> int:
        """lib0's varint: six bits and a sign in the first byte."""
        first = self.byte()
        value, shift = first & 63, 6
        part = first
        while part & 128:
            part = self.byte()
            value |= (part & 127) << shift
            shift += 7
            if shift > 62:
                raise Malformed("number too large")
        return -value if first & 64 else value

    def any(self, depth: int) -> object:
        """One `any` value, nested `depth` deep at most."""
        if depth < 0:
            raise Malformed("nested too deep")
        kind = self.byte()
        if kind in _CONSTANTS:
            return _CONSTANTS[kind]
        if kind == 125:
            return self.signed()
        if kind in _FLOATS:
            form, size = _FLOATS[kind]
            start = self.at
            self.skip(size)
            value: object = struct.unpack(form, self.data[start : self.at])[0]
            return value
        if kind == 119:
            return self.text()
        if kind == 117:
            count = self._count()
            return [self.any(depth - 1) for _ in range(count)]
        if kind == 118:
            count = self._count()
            return {self.text(): self.any(depth - 1) for _ in range(count)}
        if kind == 116:
            return self.buffer()
        raise Malformed("unknown kind of value")

    def _count(self) -> int:
        """Members of a list or an object, each of which takes a byte at least."""
        count = self.uint()
        if count > self.end - self.at:
            raise Malformed("cut short")
        return count


_CONSTANTS: dict[int, object] = {127: None, 126: None, 121: False, 120: True}
_FLOATS = {124: (">f", 4), 123: (">d", 8), 122: (">q", 8)}


def uint(value: int) -> bytes:
    parts = bytearray()
    while value > 127:
        parts.append(value & 127 | 128)
        value >>= 7
    parts.append(value)
    return bytes(parts)


def buffer(data: bytes) -> bytes:
    return uint(len(data)) + data


def json_text(value: object) -> bytes:
    return buffer(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
