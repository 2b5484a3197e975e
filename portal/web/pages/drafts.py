"""What an author does with a draft (*projet*): open, rename, invite, deposit, circulate."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from portal.nouns.errors import NotAllowed, PortalError
from portal.nouns.member import Member
from portal.plugin import Access
from portal.web import words
from portal.web.pages.asking import fields, reader, see
from portal.web.pages.templating import render
from portal.web.portal import Portal, portal_of

UNKNOWN = "Personne ne porte ce nom à la cour. Choisissez un nom dans la liste puis recommencez ; rien n'a été changé."


def new(request: Request) -> Response:
    """`GET /nouveau-projet`: the kinds of draft that need no case file."""
    member = reader(request)
    if "administrateur" in member.roles:
        raise NotAllowed("L'administration du système n'ouvre pas de projet.")
    return render(request, "new_draft.html")


async def create(request: Request) -> Response:
    """`POST /nouveau-projet` with `nature` and `titre`."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    draft = await run_in_threadpool(portal.drafts.open, member, form.get("nature", ""), None, form.get("titre", ""))
    return see(f"/documents/{draft}")


async def invite(request: Request) -> Response:
    """`POST /documents/{id}/invitations` with `membre` (an id or a name on screen) and `droit`; `none` removes."""
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    form = await fields(request)
    await run_in_threadpool(_invite, portal, member, target, form)
    return see(f"/documents/{target}")


async def deposit(request: Request) -> Response:
    """`POST /documents/{id}/depot`."""
    return await _do(request, "deposit")


async def circulate(request: Request) -> Response:
    """`POST /documents/{id}/circulation`."""
    return await _do(request, "circulate")


async def rename(request: Request) -> Response:
    """`POST /documents/{id}/titre` with `titre`."""
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    form = await fields(request)
    await run_in_threadpool(portal.drafts.rename, member, target, form.get("titre", ""))
    return see(f"/documents/{target}")


async def _do(request: Request, step: str) -> Response:
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    await fields(request)
    await run_in_threadpool(portal.drafts.deposit if step == "deposit" else portal.drafts.circulate, member, target)
    return see(f"/documents/{target}")


def _invite(portal: Portal, member: Member, target: str, form: dict[str, str]) -> None:
    given, access = form.get("membre", "").strip(), form.get("droit", Access.WRITE)
    colleague = next((one for one in portal.people.all() if given in {one.id, words.picked(one)}), None)
    if access == "none":
        portal.drafts.uninvite(member, target, colleague.id if colleague else given)
        return
    if colleague is None or access not in set(Access):
        raise PortalError(UNKNOWN)
    portal.drafts.invite(member, target, colleague.id, Access(access))


routes: list[BaseRoute] = [
    Route("/nouveau-projet", new, methods=["GET"]),
    Route("/nouveau-projet", create, methods=["POST"]),
    Route("/documents/{id}/invitations", invite, methods=["POST"]),
    Route("/documents/{id}/depot", deposit, methods=["POST"]),
    Route("/documents/{id}/circulation", circulate, methods=["POST"]),
    Route("/documents/{id}/titre", rename, methods=["POST"]),
]
