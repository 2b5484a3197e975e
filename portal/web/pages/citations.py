"""Around a document (*citations*): what it cites, what cites it, the other decisions of its affair."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from indexer.query import InvalidQuery
from portal.archive.describing import from_json
from portal.nouns.document import Description, show_number
from portal.nouns.errors import PortalError
from portal.web.citations import citing, decisions, same_affair, sources
from portal.web.inquiry import Inquiry
from portal.web.pages.asking import reader
from portal.web.pages.results import found
from portal.web.pages.templating import render
from portal.web.portal import portal_of


def around(request: Request) -> Response:
    """`GET /documents/{id}/citations?suite=`: for whoever may read the document; lists only what they may find."""
    portal, member = portal_of(request), reader(request)
    with portal.database.read() as session:
        row = portal.documents.get(session, member, request.path_params["id"])
        reading = portal.documents.reading(session, row)
        sight = portal.clearances.sight(session, member)
    about = Description() if row.draft else from_json(row.about)
    cursor = request.query_params.get("suite", "")
    asked = citing(about, sight.labels, sight.denied, cursor) if row.published else None
    affair = same_affair(about, sight.labels, sight.denied) if row.published else None
    inquiry = Inquiry(text=show_number(about.numbers[0]) if about.numbers else "")
    try:
        page = portal.search.search(asked) if asked else None
        others = portal.search.search(affair).hits if affair else ()
    except InvalidQuery as error:
        raise PortalError(str(error)) from error
    portal.journal.record(member.id, "document.lecture", row.id)
    return render(
        request,
        "citations.html",
        {
            "row": row,
            "decisions": decisions(reading.citations, about) if reading else [],
            "sources": sources(reading.citations) if reading else [],
            "page": page,
            "found": [found(hit, inquiry) for hit in page.hits] if page else [],
            "affair": [found(hit, inquiry) for hit in others if hit.published and hit.document != row.id],
            "contested": about.contested,
            "first": not cursor,
        },
    )


routes: list[BaseRoute] = [Route("/documents/{id}/citations", around, methods=["GET"])]
