"""The opaque cursor that leads from one page to the next (*curseur*)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass, replace

from indexer.fields import SEARCHED_ZONES
from indexer.language import Reading, read
from indexer.page import Page
from indexer.query import InvalidCursor, InvalidQuery, Query, Sort
from indexer.record import FACETS
from indexer.terms import Term, is_filter, names_reporter, values_of

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: after `offset` hits, or below the sort key `key` where one orders the list."""

    offset: int = 0
    key: int | None = None
    relaxed: bool = False


def reading_of(query: Query) -> Reading:
    """What is asked: as its asker read it, else as the text reads by itself."""
    return read(query.text) if query.reading is None else query.reading


def terms_of(query: Query) -> tuple[Term, ...]:
    return reading_of(query).terms


def effective_sort(query: Query) -> Sort:
    """Where nothing says how well a document answers, nothing is more relevant than the newest."""
    return Sort.NEWEST if query.sort is Sort.RELEVANCE and all(map(is_filter, terms_of(query))) else query.sort


def check(query: Query) -> None:
    """Raise InvalidQuery for what no index can run."""
    for name in (*query.filters, *query.facets):
        if name not in FACETS:
            raise InvalidQuery(f"Le filtre « {name} » n’existe pas : retirez-le et relancez la recherche.")
    for name in query.zones.difference(SEARCHED_ZONES):
        raise InvalidQuery(f"La zone « {name} » n’existe pas : choisissez-en une autre et relancez la recherche.")
    terms = terms_of(query)
    if names_reporter(terms) and (values_of(terms, "solution") or query.filters.get("solution")):
        raise InvalidQuery(
            "Une recherche ne croise pas le nom d’un magistrat et le sens des décisions (COJ, art. L. 111-13) : "
            "retirez l’un des deux."
        )
    if not 1 <= query.size <= LARGEST_PAGE:
        raise InvalidQuery(f"Une page compte de 1 à {LARGEST_PAGE} résultats : corrigez la taille demandée.")


def admitted(query: Query) -> Query:
    """The query as it may run: nothing is counted by a magistrate's name (COJ, art. L. 111-13)."""
    return replace(query, facets=()) if query.facets and names_reporter(terms_of(query)) else query


def uncounted(page: Page, query: Query) -> Page:
    """The page as it may be shown."""
    return replace(page, total=len(page.hits), counted=False) if names_reporter(terms_of(query)) else page


def write_cursor(query: Query, position: Position) -> str:
    values = [position.offset, position.key, position.relaxed, _fingerprint(query)]
    return base64.urlsafe_b64encode(json.dumps(values, separators=(",", ":")).encode()).decode().rstrip("=")


def read_cursor(query: Query) -> Position:
    """The first page without a cursor. Raises InvalidCursor."""
    if query.cursor is None:
        return Position()
    try:
        padded = query.cursor + "=" * (-len(query.cursor) % 4)
        offset, key, relaxed, fingerprint = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError, RecursionError):
        raise _invalid() from None
    known_key = key is None or (type(key) is int and 0 <= key < 1 << 63)
    known = type(offset) is int and 0 <= offset < 1 << 31 and known_key and type(relaxed) is bool
    if not known or fingerprint != _fingerprint(query) or (key is None) != (effective_sort(query) is Sort.RELEVANCE):
        raise _invalid()
    return Position(offset, key, relaxed)


def _invalid() -> InvalidCursor:
    return InvalidCursor("La suite de cette liste n’est plus disponible : relancez la recherche.")


def _fingerprint(query: Query) -> str:
    filters = sorted((name, sorted(values)) for name, values in query.filters.items())
    places = [str(query.date_from), str(query.date_to), query.case_file, sorted(query.zones)]
    terms = None if query.reading is None else repr(query.reading.terms)
    asked = [query.text, terms, filters, places, query.mode, query.sort]
    return hashlib.blake2b(json.dumps(asked).encode(), digest_size=9).hexdigest()
