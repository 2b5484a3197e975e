"""Someone between the portal and its provider (*homme du milieu*), who can forge one thing of an answer."""

from __future__ import annotations

import base64
import contextlib
import hmac
import json
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

Forge = Callable[[str, httpx2.Response], httpx2.Response]
"""From the path and the provider's true answer to what is passed on."""


@dataclass
class Middle:
    """Passes everything through to the provider at `behind`; `forge`, while set, changes answers on their way."""

    issuer: str
    behind: str
    key: RSAKey
    """The provider's own signing key: what is forged under it differs in one claim and has a good signature."""
    forge: Forge | None = None
    forged: list[str] = field(default_factory=list)
    """Paths whose answer `forge` changed."""

    def app(self) -> Starlette:
        keeps_none = CookieJar(DefaultCookiePolicy(allowed_domains=[]))
        client = httpx2.AsyncClient(follow_redirects=False, trust_env=False, timeout=20, cookies=keeps_none)

        @contextlib.asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            async with client:
                yield

        async def pass_on(request: Request) -> Response:
            body = await request.body()
            headers = {name: value for name, value in request.headers.items() if name != "content-length"}
            address = f"{self.behind}{request.url.path}?{request.url.query}".rstrip("?")
            answer = await client.request(request.method, address, content=body, headers=headers)
            if self.forge is not None:
                true, answer = answer, self.forge(request.url.path, answer)
                self.forged += [request.url.path] if answer is not true else []
            passed = Response(answer.content, status_code=answer.status_code)
            dropped = {"content-length", "transfer-encoding", "connection", "content-encoding", "date"}
            passed.raw_headers = [
                (name.lower().encode(), value.encode())
                for name, value in answer.headers.multi_items()
                if name.lower() not in dropped
            ] + [(b"content-length", str(len(answer.content)).encode())]
            return passed

        return Starlette(routes=[Route("/{path:path}", pass_on, methods=["GET", "POST", "OPTIONS"])], lifespan=lifespan)

    def sign(self, claims: dict[str, Any], **header: Any) -> str:
        return jwt.encode({"alg": "RS256", "kid": self.key.kid, "typ": "JWT", **header}, claims, self.key)


def claims_of(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    found: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return found


def unsigned(claims: dict[str, Any], algorithm: str = "none") -> str:
    """A token without a signature (alg none)."""
    parts = (json.dumps({"alg": algorithm, "typ": "JWT"}), json.dumps(claims))
    return ".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=").decode() for part in parts) + "."


def by_public_key(claims: dict[str, Any], key: RSAKey) -> str:
    """Signed with HS256 under the provider's public key, as if it were a secret."""
    parts = (json.dumps({"alg": "HS256", "typ": "JWT", "kid": key.kid}), json.dumps(claims))
    said = b".".join(base64.urlsafe_b64encode(part.encode()).rstrip(b"=") for part in parts)
    mark = hmac.digest(key.as_pem(private=False), said, "sha256")
    return (said + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


def now() -> int:
    return int(time.time())
