"""One open socket: what it may do, what waits to be sent to it, what it sent that is not yet on disk."""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import Callable

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from editor_plugin import protocol
from editor_plugin.update import Refused
from portal.plugin import Access, EditorHost, Forbidden, Session

OUTBOX_FRAMES = 2_000
OUTBOX_BYTES = 16 << 20
"""What may wait for one client. Beyond, that client alone is dropped; it comes back and asks for what it lacks."""
INBOX_FRAMES = 64
"""Frames of one client that may wait for the room; beyond, its socket is not read."""
FAREWELL = 1.0
"""Seconds given to a close handshake."""


class Connection:
    """Rights belong to the connection: they are asked again for every frame, in and out."""

    def __init__(
        self, websocket: WebSocket, session: Session, host: EditorHost, version: int, *, acknowledges: bool
    ) -> None:
        self.session = session
        self.access = session.access
        self.acknowledges = acknowledges
        self.received = 0
        self.asked = False
        self.withheld = False
        self.offences = 0
        self.promoted: Callable[[Connection], None] = lambda _: None
        self.inbox = asyncio.Semaphore(INBOX_FRAMES)
        self._websocket = websocket
        self._host = host
        self._version = version
        self._outbox: deque[bytes] = deque()
        self._waiting = 0
        self._wake = asyncio.Event()
        self._cut = asyncio.Event()
        self._code: int | None = None

    @property
    def closing(self) -> bool:
        return self._code is not None

    def send(self, frame: bytes) -> None:
        """Never waits. A client that does not keep up is dropped."""
        if self._code is not None:
            return
        self._outbox.append(frame)
        self._waiting += len(frame)
        if len(self._outbox) > OUTBOX_FRAMES or (self._waiting > OUTBOX_BYTES and len(self._outbox) > 1):
            self.drop(protocol.TRY_AGAIN)
        self._wake.set()

    def close(self, code: int) -> None:
        """Close once what waits is sent."""
        if self._code is None:
            self._code = code
            self._wake.set()

    def drop(self, code: int) -> None:
        """Close now: nothing more is sent."""
        self._code = code
        self._outbox.clear()
        self._cut.set()

    def refuse(self, refused: Refused) -> None:
        if self.acknowledges:
            self.send(protocol.refusal(refused.reason, refused.sentence, self.received))

    async def may(self) -> Access | None:
        """The access now; None once revoked, and then nothing more goes out."""
        try:
            access = await self._host.check(self.session)
        except Forbidden:
            self.drop(protocol.REVOKED)
            return None
        if access is not self.access:
            self.access = access
            if self.acknowledges:
                self.send(self.welcome())
            if access is Access.WRITE:
                self.promoted(self)
        return access

    def welcome(self) -> bytes:
        return protocol.welcome(self.access.value, self.session.client_id, self._version)

    async def receive(self) -> bytes | None:
        """The next binary frame, or None when the other side has gone."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            return None
        data: bytes | None = message.get("bytes")
        if data is None:
            self.close(protocol.UNSUPPORTED)
            return b""
        return data

    async def serve(self, listen: asyncio.Task[None]) -> None:
        """Send what waits until one side ends it. `listen` reads the socket meanwhile."""
        sender = asyncio.create_task(self._send_all())
        cut = asyncio.create_task(self._cut.wait())
        tasks = {listen, sender, cut}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self._farewell()

    async def _send_all(self) -> None:
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._outbox:
                if await self.may() is None:
                    return
                if not self._outbox:
                    break
                frame = self._outbox.popleft()
                self._waiting -= len(frame)
                try:
                    await self._websocket.send_bytes(frame)
                except (WebSocketDisconnect, RuntimeError):
                    return
            if self._code is not None:
                return

    async def _farewell(self) -> None:
        if self._websocket.application_state is not WebSocketState.CONNECTED:
            return
        with contextlib.suppress(TimeoutError, RuntimeError, WebSocketDisconnect, OSError):
            async with asyncio.timeout(FAREWELL):
                await self._websocket.close(self._code or protocol.GOING_AWAY)
