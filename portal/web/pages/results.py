"""The search box and what it finds: `/` and `/recherche`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from indexer.language import parse
from indexer.page import Hit, Page
from indexer.query import InvalidQuery, Sort
from indexer.terms import Reference
from ingest.numbers import APPEAL, BARE
from portal.nouns.document import show_number
from portal.nouns.errors import NotFound, PortalError
from portal.nouns.member import Member
from portal.web import words
from portal.web.facets import facets, years
from portal.web.inquiry import Inquiry, relaxations, understood
from portal.web.pages.asking import reader, see
from portal.web.pages.templating import MAGISTRATES, render
from portal.web.passages import Piece, extract_pieces
from portal.web.portal import Portal, portal_of

SOON = 6
"""Case files that the home page lists."""


@dataclass(frozen=True, slots=True)
class Found:
    """A hit with what the list needs beside it."""

    hit: Hit
    address: str
    preview: str
    extracts: tuple[tuple[str, tuple[Piece, ...]], ...]


def home(request: Request) -> Response:
    """`GET /`: the box, and for magistrates the next hearings."""
    portal, member = portal_of(request), reader(request)
    mine = []
    if member.roles & MAGISTRATES:
        with portal.database.read() as session:
            mine = portal.case_files.mine(session, member)
    removed = request.query_params.get("supprime", "")
    today = date.today()  # noqa: DTZ011  (court days are local days)
    coming = [sheet for sheet in mine if sheet.hearing is None or sheet.hearing >= today][:SOON]
    return render(request, "home.html", {"mine": coming, "others": len(mine) - len(coming), "removed": removed})


def results(request: Request) -> Response:
    """`GET /recherche`: the results page, or the case file itself when the query is an appeal number."""
    portal, member = portal_of(request), reader(request)
    inquiry = Inquiry.read(request.query_params)
    if not inquiry.text and not inquiry.filters and not inquiry.case_file:
        return see("/")
    case_file = _case_file(portal, member, inquiry)
    if case_file:
        return see(case_file)
    with portal.database.read() as session:
        sight = portal.clearances.sight(session, member)
    try:
        page = portal.search.search(inquiry.query(sight.labels, sight.denied))
    except InvalidQuery as error:
        raise PortalError(str(error)) from error
    portal.journal.record(member.id, "recherche", "-")  # that one searched, never for what
    scope = _scope(portal, member, inquiry)
    return render(request, "results.html", {**_context(inquiry, page), "scope": scope})


def _context(inquiry: Inquiry, page: Page) -> dict[str, object]:
    return {
        "q": inquiry.text,
        "inquiry": inquiry,
        "kept": inquiry.pairs(),
        "page": page,
        "found": [_found(hit, inquiry) for hit in page.hits],
        "facets": facets(page.facets, inquiry),
        "years": years(page.facets.get("year", {}), inquiry),
        "sorts": [
            (name, inquiry.sorted_by(Sort(code)).address, code == inquiry.sort) for code, name in words.SORTS.items()
        ],
        "chosen": [
            (words.FACETS[name][1], words.label(name, value), inquiry.toggled(name, value).address)
            for name, values in inquiry.filters.items()
            for value in values
        ],
        "understood": understood(inquiry.text),
        "relaxations": relaxations(inquiry) if not page.hits else [],
        "following": inquiry.following(page.cursor).address if page.cursor else "",
    }


def _scope(portal: Portal, member: Member, inquiry: Inquiry) -> str:
    """What the case file that one looks in is called; one that is not open has no name."""
    if not inquiry.case_file:
        return ""
    with portal.database.read() as session:
        try:
            numbers = portal.case_files.sheet(session, member, inquiry.case_file).numbers
        except NotFound:
            numbers = ()
    return show_number(numbers[0]) if numbers else "un dossier"


def _found(hit: Hit, inquiry: Inquiry) -> Found:
    question = f"?{urlencode({'q': inquiry.text})}" if inquiry.text else ""
    if hit.kind == "dossier":
        address = preview = f"/dossiers/{hit.case_file or hit.document.removeprefix('dossier:')}"
    else:
        address = f"/documents/{hit.document}{question}"
        preview = f"/documents/{hit.document}/apercu{question}"
    extracts = tuple((extract.zone, tuple(extract_pieces(extract))) for extract in hit.extracts)
    return Found(hit, address, "" if hit.kind == "dossier" or hit.title_only else preview, extracts)


def _case_file(portal: Portal, member: Member, inquiry: Inquiry) -> str:
    """Where an appeal number leads, if the whole query is one and its file is open to the member; else ""."""
    terms = parse(inquiry.text)
    if len(terms) != 1 or not isinstance(terms[0], Reference) or inquiry.filters or inquiry.cursor:
        return ""
    number = terms[0].keys[0]
    if len(number) != 7 or not number.isdigit():
        return ""
    case_file = portal.case_files.by_number(number)
    if case_file is None:
        return ""
    with portal.database.read() as session:
        try:
            portal.case_files.sheet(session, member, case_file)
        except NotFound:
            return ""
    written = APPEAL.search(inquiry.text) or BARE.search(inquiry.text)
    letter = written["key"] if written else None
    return f"/dossiers/{case_file}" + (f"?numero={letter.upper()}{number}" if letter else "")


routes: list[BaseRoute] = [
    Route("/", home, methods=["GET"]),
    Route("/recherche", results, methods=["GET"]),
]
