"""What holds for every answer: security headers, origins, forgery tokens, the sign-in gate."""

from __future__ import annotations

import hmac
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, Headers, MutableHeaders
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.nouns.errors import SignInNeeded
from portal.web.authentication import BEARER
from portal.web.portal import Portal
from portal.web.violations import VIOLATIONS

CSP = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; "
    "font-src 'self'; connect-src 'self'; frame-ancestors 'none'; object-src 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'; form-action 'self'"
)
REPORTING = f"; report-uri {VIOLATIONS}"
"""Not `report-to`: where a browser knows it, that comes in its place, minutes later or never."""
PERMISSIONS = "camera=(), geolocation=(), microphone=(), payment=(), usb=()"
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = (
    VIOLATIONS,
    "/connexion",
    "/connexion/",
    "/demo/",
    "/static/",
    "/theme/",
    "/healthz",
    "/api/demo/",
    "/api/openapi",
)
FORGED = "Cette page est trop ancienne. Rechargez-la puis recommencez : rien n'a été perdu."


class SecurityHeaders:
    """Headers on every answer; pages and JSON are never cached by a shared workstation's browser."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        policy = CSP
        if scope["type"] == "http" and scope["state"]["portal"].settings.oidc is not None:
            policy += f" {_origin_of(scope['state']['portal'].settings.oidc.issuer)}"  # signing out goes on there

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["Content-Security-Policy"] = policy + REPORTING
                headers["X-Content-Type-Options"] = "nosniff"
                headers["Referrer-Policy"] = "same-origin"
                headers["Cross-Origin-Opener-Policy"] = "same-origin"
                headers["Cross-Origin-Resource-Policy"] = "same-origin"
                headers["Permissions-Policy"] = PERMISSIONS
                if scope["state"]["portal"].settings.secure_cookies:  # served by https: stay there
                    headers["Strict-Transport-Security"] = STRICT_TRANSPORT
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        await self._app(scope, receive, send_with_headers if scope["type"] == "http" else send)


class SameOrigin:
    """Refuses what another site started: foreign WebSockets, and changes without the page's own token.

    A request that carries a bearer token has no cookie to abuse and passes. Starlette accepts a WebSocket
    from any origin by default, hence the check here: foreign, null or missing, it is refused.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket" and BEARER not in scope["auth"].scopes and not _own_origin(scope):
            await send({"type": "websocket.close", "code": 4403, "reason": "origin"})
            return
        changes = scope["type"] == "http" and scope["method"] not in SAFE and scope["path"] != VIOLATIONS
        if changes and BEARER not in scope["auth"].scopes:
            request = Request(scope, receive)
            if not _own_origin(scope) or not await _has_token(request):
                await JSONResponse({"error": FORGED}, status_code=403)(scope, receive, send)
                return
            if hasattr(request, "_body"):
                receive = _replay(request._body)  # noqa: SLF001  (Starlette keeps what it read there)
        await self._app(scope, receive, send)


class SignInGate:
    """Everything but the sign-in page, static files and health needs a member: pages redirect, the API answers 401.

    The answer does not depend on the path beyond that, so nothing can be probed without signing in.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not scope["user"].is_authenticated and not _is_open(scope["path"]):
            await _ask_to_sign_in(scope)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def _origin_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _is_open(path: str) -> bool:
    return any(path == item or (item.endswith("/") and path.startswith(item)) for item in OPEN_PATHS) or (
        path in {"/editor/static/editor.js", "/editor/static/editor.css"} or path.startswith("/api/openapi")
    )


def _ask_to_sign_in(scope: Scope) -> Response:
    request = HTTPConnection(scope)
    if scope["path"].startswith("/api/") or scope["method"] != "GET":
        return JSONResponse({"error": SignInNeeded.sentence}, status_code=401, headers={"WWW-Authenticate": "Bearer"})
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(f"/connexion?suite={quote(scope['path'] + query)}", status_code=303)


def _own_origin(scope: Scope) -> bool:
    """Whether the Origin header names this portal. A plain form post without one passes on its token alone."""
    headers = Headers(scope=scope)
    origin = headers.get("origin")
    portal: Portal = scope["state"]["portal"]
    if origin is None:
        return scope["type"] == "http" and headers.get("sec-fetch-site", "same-origin") in {"same-origin", "none"}
    if portal.settings.origin:
        return origin == portal.settings.origin
    return urlsplit(origin).netloc == headers.get("host", "")


async def _has_token(request: Request) -> bool:
    expected = request.scope["state"].get("csrf", "")
    if not expected:  # nobody is signed in: the gate answers, or it is the sign-in form itself
        return True
    given = request.headers.get("x-csrf-token", "")
    if not given and request.headers.get("content-type", "").startswith(
        ("application/x-www-form-urlencoded", "multipart/form-data")
    ):
        await request.body()
        form: FormData = await request.form()
        value = form.get("csrf")
        given = value if isinstance(value, str) else ""
        await form.close()
    return hmac.compare_digest(given.encode(), expected.encode())


def _replay(body: bytes) -> Receive:
    sent = False

    async def receive() -> Message:
        nonlocal sent
        if sent:
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive
