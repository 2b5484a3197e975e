"""Who is in a room, and where (*présence*): y-protocols' awareness, in which nobody can bear another's name.

An entry is a client id, a clock and a JSON state, null when it leaves. A connection speaks for its own ids only;
stock clients echo everyone's, so entries under another's id are passed over, not punished. The name and the
colour on the screen come from the session, whatever the client wrote.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from editor_plugin.wire import Malformed, Reader, json_text, uint
from portal.plugin import Person

COLOURS = ("#0b5fa5", "#9a3412", "#15693a", "#7e22ce", "#a11650", "#0e6470", "#715200", "#3f4b5b")
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_MOST = 2_000
_DEEPEST = 40


class Entry(NamedTuple):
    client: int
    clock: int
    state: dict[str, Any] | None


@dataclass(slots=True)
class _Present:
    clock: int
    state: dict[str, Any] | None
    owner: object


class Presence:
    """The states of one room. `owner` is the connection that an id belongs to while it is there."""

    def __init__(self) -> None:
        self._present: dict[int, _Present] = {}

    def may_speak(self, client: int, owner: object) -> bool:
        held = self._present.get(client)
        return held is None or held.owner is owner or held.state is None

    def own(self, owner: object) -> list[int]:
        return [client for client, held in self._present.items() if held.owner is owner]

    def enter(self, entry: Entry, owner: object) -> bool:
        """Take an entry over if it is news. Ids and names were checked by the caller."""
        held = self._present.get(entry.client)
        if held is not None and held.owner is owner:
            older = entry.clock < held.clock or (entry.clock == held.clock and entry.state is not None)
            if older:
                return False
        self._present[entry.client] = _Present(entry.clock, entry.state, owner)
        return True

    def leave(self, owner: object) -> bytes:
        """Everything of this connection goes. Returns the awareness update that says so, or nothing."""
        gone = [
            Entry(client, held.clock + 1, None)
            for client, held in self._present.items()
            if held.owner is owner and held.state is not None
        ]
        for client in self.own(owner):
            del self._present[client]
        return encode(gone) if gone else b""

    def everyone(self) -> bytes:
        """The awareness update of all who are here, or nothing."""
        here = [
            Entry(client, held.clock, held.state) for client, held in self._present.items() if held.state is not None
        ]
        return encode(here) if here else b""


def decode(data: bytes, largest: int) -> list[Entry]:
    """Raises Malformed, also where a state is larger than `largest` bytes or no JSON object."""
    read = Reader(data)
    count = read.uint()
    if count > _MOST:
        raise Malformed("too many entries")
    entries = []
    for _ in range(count):
        client, clock, encoded = read.uint(), read.uint(), read.buffer()
        entries.append(Entry(client, clock, _state(encoded, largest)))
    if read.at != read.end:
        raise Malformed("bytes after the end")
    return entries


def _state(encoded: bytes, largest: int) -> dict[str, Any] | None:
    if len(encoded) > largest or encoded.count(b"{") + encoded.count(b"[") > _DEEPEST:
        raise Malformed("state too large")
    try:
        state = json.loads(encoded)
    except (ValueError, RecursionError):
        raise Malformed("state is not JSON") from None
    if state is not None and not isinstance(state, dict):
        raise Malformed("state is no object")
    return state


def encode(entries: Iterable[Entry]) -> bytes:
    parts = [uint(entry.client) + uint(entry.clock) + json_text(entry.state) for entry in entries]
    return uint(len(parts)) + b"".join(parts)


def signed(state: dict[str, Any], person: Person) -> dict[str, Any]:
    """The state under the person's own name and colour."""
    user = state.get("user")
    colour = user.get("color") if isinstance(user, dict) else None
    if not (isinstance(colour, str) and _COLOUR.fullmatch(colour)):
        colour = COLOURS[sum(person.name.encode()) % len(COLOURS)]
    kept = {key: value for key, value in state.items() if key not in {"user", "name", "color"}}
    return kept | {"user": {"name": person.name, "color": colour}}
