"""Similar cases (*affaires semblables*): which, why, and what the reader thinks of each."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from indexer.likeness import Likeness, Similar
from portal.feed.records import to_records
from portal.nouns.errors import PortalError
from portal.policy.policy import Labels
from portal.web.citations import shown_key
from portal.web.inquiry import Inquiry
from portal.web.pages.asking import fields, reader, see, wants_json
from portal.web.pages.results import Found, found
from portal.web.pages.templating import render
from portal.web.portal import portal_of

SIZE = 12
SHARED = 6
"""Things cited in common that a line names."""
MARKS = {"bon": True, "mauvais": False}


@dataclass(frozen=True, slots=True)
class Alike:
    """One similar document as the page shows it."""

    found: Found
    shared: tuple[str, ...]
    more: int
    zone: str
    passage: str
    diverges: bool
    """Whether it ended another way."""
    good: bool | None


def similar(request: Request) -> Response:
    """`GET /documents/{id}/semblables`: for whoever may read the document; among what they may find."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"])
        reading = portal.documents.reading(session, row)
        sight = portal.clearances.sight(session, member)
        marks = portal.likeness_marks.of(session, member, row.id)
    records = to_records(row, Labels(body=sight.labels or frozenset({"-"})), reading, (), 0)
    likeness = Likeness(record=records[0], labels=sight.labels, denied=sight.denied, size=SIZE)
    alike = portal.search.similar(likeness)
    portal.journal.record(member.id, "document.lecture", row.id)
    solution = (row.about or {}).get("solution") if not row.draft else None
    return render(
        request,
        "similar.html",
        {"row": row, "alike": [_alike(one, solution, marks.get(one.hit.document)) for one in alike]},
    )


async def mark(request: Request) -> Response:
    """`POST /documents/{id}/semblables`: `avis` on `autre` is bon or mauvais; said twice, it is taken back."""
    portal, member = portal_of(request), reader(request)
    form = await fields(request)
    document, other, said = request.path_params["id"], form.get("autre", ""), form.get("avis", "")
    if said not in MARKS:
        raise PortalError("Cet avis n'a pas été compris : choisissez « Utile » ou « Sans rapport ».")
    await run_in_threadpool(portal.likeness_marks.mark, member, document, other, good=MARKS[said])
    await run_in_threadpool(portal.journal.record, member.id, "rapprochement.avis", document)
    return JSONResponse({"id": other}) if wants_json(request) else see(f"/documents/{document}/semblables#{other}")


def _alike(one: Similar, solution: object, good: bool | None) -> Alike:
    return Alike(
        found=found(one.hit, Inquiry()),
        shared=tuple(map(shown_key, one.shared[:SHARED])),
        more=max(0, len(one.shared) - SHARED),
        zone=one.zone,
        passage=one.passage,
        diverges=bool(solution and one.hit.solution and one.hit.solution != solution),
        good=good,
    )


routes: list[BaseRoute] = [
    Route("/documents/{id}/semblables", similar, methods=["GET"]),
    Route("/documents/{id}/semblables", mark, methods=["POST"]),
]
