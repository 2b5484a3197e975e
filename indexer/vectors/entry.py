"""What goes into the vector index, what is asked of it and what it answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Place:
    """Where a vector's passage stands: a zone, and code point offsets in it."""

    zone: str
    start: int
    end: int
    digest: int = 0
    """Tells whether the passage's text changed: 64 bits of it."""


@dataclass(frozen=True, slots=True)
class Access:
    """Who finds an entry: as a record's `labels` and `unless`."""

    labels: frozenset[str]
    unless: frozenset[str] = frozenset()

    def admits(self, labels: frozenset[str]) -> bool:
        return not labels.isdisjoint(self.labels) and labels.isdisjoint(self.unless)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Entry:
    """One record's passages as vectors. A document has one entry, or two as it has two records."""

    document: str
    access: Access
    places: tuple[Place, ...]
    vectors: NDArray[np.float32]
    """float32 [len(places), dimensions], rows of unit length."""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What a search may be narrowed to: values by facet, the case file among them."""
    date: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowing:
    """Filters of a search: any of the values within a facet, all facets together, dates inclusive."""

    facets: Mapping[str, frozenset[str]] = field(default_factory=dict)
    date_from: date | None = None
    date_to: date | None = None

    def __bool__(self) -> bool:
        return bool(self.facets) or self.date_from is not None or self.date_to is not None


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A document near the vector asked for, with its best passage. `score` is their cosine."""

    document: str
    place: Place
    score: float
