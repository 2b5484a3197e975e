"""Every open room of this process: who enters, who is rendered, which room may leave memory."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from starlette.websockets import WebSocket

from editor_plugin import protocol
from editor_plugin.connection import Connection
from editor_plugin.rendering import Rendering
from editor_plugin.room import Room
from editor_plugin.schema import Schema
from editor_plugin.wire import Malformed
from portal.plugin import EditorHost, Forbidden, Unavailable

LINGER = 20.0
"""Seconds that an empty room stays in memory: a page reloaded finds it warm."""
_log = logging.getLogger(__name__)


class Rooms:
    """One room a draft. `linger` is in seconds."""

    def __init__(self, host: EditorHost, schema: Schema, *, linger: float = LINGER) -> None:
        self._host = host
        self._schema = schema
        self._linger = linger
        self._rooms: dict[str, Room] = {}
        self._opening: dict[str, asyncio.Task[Room]] = {}
        self._rendering = Rendering(host, schema)
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def __len__(self) -> int:
        return len(self._rooms)

    def room(self, draft: str) -> Room:
        """The open room of a draft. Raises KeyError where nobody has it open."""
        return self._rooms[draft]

    async def start(self) -> None:
        self._keep(self._watch_access())
        self._keep(self._catch_up())

    async def stop(self) -> None:
        """Close every socket, hand over every rendition that is due."""
        self._stopping = True
        for room in self._rooms.values():
            for connection in room.connections:
                connection.close(protocol.GOING_AWAY)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for room in self._rooms.values():
            await room.turns.stop()
        await self._rendering.finish()
        self._rooms.clear()

    async def serve(self, websocket: WebSocket) -> None:
        """Admit, let in, and stay until one side ends it. Unknown and forbidden drafts are not told apart."""
        acknowledges = websocket.query_params.get("ack") == "1"
        try:
            session = await self._host.join(websocket.user, websocket.path_params["draft"])
        except (Forbidden, Unavailable) as error:
            if acknowledges:  # a browser sees the code of an accepted socket only
                await websocket.accept()
            await websocket.close(protocol.UNKNOWN_DRAFT if isinstance(error, Forbidden) else protocol.TRY_AGAIN)
            return
        await websocket.accept()
        connection = Connection(websocket, session, self._host, self._schema.version, acknowledges=acknowledges)
        try:
            room = await self._enter(session.draft)
        except Exception:  # noqa: BLE001  (no handshake before the document is there, whatever went wrong)
            _log.exception("a room could not be opened")
            await websocket.close(protocol.TRY_AGAIN)
            return
        try:
            room.enter(connection)
            await connection.serve(asyncio.create_task(self._listen(room, connection)))
        finally:
            room.leave(connection)
            room.expected -= 1
            if not room.expected:
                self._emptied(room)

    async def _listen(self, room: Room, connection: Connection) -> None:
        try:
            await room.listen(connection)
        except Malformed:
            connection.drop(protocol.UNSUPPORTED)
        except Unavailable:
            connection.drop(protocol.TRY_AGAIN)
        except Exception:  # noqa: BLE001  (it costs this connection only)
            _log.exception("a connection failed")
            connection.drop(protocol.FAILED)

    async def _enter(self, draft: str) -> Room:
        """The draft's room, read from the log first. It counts one more visitor when this returns."""
        while True:
            room = self._rooms.get(draft)
            if room is None or room.turns.failed:
                room = await self._open(draft)
            if self._rooms.get(draft) is room:
                room.expected += 1
                return room

    async def _open(self, draft: str) -> Room:
        opening = self._opening.get(draft)
        if opening is None:
            opening = self._opening[draft] = asyncio.create_task(self._read(draft))
            opening.add_done_callback(lambda _: self._opening.pop(draft, None))
        return await asyncio.shield(opening)

    async def _read(self, draft: str) -> Room:
        room = Room(draft, self._host, self._schema, self._rendering.due)
        try:
            await room.turns.start()
        except BaseException:
            await room.turns.stop()
            raise
        self._rooms[draft] = room
        return room

    def _emptied(self, room: Room) -> None:
        self._rendering.hurry(room.draft)
        if not self._stopping:
            self._keep(self._retire(room))

    async def _retire(self, room: Room) -> None:
        """Let an empty room go, unless somebody comes back meanwhile."""
        await asyncio.sleep(self._linger)
        await self._rendering.settled(room.draft)
        if room.expected == 0 and self._rooms.get(room.draft) is room:
            del self._rooms[room.draft]
            await room.turns.stop()

    async def _watch_access(self) -> None:
        async for change in self._host.access_changes():
            for room in tuple(self._rooms.values()):
                if change.draft in (None, room.draft):
                    await room.recheck(change)

    async def _catch_up(self) -> None:
        """Render what a crash left behind."""
        for draft in await self._host.behind():
            try:
                await self._rendering.render_log(draft)
            except Exception:  # noqa: BLE001  (one unreadable draft must not keep the others out of the index)
                _log.exception("a draft could not be rendered after a restart")

    def _keep(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("a task of the rooms ended", exc_info=error)
