"""When a draft is rendered: soon after an edit, at once when the last one leaves, always before the end."""

from __future__ import annotations

import asyncio
import logging
from contextlib import closing, suppress
from dataclasses import dataclass, field

from editor_plugin.document import Document
from editor_plugin.render import render
from editor_plugin.room import Room
from editor_plugin.schema import Schema
from portal.plugin import EditorHost

PAUSE = 0.2
"""Seconds without an edit before a draft is rendered."""
LONGEST = 0.5
"""Seconds that edits without a pause may put it off; longer only where rendering itself is slow."""
SHARE = 10
"""A draft is rendered for a tenth of the time at most."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Due:
    """One room with edits that no rendition holds yet."""

    room: Room
    task: asyncio.Task[None] | None = None
    edits: int = 0
    rendered: int = 0
    cost: float = 0.0
    hurry: asyncio.Event = field(default_factory=asyncio.Event)


class Rendering:
    """One task a room with something due; none otherwise."""

    def __init__(self, host: EditorHost, schema: Schema) -> None:
        self._host = host
        self._schema = schema
        self._due: dict[str, _Due] = {}

    def due(self, room: Room) -> None:
        """An edit became durable."""
        due = self._due.get(room.draft)
        if due is None or due.room is not room:
            due = self._due[room.draft] = _Due(room)
        due.edits += 1
        if due.task is None:
            due.task = asyncio.create_task(self._run(due))

    def hurry(self, draft: str) -> None:
        """Do not wait for a pause."""
        if due := self._due.get(draft):
            due.hurry.set()

    async def settled(self, draft: str) -> None:
        """Return when nothing is due for this draft."""
        while (due := self._due.get(draft)) is not None and due.task is not None:
            due.hurry.set()
            await asyncio.shield(asyncio.gather(due.task, return_exceptions=True))
        self._due.pop(draft, None)

    async def finish(self) -> None:
        for draft in list(self._due):
            await self.settled(draft)

    async def render_log(self, draft: str) -> None:
        """Render a draft that nobody has open."""
        with closing(Document(self._schema)) as document:
            await document.read(self._host.log(draft))
            await self._hand_over(draft, document.sequence, document.whole())

    async def _run(self, due: _Due) -> None:
        try:
            while due.rendered < due.edits:
                await self._wait(due)
                due.rendered = due.edits
                started = asyncio.get_running_loop().time()
                if due.room.turns.failed:
                    await self.render_log(due.room.draft)
                else:
                    await self._hand_over(due.room.draft, *await due.room.turns.snapshot())
                due.cost = asyncio.get_running_loop().time() - started
        except Exception:  # noqa: BLE001  (the log is whole; the next edit or start renders it)
            _log.exception("a draft could not be rendered")
        finally:
            due.task = None

    async def _wait(self, due: _Due) -> None:
        """Until nobody has typed for a moment, but not for ever."""
        longest = max(LONGEST, SHARE * due.cost)
        waited = 0.0
        edits = -1
        while waited < longest and due.edits != edits and not due.hurry.is_set():
            edits = due.edits
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await due.hurry.wait()
            waited += PAUSE

    async def _hand_over(self, draft: str, sequence: int, update: bytes) -> None:
        await self._host.render(await asyncio.to_thread(render, draft, update, sequence, self._schema.root))
