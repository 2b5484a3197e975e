"""The opaque cursor that leads from one page to the next (*curseur*)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from dataclasses import dataclass

from indexer.fields import SEARCHED_ZONES
from indexer.query import InvalidCursor, InvalidQuery, Query, Sort
from indexer.record import FACETS

LARGEST_PAGE = 1000


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: after `offset` hits, or below the sort key `key` where one orders the list."""

    offset: int = 0
    key: int | None = None
    relaxed: bool = False


def effective_sort(query: Query) -> Sort:
    """Without words nothing is more relevant than the newest."""
    return Sort.NEWEST if query.sort is Sort.RELEVANCE and not query.text.strip() else query.sort


def check(query: Query) -> None:
    """Raise InvalidQuery for what no index can run."""
    for name in (*query.filters, *query.facets):
        if name not in FACETS:
            raise InvalidQuery(f"Le filtre « {name} » n’existe pas : retirez-le et relancez la recherche.")
    for name in query.zones.difference(SEARCHED_ZONES):
        raise InvalidQuery(f"La zone « {name} » n’existe pas : choisissez-en une autre et relancez la recherche.")
    if not 1 <= query.size <= LARGEST_PAGE:
        raise InvalidQuery(f"Une page compte de 1 à {LARGEST_PAGE} résultats : corrigez la taille demandée.")


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
    asked = [query.text, filters, places, query.mode, query.sort]
    return hashlib.blake2b(json.dumps(asked).encode(), digest_size=9).hexdigest()
