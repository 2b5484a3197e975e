"""Runs the portal under uvicorn, with the feed in a process of its own beside it."""

from __future__ import annotations

import gc
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.app import create_app
from portal.settings import Settings

log = logging.getLogger("minutier")


def run(settings: Settings, *, feed: bool) -> int:
    """Serve until told to stop. Compression of frames is off: it costs more than it saves on loopback and LAN."""
    app = Wordless(create_app(settings))
    _spare_collections()
    with _feed_beside(settings) if feed else _nothing():
        uvicorn.run(
            app,
            host=settings.host,
            port=settings.port,
            ws_per_message_deflate=False,
            ws_max_size=16 * 1024 * 1024,
            access_log=False,
            log_level="warning",
            server_header=False,
            timeout_graceful_shutdown=5,
        )
    return 0


class Wordless:
    """Notes that a request failed, and never how: what an exception says may quote a document or a query."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        except Exception as error:  # noqa: BLE001 - the last that sees it; the answer was given, or the line is cut
            log.error("a request ended with %s", type(error).__name__)  # noqa: TRY400 - no traceback: it has words


def _spare_collections() -> None:
    """Collect cycles seldom, and never among the modules.

    By default a page of 500 pieces sets off a full collection of 75 ms one time in ten.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@contextmanager
def _feed_beside(settings: Settings) -> Iterator[None]:
    """The feed as a child that ends with us: it holds the other end of our pipe."""
    environment = {
        **os.environ,
        "MINUTIER_HOME": str(settings.home),
        "MINUTIER_DATABASE_URL": settings.database,
        "XDG_CACHE_HOME": str(settings.cache.parent),
    }
    command = [sys.executable, "-m", "portal.cli", "index", "follow", "--until-eof"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment)  # noqa: S603
    try:
        yield
    finally:
        if child.stdin:
            child.stdin.close()
        try:
            child.wait(timeout=10)
        except subprocess.TimeoutExpired:  # its cursors are on disk: ending it only repeats work
            child.kill()
            child.wait()


@contextmanager
def _nothing() -> Iterator[None]:
    yield
