"""The JSON routes (*API*). Their names and shapes are kept stable; `/api/openapi.json` describes them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from indexer.page import Extract, Hit, Page
from indexer.query import InvalidCursor, InvalidQuery, Mode, Query, Sort
from indexer.record import FACETS
from portal.nouns.errors import Conflict, NotFound, PortalError, SignInNeeded, TooLarge
from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import Action
from portal.web.lexis import read_query
from portal.web.openapi import description, page
from portal.web.portal import Portal, member_of, portal_of

BODY = 1 << 20
UPLOAD = 256 << 20


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit as the API and the command line print it."""
    return {
        "id": hit.document,
        "title": hit.title,
        "kind": hit.kind,
        "ecli": hit.ecli,
        "numbers": [f"{n[:2]}-{n[2:4]}.{n[4:]}" if len(n) == 7 and n.isdigit() else n for n in hit.numbers],
        "date": hit.date.isoformat() if hit.date else None,
        "chamber": hit.chamber,
        "formation": hit.formation,
        "solution": hit.solution,
        "publication": list(hit.publication),
        "state": hit.state,
        "case_file": hit.case_file,
        "title_only": hit.title_only,
        "reason": hit.reason,
        "extracts": [_extract_json(extract) for extract in hit.extracts],
    }


def page_json(found: Page) -> dict[str, Any]:
    return {
        "total": found.total,
        "hits": [hit_json(hit) for hit in found.hits],
        "facets": {name: dict(counts) for name, counts in found.facets.items()},
        "cursor": found.cursor,
        "counted": found.counted,
    }


def search(request: Request) -> Response:
    """`GET /api/search?q=&mode=&size=&cursor=&sort=&from=&to=` and one parameter a facet, repeated for several."""
    portal, member = portal_of(request), _signed_in(request)
    query = _query(request, portal, member)
    try:
        found = portal.search.search(query)
    except InvalidCursor as error:
        raise Conflict(str(error)) from error
    except InvalidQuery as error:
        raise PortalError(str(error)) from error
    portal.journal.record(member.id, "recherche", "-")  # that one searched, never for what
    slips = [slip.sentence for slip in query.reading.slips] if query.reading else []
    return JSONResponse({**page_json(found), "slips": slips})


async def open_draft(request: Request) -> Response:
    """`POST /api/drafts {"kind", "case_file"?, "title"?}`."""
    portal, member = portal_of(request), _signed_in(request)
    body = await _body(request)
    kind, case_file, title = body.get("kind"), body.get("case_file"), body.get("title", "")
    if not isinstance(kind, str) or not isinstance(title, str) or not (case_file is None or isinstance(case_file, str)):
        raise PortalError("Indiquez « kind » (le genre du projet) et, au besoin, « case_file » (le dossier).")
    opened = await run_in_threadpool(portal.drafts.open, member, kind, case_file, title)
    return JSONResponse(await run_in_threadpool(_draft_json, portal, member, opened), status_code=201)


def draft(request: Request) -> Response:
    """`GET /api/drafts/{id}`."""
    portal, member = portal_of(request), _signed_in(request)
    found = _draft_json(portal, member, request.path_params["id"])
    portal.journal.record(member.id, "projet.lecture", found["id"])
    return JSONResponse(found)


async def invite(request: Request) -> Response:
    """`POST /api/drafts/{id}/invitations {"member", "access"}`; access `none` closes the draft to them."""
    portal, member = portal_of(request), _signed_in(request)
    body = await _body(request)
    colleague, access = body.get("member"), body.get("access", "write")
    if not isinstance(colleague, str) or not isinstance(access, str) or access not in {*Access, "none"}:
        raise PortalError("Indiquez « member » et « access » : read, comment, suggest, write ou none.")
    if access == "none":
        await run_in_threadpool(portal.drafts.uninvite, member, request.path_params["id"], colleague)
    else:
        await run_in_threadpool(portal.drafts.invite, member, request.path_params["id"], colleague, Access(access))
    return JSONResponse({"draft": request.path_params["id"], "member": colleague, "access": access})


