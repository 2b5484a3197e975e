"""What a token may be used for (*portée d'un jeton*), and never for: an act that asks for a person."""

from __future__ import annotations

import re

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.authentication import BEARER

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
INGEST = re.compile(r"/api/case-files/[^/]+/documents")
NARROW = "Ce jeton ne permet pas cette demande. Créez-en un dont la portée la comprend, sur la page « Mes jetons »."
IN_PERSON = "Les jetons se gèrent sur le portail, par une personne connectée : un jeton n'en crée pas d'autre."
FORBIDDEN = 4403


class TokenScopes:
    """Pure ASGI; comes after authentication. Sockets write, so they ask for the scope `write`."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or BEARER not in scope["auth"].scopes:
            await self._app(scope, receive, send)
            return
        sentence = _refusal(scope)
        if not sentence:
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": FORBIDDEN, "reason": "scope"})
        else:
            await JSONResponse({"error": sentence}, status_code=403)(scope, receive, send)


def _refusal(scope: Scope) -> str:
    held = set(scope["auth"].scopes)
    path = scope["path"]
    if path == "/jetons" or path.startswith("/jetons/"):
        return IN_PERSON
    if scope["type"] == "websocket":
        return "" if "write" in held else NARROW
    if scope["method"] in SAFE:
        return "" if held & {"read", "write"} else NARROW
    needed = {"write", "ingest"} if INGEST.fullmatch(path) else {"write"}
    return "" if held & needed else NARROW
