"""What an index answers: hits, counts and the way to the next page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Extract:
    """A fragment of a document (*extrait*) with the spans to light up: code point offsets in `text`."""

    zone: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One found document, drawn from the index alone."""

    document: str
    kind: str
    title: str
    score: float
    case_file: str | None = None
    numbers: tuple[str, ...] = ()
    ecli: str | None = None
    date: date | None = None
    chamber: str | None = None
    formation: str | None = None
    solution: str | None = None
    publication: tuple[str, ...] = ()
    state: str | None = None
    jurisdiction: str | None = None
    published: bool = False
    title_only: bool = False
    """True when the reader may know of the document but not read it."""
    extracts: tuple[Extract, ...] = ()
    reason: str = ""
    """Why it was found where words do not show it: `sens` for a hit by meaning alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """`total` counts every document that matches and that the reader may see."""

    total: int
    hits: tuple[Hit, ...]
    facets: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    cursor: str | None = None
    """Opaque; None on the last page."""
    counted: bool = True
    """False where nothing may be counted: `total` is then how many hits the page holds, and there are no facets."""
    relaxed: bool = False
    """True when no document holds every term (of four words or more: fewer than ten do), and those are shown
    that hold a quarter of the words at least."""
