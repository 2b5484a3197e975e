"""What the archive knows of a member's place in the court, as plain values the rule reads."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from portal.nouns.member import Member

BENCH = "formation"
"""Kind of group whose functions are seats: its members sit on every file brought before it."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A part in one case file (*attribution*)."""

    case_file: str
    role: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a group (*affectation, détachement*); `function` is the part held in a formation."""

    group: str
    name: str
    kind: str = ""
    function: str = ""
    until: datetime | None = None
    seconded: bool = False


@dataclass(frozen=True, slots=True)
class Delegated:
    """A part in a case file lent by the magistrate who holds it (*délégation*)."""

    grant: str
    case_file: str
    role: str
    origin: str
    """The magistrate's name on screen."""
    until: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """An exception made for the member or a group of theirs (*habilitation particulière*), or an emergency."""

    grant: str
    until: datetime
    case_file: str | None = None
    """The whole file, as its `audience`; None where the grant opens one document."""
    audience: str = ""
    urgent: bool = False
    group: str = ""
    """The group it was made for; empty for the member."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Everything a member's labels follow from, valid until `until` unless the permission epoch moves first."""

    member: Member
    seats: tuple[Seat, ...] = ()
    places: tuple[Place, ...] = ()
    delegated: tuple[Delegated, ...] = ()
    granted: tuple[Granted, ...] = ()
    walls: frozenset[str] = frozenset()
    """Case files of which the member must see nothing that is not published (*murs de déport*)."""
    until: datetime | None = None
