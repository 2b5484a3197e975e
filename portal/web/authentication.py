"""Who asks: a session cookie for people, a bearer token for programs. Sets `user`, `auth` and the CSRF token."""

from __future__ import annotations

from starlette.authentication import AuthCredentials, BaseUser, UnauthenticatedUser
from starlette.concurrency import run_in_threadpool
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from portal.web.portal import Portal

COOKIE = "minutier"
HOST = "__Host-"
"""Before the name where pages come by https: browsers then take the cookie from this host alone, and for all of it."""
SIGNED_IN = "signed-in"
BEARER = "bearer"
"""The scope of a request that carries a token: no cookie is involved, so no CSRF check either."""


class Authentication:
    """Pure ASGI, for HTTP and WebSockets alike, and for what is mounted below."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in {"http", "websocket"}:
            connection = HTTPConnection(scope)
            portal: Portal = scope["state"]["portal"]
            user, scopes, csrf = await run_in_threadpool(_identify, portal, connection)
            scope["user"], scope["auth"] = user, AuthCredentials(scopes)
            scope["state"]["csrf"] = csrf
        await self._app(scope, receive, send)


def _identify(portal: Portal, connection: HTTPConnection) -> tuple[BaseUser, list[str], str]:
    kind, _, token = connection.headers.get("authorization", "").partition(" ")
    if kind.lower() == "bearer":
        bearer = portal.tokens.get(token.strip())
        if bearer is None:
            return UnauthenticatedUser(), [], ""
        return bearer.member, [SIGNED_IN, BEARER, *sorted(bearer.scopes)], ""
    secret = connection.cookies.get(cookie_name(portal))
    found = portal.sign_ins.get(secret) if secret else None
    if found is None:
        return UnauthenticatedUser(), [], ""
    return found.member, [SIGNED_IN], found.csrf


def cookie_name(portal: Portal) -> str:
    """What the cookie of a sign-in is called here."""
    return HOST + COOKIE if portal.settings.secure_cookies else COOKIE
