"""The search box and what it finds: `/` and `/recherche`."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from indexer.language import Reading
from indexer.page import Hit, Page
from indexer.query import InvalidQuery, Query, Sort
from ingest.numbers import APPEAL, BARE
from portal.nouns.document import show_number
from portal.nouns.errors import NotFound, PortalError
from portal.nouns.member import Member
from portal.web import doors, words
from portal.web.facets import facets, years
from portal.web.inquiry import LONGEST, Inquiry, relaxations, understood
from portal.web.lexis import read_query
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
    reading = read_query(inquiry.text)
    case_file = _case_file(portal, member, inquiry, reading)
    if case_file:
        return see(case_file)
    with portal.database.read() as session:
        sight = portal.clearances.sight(session, member)
    query = inquiry.query(sight.labels, sight.denied, reading)
    try:
        page, door = _found_by_name(portal, inquiry, query) or (portal.search.search(query), "")
    except InvalidQuery as error:
        raise PortalError(str(error)) from error
    portal.journal.record(member.id, "recherche", "-")  # that one searched, never for what
    if door:
        return see(door)
    scope = _scope(portal, member, inquiry)
    cut = len(request.query_params.get("q", "").strip()) > LONGEST
    return render(request, "results.html", {**_context(inquiry, reading, page), "scope": scope, "cut": cut})


def _found_by_name(portal: Portal, inquiry: Inquiry, query: Query) -> tuple[Page, str] | None:
    """What a citation names: the one document's address, or the page of candidates; None where it names nothing."""
    if query.reading is None or inquiry.filters or inquiry.case_file:
        return None
    asked = doors.named(query.reading)
    if asked is None or not asked.terms:
        return None
    page = portal.search.search(replace(query, reading=asked))
    if not page.total:
        return None
    alone = page.total == 1 and not inquiry.cursor and not page.hits[0].title_only
    return page, found(page.hits[0], inquiry).address if alone else ""


def _context(inquiry: Inquiry, reading: Reading, page: Page) -> dict[str, object]:
    return {
        "q": inquiry.text,
        "inquiry": inquiry,
        "kept": inquiry.pairs(),
        "page": page,
        "found": [found(hit, inquiry) for hit in page.hits],
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
        "understood": understood(inquiry, reading),
        "slips": [slip.sentence for slip in reading.slips],
        "relaxations": relaxations(inquiry, reading) if not page.hits else [],
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


def found(hit: Hit, inquiry: Inquiry) -> Found:
    """A hit as a list shows it; its address lights the words asked for."""
    question = f"?{urlencode({'q': inquiry.text})}" if inquiry.text else ""
    if hit.kind == "dossier":
        address = preview = f"/dossiers/{hit.case_file or hit.document.removeprefix('dossier:')}"
    else:
        address = f"/documents/{hit.document}{question}"
        preview = f"/documents/{hit.document}/apercu{question}"
    extracts = tuple((extract.zone, tuple(extract_pieces(extract))) for extract in hit.extracts)
    return Found(hit, address, "" if hit.kind == "dossier" or hit.title_only else preview, extracts)


def _case_file(portal: Portal, member: Member, inquiry: Inquiry, reading: Reading) -> str:
    """Where an appeal number leads, if the whole query is one and its file is open to the member; else ""."""
    number = doors.appeal(reading)
    if not number or inquiry.filters or inquiry.cursor:
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
