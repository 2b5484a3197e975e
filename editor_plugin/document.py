"""One draft in memory: pycrdt's document and, beside it, the structure that updates are checked against."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, ParamSpec, TypeVar

from pycrdt import Doc, Subscription, get_update, merge_updates

from editor_plugin.schema import Schema
from editor_plugin.structure import Plan, Structure
from editor_plugin.update import parse
from portal.plugin import Entry

P = ParamSpec("P")
R = TypeVar("R")
_LARGE = 32_768
"""Bytes from which on an update takes longer to walk than others should wait."""
_BREATH = 200
"""Entries between two turns given to other rooms while a long log is read."""


class Broken(Exception):
    """pycrdt failed on an update: its document is worth nothing now and has to be read again from the log."""


@dataclass(frozen=True, slots=True)
class Examined:
    """An update that may be applied. `clients` have structs in it that are new here."""

    update: bytes
    plan: Plan
    clients: tuple[int, ...]
    deletes: bool


class Document:
    """Changes only through `apply`, and only with what `examine` let through. To be closed."""

    def __init__(self, schema: Schema) -> None:
        self._schema = schema
        self._structure = Structure(schema)
        self._doc: Doc[Any] = Doc()
        self._changed = False
        self._subscription: Subscription | None = self._doc.observe(self._note)
        self.sequence = 0
        self.at = datetime.now(UTC)

    def close(self) -> None:
        """Let pycrdt's document go: its observer and it hold each other, out of Python's sight."""
        if self._subscription is not None:
            self._doc.unobserve(self._subscription)
            self._subscription = None

    def _note(self, _event: object) -> None:
        self._changed = True

    async def read(self, log: AsyncIterator[Entry]) -> None:
        """Apply a draft's whole log. Raises Broken where an entry cannot be applied."""
        count = 0
        async for entry in log:
            self.apply(await self._looked_at(entry.update, trusted=True))
            self.sequence, self.at = entry.sequence, entry.at
            count += 1
            if count % _BREATH == 0:
                await asyncio.sleep(0)

    async def examine(self, data: bytes) -> Examined:
        """Raises Refused or structure.Gap. Structs that are known already are cut off the update."""
        examined = await self._looked_at(data, trusted=False)
        if examined.plan.repeats:
            return replace(examined, update=_guarded(get_update, data, self.state()))
        return examined

    async def _looked_at(self, data: bytes, *, trusted: bool) -> Examined:
        """A large update is walked in a thread, so that the other rooms go on meanwhile."""

        def look() -> Examined:
            update = parse(data, self._schema.limits)
            plan = self._structure.examine(update, trusted=trusted)
            return Examined(data, plan, tuple(plan.clocks), bool(update.deletes))

        return await asyncio.to_thread(look) if len(data) > _LARGE else look()

    def apply(self, examined: Examined) -> bool:
        """Whether the document changed. Raises Broken."""
        self._changed = False
        _guarded(self._doc.apply_update, examined.update)
        self._structure.commit(examined.plan)
        return self._changed

    def state(self) -> bytes:
        return _guarded(self._doc.get_state)

    def difference(self, vector: bytes) -> bytes:
        """What a peer with this state vector lacks."""
        return _guarded(self._doc.get_update, vector)

    def whole(self) -> bytes:
        return _guarded(self._doc.get_update)


def merged(updates: Sequence[bytes]) -> bytes:
    """Updates that follow each other, as one. Raises Broken."""
    return updates[0] if len(updates) == 1 else _guarded(merge_updates, *updates)


def _guarded(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """pycrdt's panics are no Exceptions; nothing is awaited in here, so no cancellation is caught with them."""
    try:
        return call(*args, **kwargs)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise Broken(str(error)) from error
