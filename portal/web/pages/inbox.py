"""« À classer »: pieces that found no case file, each with the one proposed (greffe)."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from portal.archive.case_files import CaseSheet
from portal.nouns.errors import NotFound, PortalError
from portal.nouns.member import Member
from portal.web.numbers import written_number
from portal.web.pages.asking import fields, reader, see, wants_json
from portal.web.pages.templating import render
from portal.web.portal import Portal, portal_of

UNKNOWN = "Aucun dossier ouvert ne porte ce numéro. La pièce reste à classer ; vérifiez le numéro puis recommencez."


def inbox(request: Request) -> Response:
    """`GET /a-classer`."""
    portal, member = portal_of(request), reader(request)
    if "greffe" not in member.roles:
        raise NotFound
    with portal.database.read() as session:
        rows = portal.documents.inbox(session, member)
        proposed: dict[str, CaseSheet] = {}
        for case_file in {row.proposed_id for row in rows if row.proposed_id}:
            try:
                proposed[case_file] = portal.case_files.sheet(session, member, case_file)
            except NotFound:
                continue
    filed = request.query_params.get("classe", "")
    return render(request, "inbox.html", {"rows": rows, "proposed": proposed, "filed": filed})


async def file(request: Request) -> Response:
    """`POST /documents/{id}/classement` with `dossier` (an id) or `numero` (an appeal number in any writing)."""
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    form = await fields(request)
    case_file = await run_in_threadpool(_file, portal, member, target, form)
    if wants_json(request):
        return JSONResponse({"id": target, "case_file": case_file})
    return see(f"/a-classer?classe={case_file}")


def _file(portal: Portal, member: Member, target: str, form: dict[str, str]) -> str:
    case_file = form.get("dossier") or portal.case_files.by_number(written_number(form.get("numero", ""))) or ""
    with portal.database.read() as session:
        portal.documents.get(session, member, target)
        try:
            portal.case_files.sheet(session, member, case_file)
        except NotFound as error:
            raise PortalError(UNKNOWN) from error
    portal.documents.file(member, target, case_file)
    return case_file


routes: list[BaseRoute] = [
    Route("/a-classer", inbox, methods=["GET"]),
    Route("/documents/{id}/classement", file, methods=["POST"]),
]
