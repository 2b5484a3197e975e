"""The editor's sub-application on a free port of loopback, signed in by a bearer token that is a member's id."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.authentication import UnauthenticatedUser
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from editor_plugin.plugin import MinutierEditor
from editor_plugin.rooms import Rooms
from tests.editor_plugin.memory_host import MemoryHost, User

DEADLINE = 20.0
"""Seconds within which anything awaited here must happen: generous, for shared machines."""


class SignedIn:
    """Stands for the portal's middleware: `Authorization: Bearer alice` is Alice."""

    def __init__(self, app: ASGIApp, host: MemoryHost) -> None:
        self._app = app
        self._host = host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "lifespan":
            token = Headers(scope=scope).get("authorization", "").removeprefix("Bearer ")
            person = self._host.people.get(token)
            scope["user"] = User(person) if person else UnauthenticatedUser()
        await self._app(scope, receive, send)


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Signals are pytest's."""
        yield


class Running:
    """The address of a running editor, and its rooms."""

    def __init__(self, address: str, rooms: Rooms) -> None:
        self.address = address
        self.rooms = rooms


@contextlib.asynccontextmanager
async def running(host: MemoryHost, *, linger: float = 20.0) -> AsyncIterator[Running]:
    app = MinutierEditor(linger=linger).app(host)
    async with served(SignedIn(app, host)) as address:
        yield Running(address, app.state.rooms)


@contextlib.asynccontextmanager
async def served(app: ASGIApp) -> AsyncIterator[str]:
    """An application on loopback, in this very loop. Yields its WebSocket address."""
    config = uvicorn.Config(app, log_level="error", ws_per_message_deflate=False, timeout_graceful_shutdown=2)
    server = _Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        serving = asyncio.create_task(server.serve(sockets=[listening]))
        await until(lambda: server.started or serving.done())
        try:
            yield f"ws://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            await serving


async def until(condition: object, deadline: float = DEADLINE) -> None:
    """Poll a condition, a callable without arguments."""
    assert callable(condition)
    async with asyncio.timeout(deadline):
        while not condition():  # noqa: ASYNC110  (any state may be polled, not only events)
            await asyncio.sleep(0.005)
