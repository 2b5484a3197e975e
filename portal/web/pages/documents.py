"""Documents (*pièces, décisions, projets*): the page, the reading pane, the original beside the text."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from ingest.extraction import Extraction, Word
from portal.archive.case_files import CaseSheet
from portal.archive.describing import from_json
from portal.archive.drafts import Invited
from portal.nouns.document import Description
from portal.nouns.errors import NotFound
from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import Action
from portal.store.tables import DocumentRow, VersionRow
from portal.web.citations import citing, names
from portal.web.lexis import read_query
from portal.web.lighting import Span, light
from portal.web.pages.asking import fields, reader, see, wants_json
from portal.web.pages.templating import render
from portal.web.passages import Section, sections
from portal.web.portal import Portal, portal_of
from portal.web.revocation import STILL

PDF = "application/pdf"
FORMATS = {
    PDF: "PDF",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "DOCX",
    "application/vnd.oasis.opendocument.text": "ODT",
    "application/msword": "DOC",
    "application/rtf": "RTF",
    "text/rtf": "RTF",
    "application/vnd.wordperfect": "WordPerfect",
    "text/html": "HTML",
    "text/plain": "texte",
    "application/json": "JSON",
    "application/xml": "XML",
    "application/vnd.judilibre+json": "JSON",
    "application/vnd.dila+xml": "XML",
    "text/xml": "XML",
}
CHUNK = 1 << 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentView:
    """A document as one member sees it, read in one snapshot."""

    row: DocumentRow
    about: Description
    sections: tuple[Section, ...]
    lit: int
    warnings: tuple[str, ...]
    version: VersionRow | None
    format: str
    pdf: bool
    sheet: CaseSheet | None
    access: Access
    room: str
    invited: tuple[Invited, ...]
    mine: bool
    deletable: bool
    explained: bool
    """Whether the reader may ask who else sees it."""
    citations: int
    """How many citations its text holds."""
    cited: int
    """How many documents that the reader may find cite it."""


def document(request: Request) -> Response:
    """`GET /documents/{id}`: the page, its address the permanent link."""
    portal, member, text = portal_of(request), reader(request), question(request)
    view = _view(portal, member, request.path_params["id"], text)
    portal.journal.record(member.id, "document.lecture", view.row.id)
    return render(request, "document.html", {**_context(view, text), "colleagues": _colleagues(portal, member, view)})


def preview(request: Request) -> Response:
    """`GET /documents/{id}/apercu`: the same, as the part that the reading pane shows."""
    portal, member, text = portal_of(request), reader(request), question(request)
    view = _view(portal, member, request.path_params["id"], text)
    portal.journal.record(member.id, "document.lecture", view.row.id)
    return render(request, "_document.html", {**_context(view, text), "colleagues": _colleagues(portal, member, view)})


def pages(request: Request) -> Response:
    """`GET /documents/{id}/pages?q=`: each page's size in points and the boxes of the lit words on it.

    Boxes are [left, top, right, bottom] in points from the page's top left; one hit may have several.
    """
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"])
        reading = portal.documents.reading(session, row)
        version = session.get(VersionRow, row.version_id) if row.version_id else None
    portal.journal.record(member.id, "document.lecture", row.id)
    if reading is None:
        return JSONResponse({"pages": []})
    spans = light(reading.text, read_query(question(request)).terms)
    if version is not None and version.media_type == PDF:
        reading = portal.places.place(reading, version.digest, unmeasured(reading, spans))
    return JSONResponse({"pages": located(reading, spans)})


def original(request: Request) -> Response:
    """`GET /documents/{id}/original`: a PDF to show, anything else to keep; never run by the browser."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"])
        version, file = portal.documents.open(session, row)
    try:
        portal.journal.record(member.id, "document.original", row.id)
    except BaseException:
        file.close()
        raise
    request.scope["state"][STILL] = partial(_still, portal, member, row.id)
    pdf = version.media_type == PDF
    disposition = "inline" if pdf else "attachment"
    return StreamingResponse(
        _stream(file),
        media_type=PDF if pdf else "application/octet-stream",
        headers={
            "Content-Disposition": f"{disposition}; filename*=UTF-8''{quote(version.name, safe='')}",
            "Content-Length": str(version.size),
            "X-Content-Type-Options": "nosniff",
        },
    )


def _still(portal: Portal, member: Member, document: str) -> bool:
    """Whether the member, as they stand now, is still signed in and may still read the document."""
    now = portal.people.get(member.id) if portal.presence.until(member.sign_in) else None
    with portal.database.read() as session:
        row = session.get(DocumentRow, document)
        return row is not None and now is not None and portal.clearances.may(session, now, Action.READ, row)


async def delete(request: Request) -> Response:
    """`POST /documents/{id}/suppression`: out of sight, until undone."""
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    case_file = await run_in_threadpool(_delete, portal, member, target)
    if wants_json(request):
        return JSONResponse({"id": target})
    return see(f"{f'/dossiers/{case_file}' if case_file else '/'}?{urlencode({'supprime': target})}")


async def restore(request: Request) -> Response:
    """`POST /documents/{id}/retablissement`."""
    portal, member, target = portal_of(request), reader(request), request.path_params["id"]
    await fields(request)
    await run_in_threadpool(portal.documents.restore, member, target)
    return JSONResponse({"id": target}) if wants_json(request) else see(f"/documents/{target}")


def question(request: Request) -> str:
    """The words to light, from the address."""
    return request.query_params.get("q", "")[:2_000]


