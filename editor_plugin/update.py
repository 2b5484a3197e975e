"""A Yjs v1 update as values, read and bounded before pycrdt sees its bytes.

Nested values or elements 50,000 deep end a process without an exception to catch, and a run of 2³¹ deleted
characters costs five bytes to send. So the whole update is walked here first: its size, every length, every
kind of content, every nesting. About 10 µs for a keystroke.

Format: lib0's update encoding, version 1 (`encodeStateAsUpdate` in Yjs).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from editor_plugin.schema import Limits
from editor_plugin.wire import Malformed, Reader

GC, DELETED, STRING, FORMAT, TYPE, ANY, SKIP = 0, 1, 4, 6, 7, 8, 10
XML_ELEMENT, XML_TEXT = 3, 6
TEXT_NODE = "#text"
"""The tag of an XmlText in these pages: no element can have it."""

INVALID = "Cette modification n'a pas pu être acceptée : son contenu n'est pas celui d'un projet. Le texte enregistré est intact ; rechargez la page pour continuer."  # noqa: E501
TOO_LARGE = "Cette modification est trop volumineuse pour être acceptée en une fois. Le texte enregistré est intact ; collez-la en plusieurs parties."  # noqa: E501


class Refused(Exception):
    """An update that enters neither document nor log. `reason` is for programs, `sentence` for the screen."""

    def __init__(self, reason: str, sentence: str = INVALID, detail: str = "") -> None:
        super().__init__(detail or reason)
        self.reason = reason
        self.sentence = sentence


class Id(NamedTuple):
    client: int
    clock: int


class Struct(NamedTuple):
    """One struct of a client: `length` clock units from `clock` on.

    `parent` is given only where there is neither origin: a root's name or the id of a type; `key` is the
    attribute's name there. `value` is a tag (TYPE), a format's (name, JSON) or an attribute's value.
    """

    kind: int
    clock: int
    length: int
    left: Id | None = None
    right: Id | None = None
    parent: str | Id | None = None
    key: str | None = None
    value: object = None


@dataclass(frozen=True, slots=True)
class Update:
    """`blocks` are each client's structs in order; `deletes` are (client, clock, length)."""

    blocks: dict[int, list[Struct]]
    deletes: tuple[tuple[int, int, int], ...]


def parse(data: bytes, limits: Limits) -> Update:
    """Read an update. Raises Refused("invalid") where it breaks the format or a limit."""
    if len(data) > limits.update_bytes:
        raise Refused("invalid", TOO_LARGE, "too large")
    try:
        return _Parser(data, limits).update()
    except Malformed as error:
        raise Refused("invalid", detail=str(error)) from None


class _Parser:
    def __init__(self, data: bytes, limits: Limits) -> None:
        self._read = Reader(data)
        self._limits = limits
        self._left = limits.structs

    def update(self) -> Update:
        read = self._read
        blocks: dict[int, list[Struct]] = {}
        for _ in range(self._bounded(read.uint(), self._limits.clients, "clients")):
            count = read.uint()
            self._left = self._bounded_rest(count)
            client, clock = read.uint(), read.uint()
            if client in blocks:
                raise Malformed("a client twice")
            blocks[client] = self._block(count, clock)
        deletes: list[tuple[int, int, int]] = []
        for _ in range(self._bounded(read.uint(), self._limits.clients, "clients")):
            client, count = read.uint(), read.uint()
            self._left = self._bounded_rest(count)
            deletes.extend((client, read.uint(), read.uint()) for _ in range(count))
        if read.at != read.end:
            raise Malformed("bytes after the end")
        return Update(blocks, tuple(deletes))

    def _bounded_rest(self, count: int) -> int:
        if count > self._left:
            raise Malformed("too many structs")
        return self._left - count

    @staticmethod
    def _bounded(count: int, limit: int, what: str) -> int:
        if count > limit:
            raise Malformed(f"too many {what}")
        return count

    def _block(self, count: int, clock: int) -> list[Struct]:
        structs: list[Struct] = []
        for _ in range(count):
            struct = self._struct(clock)
            structs.append(struct)
            clock += struct.length
            if struct.length == 0 or clock > self._limits.clock:
                raise Malformed("clock out of range")
        return structs

    def _struct(self, clock: int) -> Struct:
        read = self._read
        info = read.byte()
        kind = info & 31
        if kind in (GC, SKIP):
            return Struct(kind, clock, self._run())
        left = Id(read.uint(), read.uint()) if info & 128 else None
        right = Id(read.uint(), read.uint()) if info & 64 else None
        parent: str | Id | None = None
        key: str | None = None
        if left is None and right is None:
            parent = self._short() if read.uint() == 1 else Id(read.uint(), read.uint())
            key = self._short() if info & 32 else None
        length, value = self._content(kind)
        return Struct(kind, clock, length, left, right, parent, key, value)

    def _content(self, kind: int) -> tuple[int, object]:
        read = self._read
        if kind == STRING:
            return self._string()
        if kind == DELETED:
            return self._run(), None
        if kind == FORMAT:
            name = self._short()
            encoded = read.buffer()
            if len(encoded) > self._limits.mark_bytes or encoded.count(b"{") + encoded.count(b"[") > 16:
                raise Malformed("mark too large")
            return 1, (name, encoded)
        if kind == TYPE:
            return 1, self._type()
        if kind == ANY:
            start = read.at
            if read.uint() != 1:
                raise Malformed("a list of values")
            value = read.any(2)
            if read.at - start > self._limits.attribute_bytes:
                raise Malformed("attribute too large")
            return 1, value
        raise Malformed(f"content of kind {kind}")

    def _string(self) -> tuple[int, object]:
        data = self._read.buffer()
        if len(data) > self._limits.string_bytes:
            raise Malformed("string too long")
        if data.isascii():
            return len(data), None
        try:
            text = data.decode("utf-8")
        except UnicodeDecodeError:
            raise Malformed("not UTF-8") from None
        return len(text.encode("utf-16-le")) // 2, None

    def _type(self) -> str:
        kind = self._read.uint()
        if kind == XML_TEXT:
            return TEXT_NODE
        if kind != XML_ELEMENT:
            raise Malformed(f"shared type {kind}")
        return self._short()

    def _run(self) -> int:
        length = self._read.uint()
        if length > self._limits.run_length:
            raise Malformed("run too long")
        return length

    def _short(self) -> str:
        name = self._read.text()
        if len(name) > 100:
            raise Malformed("name too long")
        return name
