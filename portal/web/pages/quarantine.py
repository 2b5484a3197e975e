"""« Quarantaine »: files that could not be read, with the reason and a retry (greffe)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from ingest.extraction import Unreadable
from portal.nouns.errors import NotFound
from portal.web.pages.asking import fields, reader, see
from portal.web.pages.templating import render
from portal.web.portal import portal_of


def quarantine(request: Request) -> Response:
    """`GET /quarantaine`. The files themselves are not offered: they could not be read, so they are not trusted."""
    portal, member = portal_of(request), reader(request)
    if "greffe" not in member.roles:
        raise NotFound
    return render(
        request, "quarantine.html", {"rows": portal.quarantine.waiting(), "failed": "echec" in request.query_params}
    )


async def retry(request: Request) -> Response:
    """`POST /quarantaine/{id}/reprise`: read the file once more."""
    portal, member, held = portal_of(request), reader(request), request.path_params["id"]
    await fields(request)
    try:
        receipt = await run_in_threadpool(portal.deposits.retry, held, by=member)
    except Unreadable:
        return see("/quarantaine?echec=1")
    return see(f"/documents/{receipt.document}")


routes: list[BaseRoute] = [
    Route("/quarantaine", quarantine, methods=["GET"]),
    Route("/quarantaine/{id}/reprise", retry, methods=["POST"]),
]
