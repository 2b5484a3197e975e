"""The wire of a room: y-websocket's messages, and three that a room adds when asked by `?ack=1`.

A frame is a varuint kind and its body. Kinds 0 (sync: step 1, step 2, update), 1 (awareness), 2 (auth) and 3
(query awareness) are y-protocols'; an unmodified Yjs provider sees nothing else.

With `?ack=1`, each with one JSON string:
- 102 welcome, first: `{"access", "client", "schema"}`; again when the access changes. `client` is a fresh leased
  Yjs client id for this page load.
- 100 acknowledgement: `{"received", "sequence", "at"}`; `received` counts this connection's step-2 and update
  frames, in order, that are on disk; `at` is when, ISO 8601 with offset.
- 101 refusal: `{"reason", "sentence", "received"}`; reasons: forbidden, read-only, invalid, unavailable, revoked.
"""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from editor_plugin.wire import Malformed, Reader, buffer, json_text, uint

SYNC, AWARENESS, AUTH, QUERY_AWARENESS = 0, 1, 2, 3
ACKNOWLEDGEMENT, REFUSAL, WELCOME = 100, 101, 102
STEP_1, STEP_2, UPDATE = 0, 1, 2

GOING_AWAY = 1001
UNSUPPORTED = 1003
ABUSE = 1008
TOO_BIG = 1009
FAILED = 1011
TRY_AGAIN = 1013
REVOKED = 4403
UNKNOWN_DRAFT = 4404
"""Close codes. The editor's client does not come back after 1008, 4403 and 4404."""


class Message(NamedTuple):
    """One frame received. `step` counts for SYNC alone."""

    kind: int
    step: int
    body: bytes


def decode(frame: bytes) -> Message:
    """Raises Malformed. A kind of a later version comes back with an empty body, to be passed over."""
    read = Reader(frame)
    kind = read.uint()
    if kind == SYNC:
        step = read.uint()
        if step > UPDATE:
            raise Malformed("unknown sync step")
        return Message(kind, step, read.buffer())
    if kind == AWARENESS:
        return Message(kind, 0, read.buffer())
    return Message(kind, 0, b"")


def vector(data: bytes, most: int) -> dict[int, int]:
    """A state vector, client → next clock. Raises Malformed, also beyond `most` clients."""
    read = Reader(data)
    count = read.uint()
    if count > most:
        raise Malformed("too many clients")
    clocks = {read.uint(): read.uint() for _ in range(count)}
    if read.at != read.end:
        raise Malformed("bytes after the end")
    return clocks


def sync(step: int, body: bytes) -> bytes:
    return uint(SYNC) + uint(step) + buffer(body)


def awareness(body: bytes) -> bytes:
    return uint(AWARENESS) + buffer(body)


def acknowledgement(received: int, sequence: int, at: datetime) -> bytes:
    return uint(ACKNOWLEDGEMENT) + json_text({"received": received, "sequence": sequence, "at": at.isoformat()})


def refusal(reason: str, sentence: str, received: int) -> bytes:
    return uint(REFUSAL) + json_text({"reason": reason, "sentence": sentence, "received": received})


def welcome(access: str, client: int, schema: int) -> bytes:
    return uint(WELCOME) + json_text({"access": access, "client": client, "schema": schema})
