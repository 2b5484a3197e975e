"""Nothing leaves under a clearance that is gone (*retrait d'habilitation*).

A page is drawn under one permission epoch. Where the epoch has moved before its first byte leaves, the page is
drawn again; where it moves while a long body is under way, the route's own check is asked before every further
chunk, and the connection is cut where it fails.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from starlette.concurrency import run_in_threadpool
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.nouns.errors import Unwritten
from portal.web.portal import Portal

STILL = "still"
"""The key under which a route leaves its check for long bodies in the scope's state."""
TRIES = 5
EVERY = 0.5
"""Seconds after which a long body's check is asked again, for clearances that end by the clock."""
SAFE = frozenset({"GET", "HEAD"})

Still = Callable[[], bool]
"""Whether the reader may still have what is being sent."""


class Revoked(Exception):
    """The reader's clearance ended while bytes were under way; the server cuts the connection."""


class Revocation:
    """Pure ASGI. A change (POST) checks its rights inside its own transaction and passes."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in SAFE or not scope["user"].is_authenticated:
            await self._app(scope, receive, send)
            return
        for _ in range(TRIES):
            answer = _Answer(scope, send)
            await answer.draw(self._app, receive)
            if not answer.stale:
                return
        await JSONResponse({"error": Unwritten.sentence}, status_code=503, headers={"Retry-After": "1"})(
            scope, receive, send
        )


class _Answer:
    """One attempt at an answer. Swallows everything once it is stale and nothing was sent."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = dict(scope)
        self._scope["state"] = dict(scope["state"])
        self._portal: Portal = scope["state"]["portal"]
        self._send = send
        self._start: Message | None = None
        self._epoch = 0
        self._asked = time.monotonic()
        self.stale = False

    async def draw(self, app: ASGIApp, receive: Receive) -> None:
        self._epoch = await self._now()
        await app(self._scope, receive, self._pass)

    async def _now(self) -> int:
        return await self._portal.epochs.now()

    async def _pass(self, message: Message) -> None:
        if self.stale:
            return
        if message["type"] == "http.response.start":
            self._start = message
            return
        if message["type"] != "http.response.body":
            await self._send(message)
            return
        epoch = await self._now()
        if self._start is not None:
            if epoch != self._epoch:
                self.stale = True
                return
            await self._send(self._start)
            self._start = None
        elif epoch != self._epoch or time.monotonic() - self._asked > EVERY:
            still: Still | None = self._scope["state"].get(STILL)
            if epoch != self._epoch and still is None:
                raise Revoked
            if still is not None and not await run_in_threadpool(still):
                raise Revoked
            self._epoch, self._asked = epoch, time.monotonic()
        await self._send(message)
