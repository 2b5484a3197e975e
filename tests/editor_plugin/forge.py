"""Updates that no honest client writes, byte by byte (Yjs's update format, version 1)."""

from __future__ import annotations

from editor_plugin.wire import buffer, uint

GC, DELETED, STRING, FORMAT, TYPE, ANY, SKIP = 0, 1, 4, 6, 7, 8, 10


def text(value: str) -> bytes:
    return buffer(value.encode())


def update(*structs: bytes, client: int = 7, clock: int = 0, deletes: bytes = b"\x00") -> bytes:
    return uint(1) + uint(len(structs)) + uint(client) + uint(clock) + b"".join(structs) + deletes


def at_root(kind: int, content: bytes, root: str = "body", key: str | None = None) -> bytes:
    """A struct whose parent is a root type."""
    flag = 32 if key is not None else 0
    return bytes([kind | flag]) + uint(1) + text(root) + (text(key) if key is not None else b"") + content


def inside(kind: int, content: bytes, client: int, clock: int, key: str | None = None) -> bytes:
    """A struct whose parent is the type with this id."""
    flag = 32 if key is not None else 0
    parent = uint(0) + uint(client) + uint(clock)
    return bytes([kind | flag]) + parent + (text(key) if key is not None else b"") + content


def after(kind: int, content: bytes, client: int, clock: int) -> bytes:
    """A struct right of the one with this id."""
    return bytes([kind | 128]) + uint(client) + uint(clock) + content


def element(tag: str) -> bytes:
    return uint(3) + text(tag)


XML_TEXT = uint(6)


def paragraph(content: str, client: int = 7) -> bytes:
    """A whole honest update: one paragraph with a text."""
    return update(
        at_root(TYPE, element("paragraph")),
        inside(TYPE, XML_TEXT, client, 0),
        inside(STRING, text(content), client, 1),
        client=client,
    )


def nested(depth: int, client: int = 7) -> bytes:
    """Quotations in quotations."""
    structs = [at_root(TYPE, element("blockquote"))]
    structs += [inside(TYPE, element("blockquote"), client, level) for level in range(depth - 1)]
    return update(*structs, client=client)


def nested_any(depth: int) -> bytes:
    """An attribute's value: lists in lists."""
    value = uint(1) + (bytes([117]) + uint(1)) * depth + bytes([126])
    return update(at_root(TYPE, element("paragraph")), inside(ANY, value, 7, 0, "textAlign"))


def gapped(count: int) -> bytes:
    """One client's letters with a missing one between any two."""
    honest = [at_root(TYPE, element("paragraph")), inside(TYPE, XML_TEXT, 7, 0)]
    letters = [bytes([SKIP]) + uint(1) if index % 2 else inside(STRING, text("a"), 7, 1) for index in range(count)]
    return update(*honest, *letters)
