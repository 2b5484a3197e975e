"""How much one member may ask at once (*limites*): a slow trickle never waits, a flood does, and only its own.

Each process counts for itself. Behind several, a member may ask as many times as much.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.nouns.errors import TooMany
from portal.web.errors import portal_error
from portal.web.rates import Buckets, Rates
from portal.web.violations import VIOLATIONS

CROWDED = 4429


class Limits:
    """Pure ASGI, for HTTP and WebSockets; comes after authentication."""

    def __init__(self, app: ASGIApp, rates: Rates | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self._app = app
        self._rates = rates or Rates()
        self._buckets = Buckets(clock)
        self._open: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
            return
        if scope["type"] == "http":
            wait = self._wait(scope)
            if wait:
                await self._refuse(scope, wait)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _wait(self, scope: Scope) -> float:
        path, user = scope["path"], scope["user"]
        if path == "/healthz" or path.startswith(("/static/", "/theme/")):
            return 0.0
        if path == VIOLATIONS:
            return self._buckets.take(_address(scope), "violation", self._rates.violation)
        if path == "/connexion/fin":  # one address speaks for everyone: the provider's
            return self._buckets.take(_address(scope), "notice", self._rates.reading)
        if not user.is_authenticated:
            asks = scope["method"] == "POST" or path.startswith("/connexion/")
            return self._buckets.take(_address(scope), "sign-in", self._rates.sign_in) if asks else 0.0
        if scope["method"] not in {"GET", "HEAD"}:
            return self._buckets.take(user.identity, "change", self._rates.change)
        if path in {"/recherche", "/api/search"}:
            return self._buckets.take(user.identity, "search", self._rates.search)
        return self._buckets.take(user.identity, "reading", self._rates.reading)

    def _refuse(self, scope: Scope, wait: float) -> Response:
        answer = portal_error(Request(scope), TooMany())
        answer.headers["Retry-After"] = str(math.ceil(wait))
        return answer

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        user = scope["user"]
        who = user.identity if user.is_authenticated else _address(scope)
        if self._open[who] >= self._rates.sockets:
            await send({"type": "websocket.close", "code": CROWDED, "reason": "too many"})
            return
        self._open[who] += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]


def _address(scope: Scope) -> str:
    """Whoever asks, where nobody is signed in: the server puts a trusted proxy's word in the peer's place."""
    return scope["client"][0] if scope.get("client") else ""
