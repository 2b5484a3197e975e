"""A Yjs client on pycrdt over a real socket, as plain as y-websocket's: it syncs, sends its edits, applies others'."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any, Protocol

import websockets
from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from editor_plugin import presence, protocol
from editor_plugin.wire import Reader


class Served(Protocol):
    """Whatever says where rooms are served."""

    @property
    def address(self) -> str: ...


class Client:
    """`frames` holds every frame received; `acknowledged` and `refusals` the bodies of ours."""

    def __init__(self, doc: Doc[Any] | None = None, *, ack: bool = True) -> None:
        self.doc: Doc[Any] = doc or Doc()
        self.body = self.doc.get("body", type=XmlFragment)
        self.ack = ack
        self.frames: list[bytes] = []
        self.acknowledged: list[dict[str, Any]] = []
        self.refusals: list[dict[str, Any]] = []
        self.welcomes: list[dict[str, Any]] = []
        self.present: dict[int, dict[str, Any] | None] = {}
        self.sent = 0
        self.synced = asyncio.Event()
        self.closed = asyncio.Event()
        self.code: int | None = None
        self.automatic = True
        self._socket: websockets.ClientConnection | None = None
        self._outgoing: asyncio.Queue[bytes] = asyncio.Queue()
        self._remote = False
        self.subscription = self.doc.observe(self._changed)

    def _changed(self, event: Any) -> None:
        if not self._remote and self.automatic and self._socket is not None:
            self.update(event.update)

    def update(self, update: bytes) -> None:
        """Queue an update frame."""
        self.sent += 1
        self.raw(protocol.sync(protocol.UPDATE, update))

    def raw(self, frame: bytes) -> None:
        self._outgoing.put_nowait(frame)

    @contextlib.asynccontextmanager
    async def joined(self, server: Served, draft: str, member: str) -> AsyncIterator[Client]:
        """In the room, and up to date."""
        query = "?ack=1" if self.ack else ""
        async with websockets.connect(
            f"{server.address}/rooms/{draft}{query}",
            additional_headers={"Authorization": f"Bearer {member}"},
            compression=None,
            max_size=None,
        ) as socket:
            self._socket = socket
            tasks = [asyncio.create_task(self._read(socket)), asyncio.create_task(self._write(socket))]
            try:
                self.raw(protocol.sync(protocol.STEP_1, self.doc.get_state()))
                async with asyncio.timeout(20):
                    await self.synced.wait()
                yield self
            finally:
                self._socket = None
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)

    async def _write(self, socket: websockets.ClientConnection) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            while True:
                await socket.send(await self._outgoing.get())

    async def _read(self, socket: websockets.ClientConnection) -> None:
        try:
            async for frame in socket:
                assert isinstance(frame, bytes)
                self.frames.append(frame)
                self._hear(frame)
        finally:
            self.code = socket.close_code
            self.synced.set()
            self.closed.set()

    def _hear(self, frame: bytes) -> None:
        read = Reader(frame)
        kind = read.uint()
        if kind == protocol.SYNC:
            self._sync(read.uint(), read.buffer())
        elif kind == protocol.AWARENESS:
            for entry in presence.decode(read.buffer(), 1 << 20):
                self.present[entry.client] = entry.state
        else:
            bodies = {100: self.acknowledged, 101: self.refusals, 102: self.welcomes}[kind]
            bodies.append(json.loads(read.text()))

    def _sync(self, step: int, body: bytes) -> None:
        if step == protocol.STEP_1:
            if self.automatic:
                self.sent += 1
                self.raw(protocol.sync(protocol.STEP_2, self.doc.get_update(body)))
            return
        self._remote = True
        self.doc.apply_update(body)
        self._remote = False
        if step == protocol.STEP_2:
            self.synced.set()

    def say(self, state: dict[str, Any] | None, *, client: int | None = None, clock: int = 1) -> None:
        """Announce an awareness state."""
        entry = presence.Entry(self.doc.client_id if client is None else client, clock, state)
        self.raw(protocol.awareness(presence.encode([entry])))

    def paragraph(self, text: str, index: int | None = None) -> XmlText:
        with self.doc.transaction():
            element = XmlElement("paragraph")
            self.body.children.insert(len(self.body.children) if index is None else index, element)
            written = XmlText(text)
            element.children.append(written)
        return written

    def settled(self) -> bool:
        """Whether every frame sent so far is acknowledged."""
        return bool(self.acknowledged) and self.acknowledged[-1]["received"] == self.sent

    def text(self) -> str:
        return str(self.body)
