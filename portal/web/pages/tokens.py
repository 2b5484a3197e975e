"""My tokens (*Mes jetons*): made, shown once, listed, revoked, by their holder in person."""

from __future__ import annotations

from datetime import timedelta

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.identity.tokens import SCOPES
from portal.nouns.errors import NotFound, PortalError
from portal.web.pages.asking import fields, reader, see
from portal.web.pages.templating import render
from portal.web.portal import portal_of
from portal.web.session import require_recent

DAYS = (7, 30, 90, 365)
UNCLEAR = "Indiquez ce que le jeton permet et pour combien de jours. Aucun jeton n'a été créé."


def listed(request: Request) -> Response:
    """`GET /jetons`: the reader's own tokens; never a secret."""
    return _page(request)


async def create(request: Request) -> Response:
    """`POST /jetons` with `nom`, `portee` (repeatable) and `jours`: the one page that shows the token."""
    portal, member = portal_of(request), reader(request)
    async with request.form() as form:
        scopes = [value for value in form.getlist("portee") if isinstance(value, str)]
        name, days = str(form.get("nom", "")).strip()[:80], str(form.get("jours", ""))
    await run_in_threadpool(require_recent, request, "/jetons")
    if not scopes or set(scopes) - set(SCOPES) or days not in {str(one) for one in DAYS}:
        raise PortalError(UNCLEAR)
    token = await run_in_threadpool(portal.tokens.create, member.id, name, timedelta(days=int(days)), scopes)
    return await run_in_threadpool(_page, request, token)


async def revoke(request: Request) -> Response:
    """`POST /jetons/{id}/retrait`: it opens nothing from now on."""
    portal, member = portal_of(request), reader(request)
    await fields(request)
    if not await run_in_threadpool(portal.tokens.revoke, member.id, request.path_params["id"]):
        raise NotFound
    return see("/jetons")


def _page(request: Request, token: str = "") -> Response:
    held = portal_of(request).tokens.of(reader(request).id)
    return render(request, "tokens.html", {"held": held, "token": token, "SCOPES": SCOPES, "DAYS": DAYS})


routes: list[BaseRoute] = [
    Route("/jetons", listed, methods=["GET"]),
    Route("/jetons", create, methods=["POST"]),
    Route("/jetons/{id}/retrait", revoke, methods=["POST"]),
]
