"""What of a record is filtered, counted and looked up whole."""

from __future__ import annotations

from typing import Final

from indexer.record import ZONES, Record
from indexer.references import reference_key

SEARCHED_ZONES: Final = (*ZONES, "title", "summary", "themes", "visa", "parties")
"""Each has an index field of its own. A zone of another name counts as `texte`."""


def zone_of(part: str) -> str:
    """The searched zone that a part of a record belongs to."""
    return part if part in SEARCHED_ZONES else "texte"


def facet_values(record: Record) -> dict[str, tuple[str, ...]]:
    """The values of each facet of a record, empty ones left out."""
    values = {
        "kind": (record.kind,),
        "chamber": (record.chamber,),
        "formation": (record.formation,),
        "year": (str(record.date.year) if record.date else None,),
        "solution": (record.solution,),
        "publication": tuple(dict.fromkeys(record.publication)),
        "state": (record.state,),
    }
    return {name: kept for name, found in values.items() if (kept := tuple(v for v in found if v))}


def raw_values(record: Record) -> dict[str, tuple[str, ...]]:
    """What a query may name by a field: the facets, and what is looked up but not counted."""
    return facet_values(record) | ({"jurisdiction": (record.jurisdiction,)} if record.jurisdiction else {})


def reference_keys(record: Record) -> set[str]:
    """All identifiers under which a record is found (*numéros, ECLI, identifiants*)."""
    written = (*record.numbers, record.ecli or "", record.document, record.id)
    return {key for text in written if (key := reference_key(text))}
