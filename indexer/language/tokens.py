"""The pieces of a query, and what is said of those that cannot be read."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from indexer.terms import Term


class Kind(StrEnum):
    """Names of the grammar's terminals (query.lark)."""

    TERM = "TERM"
    SCOPE = "SCOPE"
    """The name of a zone and its colon."""
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    OPEN = "OPEN"
    CLOSE = "CLOSE"


@dataclass(frozen=True, slots=True)
class Token:
    """`what` it is and how it is `shown` to a person; offsets in the cleaned text. `term` of a TERM alone."""

    kind: Kind
    start: int
    end: int
    shown: str
    what: str = ""
    term: Term | None = None
    zones: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Slip:
    """What could not be read, in one sentence, and where it stands."""

    sentence: str
    start: int
    end: int