def unmeasured(reading: Extraction, spans: list[Span]) -> list[int]:
    """Pages, counted from zero, with a span on a line whose words have no place yet."""
    starts = [start for start, _ in spans]

    def touched(line: Word) -> bool:
        last = bisect_left(starts, line.end) - 1
        return last >= 0 and spans[last][1] > line.start

    return [number for number, page in enumerate(reading.pages) if any(map(touched, page.lines))]


def located(reading: Extraction, spans: list[Span]) -> list[dict[str, Any]]:
    """Pages with the boxes of the words that a span touches; neighbours on one line share a box."""
    found = []
    for layout in reading.pages:
        hits: list[list[list[float]]] = []
        at = 0
        for start, end in spans:
            while at < len(layout.words) and layout.words[at].end <= start:
                at += 1
            boxes: list[list[float]] = []
            for word in layout.words[at:]:
                if word.start >= end:
                    break
                box = [round(side, 2) for side in (word.left, word.top, word.right, word.bottom)]
                if boxes and abs(boxes[-1][1] - box[1]) < (box[3] - box[1]) / 2 and box[0] >= boxes[-1][0]:
                    boxes[-1] = [boxes[-1][0], min(boxes[-1][1], box[1]), box[2], max(boxes[-1][3], box[3])]
                else:
                    boxes.append(box)
            if boxes:
                hits.append(boxes)
        found.append({"width": layout.width, "height": layout.height, "scanned": layout.scanned, "hits": hits})
    return found


def _view(portal: Portal, member: Member, target: str, text: str) -> DocumentView:
    with portal.database.read() as session:
        row = portal.documents.get(session, member, target)
        reading = portal.documents.reading(session, row)
        spans = light(reading.text, read_query(text).terms) if reading and text else []
        version = session.get(VersionRow, row.version_id) if row.version_id else None
        about = from_json(row.about) if not row.draft else Description(kind=row.kind, title=row.title)
        return DocumentView(
            row=row,
            about=about,
            sections=tuple(sections(reading, spans, names(about))) if reading else (),
            lit=len(spans),
            warnings=reading.warnings if reading else (),
            version=version,
            format=FORMATS.get(version.media_type, "fichier") if version else "",
            pdf=bool(version and version.media_type == PDF),
            sheet=_sheet(portal, session, member, row),
            access=_access(portal, session, member, row),
            room=_room(portal, row),
            invited=tuple(portal.drafts.invited(session, row.id)) if row.draft else (),
            mine=row.author_id == member.id,
            explained=not row.published and portal.explaining.may_ask(session, member, row),
            deletable=portal.clearances.may(session, member, Action.DELETE, row),
            citations=len(reading.citations) if reading else 0,
            cited=_cited(portal, session, member, row),
        )


def _sheet(portal: Portal, session: Session, member: Member, row: DocumentRow) -> CaseSheet | None:
    """The case file that the document stands in, where it is open to the member too."""
    if row.case_file_id is None:
        return None
    try:
        return portal.case_files.sheet(session, member, row.case_file_id)
    except NotFound:
        return None


def _cited(portal: Portal, session: Session, member: Member, row: DocumentRow) -> int:
    """Of a published decision; a piece is cited by its file alone."""
    if not row.published:
        return 0
    sight = portal.clearances.sight(session, member)
    asked = citing(from_json(row.about), sight.labels, sight.denied)
    return portal.search.search(replace(asked, size=1, extracts=0)).total if asked else 0


def _access(portal: Portal, session: Session, member: Member, row: DocumentRow) -> Access:
    steps = ((Action.WRITE, Access.WRITE), (Action.SUGGEST, Access.SUGGEST), (Action.COMMENT, Access.COMMENT))
    return next(
        (access for action, access in steps if portal.clearances.may(session, member, action, row)), Access.READ
    )


def _room(portal: Portal, row: DocumentRow) -> str:
    if not row.draft or portal.editor is None:
        return ""
    return f"{portal.editor_mount.rstrip('/')}/{portal.editor.room(row.id).lstrip('/')}"


def _colleagues(portal: Portal, member: Member, view: DocumentView) -> list[Member]:
    """Whom an author may invite: the administration reads nothing."""
    if not (view.row.draft and view.mine and not view.row.deposited):
        return []
    return [one for one in portal.people.all() if one.id != member.id and "administrateur" not in one.roles]


def _context(view: DocumentView, text: str) -> dict[str, Any]:
    question_part = f"?{urlencode({'q': text})}" if text else ""
    return {"view": view, "row": view.row, "q": text, "link": f"/documents/{view.row.id}", "question": question_part}


def _delete(portal: Portal, member: Member, target: str) -> str | None:
    with portal.database.read() as session:
        case_file = portal.documents.get(session, member, target).case_file_id
    portal.documents.delete(member, target)
    return case_file


def _stream(file: Any) -> Any:
    with file:
        while chunk := file.read(CHUNK):
            yield chunk


routes: list[BaseRoute] = [
    Route("/documents/{id}", document, methods=["GET"]),
    Route("/documents/{id}/apercu", preview, methods=["GET"]),
    Route("/documents/{id}/pages", pages, methods=["GET"]),
    Route("/documents/{id}/original", original, methods=["GET"]),
    Route("/documents/{id}/suppression", delete, methods=["POST"]),
    Route("/documents/{id}/retablissement", restore, methods=["POST"]),
]
