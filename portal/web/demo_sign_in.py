"""Sign-in as any demo member: under `minutier demo` alone."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from portal.nouns.errors import NotFound
from portal.web.pages.asking import fields, reader
from portal.web.portal import portal_of
from portal.web.session import open_session, renew_session


def members(request: Request) -> Response:
    """`GET /api/demo/members`: who can be signed in as."""
    found = portal_of(request).people.all()
    return JSONResponse(
        {"members": [{"id": member.id, "name": member.name, "roles": sorted(member.roles)} for member in found]}
    )


async def sign_in(request: Request) -> Response:
    """`POST /demo/connexion` with the field `member`."""
    portal = portal_of(request)
    form = await request.form()
    wanted, after = form.get("member"), form.get("suite")
    member = await run_in_threadpool(portal.people.get, wanted) if isinstance(wanted, str) else None
    if member is None:
        raise NotFound
    return await run_in_threadpool(open_session, request, member, after if isinstance(after, str) else "/")


async def confirm(request: Request) -> Response:
    """`POST /demo/confirmation` with the field `suite`: the demo's step-up."""
    member, form = reader(request), await fields(request)
    return await run_in_threadpool(renew_session, request, member, form.get("suite", "/"))


routes: list[BaseRoute] = [
    Route("/api/demo/members", members, methods=["GET"]),
    Route("/demo/connexion", sign_in, methods=["POST"]),
    Route("/demo/confirmation", confirm, methods=["POST"]),
]