def document(request: Request) -> Response:
    """`GET /api/documents/{id}`: description, text and zones."""
    portal, member = portal_of(request), _signed_in(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"])
        reading = portal.documents.reading(session, row)
        answer = {
            "id": row.id,
            "title": row.title,
            "kind": row.kind,
            "state": row.state,
            "case_file": row.case_file_id,
            "published": row.published,
            "about": row.about,
            "text": reading.text if reading else "",
            "zones": [
                {"name": zone.name, "start": zone.start, "end": zone.end} for zone in (reading.zones if reading else ())
            ],
        }
    portal.journal.record(member.id, "document.lecture", row.id)
    return JSONResponse(answer)


def case_file(request: Request) -> Response:
    """`GET /api/case-files/{id}`: the sheet, and every document whose existence is open to the reader."""
    portal, member = portal_of(request), _signed_in(request)
    with portal.database.read() as session:
        sheet = portal.case_files.sheet(session, member, request.path_params["id"])
        rows = portal.documents.in_case_file(session, member, sheet.id)
        readable = {row.id for row in portal.clearances.allowed(session, member, Action.READ, rows)}
        answer = {
            "id": sheet.id,
            "numbers": list(sheet.numbers),
            "chamber": sheet.chamber,
            "title": sheet.title,
            "hearing": sheet.hearing.isoformat() if sheet.hearing else None,
            "report_due": sheet.report_due.isoformat() if sheet.report_due else None,
            "parties": [{"name": party.name, "quality": party.quality} for party in sheet.parties],
            "documents": [
                {
                    "id": row.id,
                    "title": row.title,
                    "kind": row.kind,
                    "state": row.state,
                    "date": row.day.isoformat() if row.day else None,
                    "readable": row.id in readable,
                }
                for row in rows
            ],
        }
    portal.journal.record(member.id, "dossier.lecture", sheet.id)
    return JSONResponse(answer)


async def deposit(request: Request) -> Response:
    """`POST /api/case-files/{id}/documents?name=`: the file's bytes as the body."""
    portal, member = portal_of(request), _signed_in(request)
    name = request.query_params.get("name", "")
    if not name:
        raise PortalError("Indiquez le nom du fichier dans « name ».")
    body = bytearray()
    async for chunk in request.stream():
        body.extend(chunk)
        if len(body) > UPLOAD:
            raise TooLarge
    receipt = await run_in_threadpool(
        portal.deposits.deposit, bytes(body), name, by=member, case_file=request.path_params["id"]
    )
    return JSONResponse({"id": receipt.document, "case_file": receipt.case_file, "new": receipt.new}, status_code=201)


def openapi(request: Request) -> Response:  # noqa: ARG001
    return JSONResponse(description())


def openapi_page(request: Request) -> Response:
    return page(request)


routes: list[BaseRoute] = [
    Route("/api/search", search, methods=["GET"]),
    Route("/api/drafts", open_draft, methods=["POST"]),
    Route("/api/drafts/{id}", draft, methods=["GET"]),
    Route("/api/drafts/{id}/invitations", invite, methods=["POST"]),
    Route("/api/documents/{id}", document, methods=["GET"]),
    Route("/api/case-files/{id}", case_file, methods=["GET"]),
    Route("/api/case-files/{id}/documents", deposit, methods=["POST"]),
    Route("/api/openapi.json", openapi, methods=["GET"]),
    Route("/api/openapi", openapi_page, methods=["GET"]),
]


def _signed_in(request: Request) -> Member:
    member = member_of(request)
    if member is None:
        raise SignInNeeded
    return member


def _query(request: Request, portal: Portal, member: Member) -> Query:
    given = request.query_params
    try:
        mode, sort = Mode(given.get("mode", Mode.HYBRID)), Sort(given.get("sort", Sort.RELEVANCE))
        size = min(max(int(given.get("size", "20")), 1), 100)
        days = {name: date.fromisoformat(given[name]) if given.get(name) else None for name in ("from", "to")}
    except ValueError as error:
        raise PortalError(
            "Un paramètre est mal écrit : mode (hybrid, lexical, semantic), sort (relevance, newest, oldest), "
            "size (un nombre), from et to (AAAA-MM-JJ)."
        ) from error
    with portal.database.read() as session:
        sight = portal.clearances.sight(session, member)
    return Query(
        text=given.get("q", ""),
        reading=read_query(given.get("q", "")),
        labels=sight.labels,
        denied=sight.denied,
        filters={name: frozenset(given.getlist(name)) for name in FACETS if given.getlist(name)},
        date_from=days["from"],
        date_to=days["to"],
        case_file=given.get("case_file"),
        mode=mode,
        sort=sort,
        size=size,
        cursor=given.get("cursor") or None,
    )


def _draft_json(portal: Portal, member: Member, draft_id: str) -> dict[str, Any]:
    with portal.database.read() as session:
        row = portal.documents.get(session, member, draft_id)
        if not row.draft or portal.editor is None:
            raise NotFound
        return {
            "id": row.id,
            "title": row.title,
            "state": row.state,
            "sync": f"{portal.editor_mount}/{portal.editor.room(row.id).lstrip('/')}",
            "root": portal.editor.root,
        }


async def _body(request: Request) -> Mapping[str, Any]:
    if not request.headers.get("content-type", "").startswith("application/json"):
        raise PortalError("Envoyez du JSON (Content-Type: application/json).")
    raw = bytearray()
    async for chunk in request.stream():
        raw.extend(chunk)
        if len(raw) > BODY:
            raise TooLarge
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise PortalError("Ce JSON n'est pas lisible. Vérifiez-le puis recommencez.") from error
    if not isinstance(body, dict):
        raise PortalError("Envoyez un objet JSON.")
    return body


def _extract_json(extract: Extract) -> dict[str, Any]:
    return {"zone": extract.zone, "text": extract.text, "marks": [list(mark) for mark in extract.marks]}
