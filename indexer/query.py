"""What is asked of an index, as one value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from indexer.language import Reading
from indexer.record import FACETS


class Mode(StrEnum):
    HYBRID = "hybrid"
    LEXICAL = "lexical"
    SEMANTIC = "semantic"


class Sort(StrEnum):
    RELEVANCE = "relevance"
    NEWEST = "newest"
    OLDEST = "oldest"


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search (*recherche*). `labels` is what the reader is cleared for; it has no default.

    `denied` holds documents whose clearance was narrowed and whose records have not caught up:
    no hit, count or facet may show them. `filters` maps a facet's name to the values wanted: any of
    them within a facet, all facets together. `cursor` comes from the `Page` before.
    """

    text: str
    labels: frozenset[str]
    denied: frozenset[str] = frozenset()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    date_from: date | None = None
    date_to: date | None = None
    case_file: str | None = None
    mode: Mode = Mode.HYBRID
    sort: Sort = Sort.RELEVANCE
    size: int = 20
    cursor: str | None = None
    facets: tuple[str, ...] = FACETS
    extracts: int = 2
    """How many extracts a hit carries, at most."""
    reading: Reading | None = None
    """The text, read already with what its asker knows (`indexer.language`); None has the index read it."""
    zones: frozenset[str] = frozenset()
    """Where words must stand: any of these zones, `title`, `summary`, `themes` or `visa`; anywhere when empty.

    A phrase must have its words there; a reference may stand anywhere."""


class InvalidQuery(ValueError):
    """The query cannot be run as asked. The sentence is for the person who typed it, in French."""


class InvalidCursor(InvalidQuery):
    """The cursor is none of ours, or of another query."""
