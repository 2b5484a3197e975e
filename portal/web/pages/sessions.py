"""My sessions (*Mes connexions*): where one is signed in, and how to end it there; a colleague's too, for a manager."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.errors import NotFound
from portal.web.pages.asking import fields, reader, see
from portal.web.pages.templating import render
from portal.web.portal import portal_of

ENDED = "connexion.fin"


def listed(request: Request) -> Response:
    """`GET /mes-connexions`: the reader's own open sessions; this one is marked."""
    member = reader(request)
    return render(request, "sessions.html", {"held": portal_of(request).sign_ins.of(member.id), "here": member.sign_in})


async def end_one(request: Request) -> Response:
    """`POST /mes-connexions/{id}/fin`: that browser is signed out at once, its open documents too."""
    portal, member = portal_of(request), reader(request)
    await fields(request)
    if not await run_in_threadpool(portal.sign_ins.end_one, member.id, request.path_params["id"]):
        raise NotFound
    await run_in_threadpool(portal.journal.record, member.id, ENDED, member.id)
    return see("/mes-connexions")


async def end_others(request: Request) -> Response:
    """`POST /mes-connexions/autres/fin`: every session but this one."""
    portal, member = portal_of(request), reader(request)
    await fields(request)
    if await run_in_threadpool(lambda: portal.sign_ins.end_all(member.id, but=member.sign_in)):
        await run_in_threadpool(portal.journal.record, member.id, ENDED, member.id)
    return see("/mes-connexions")


async def end_a_colleague_s(request: Request) -> Response:
    """`POST /habilitations/membres/{id}/deconnexion`: for those who manage clearances; a lost computer, a departure."""
    portal, member = portal_of(request), reader(request)
    await fields(request)
    target = request.path_params["id"]
    if not portal.clearances.policy.may_manage(member) or await run_in_threadpool(portal.people.get, target) is None:
        raise NotFound
    await run_in_threadpool(portal.sign_ins.end_all, target)
    await run_in_threadpool(portal.journal.record, member.id, ENDED, target)
    return see(f"/habilitations/membres/{target}")


routes: list[BaseRoute] = [
    Route("/mes-connexions", listed, methods=["GET"]),
    Route("/mes-connexions/autres/fin", end_others, methods=["POST"]),
    Route("/mes-connexions/{id}/fin", end_one, methods=["POST"]),
    Route("/habilitations/membres/{id}/deconnexion", end_a_colleague_s, methods=["POST"]),
]
