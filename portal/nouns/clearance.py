"""Changes of clearance as a person asks for them (*habilitations*)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

GROUP_KINDS = {
    "chambre": "Chambre",
    "section": "Section",
    "parquet": "Parquet général",
    "service": "Service",
    "commission": "Commission",
    "formation": "Formation",
}
"""Kinds of group (*groupe*) with their names on screen."""


@dataclass(frozen=True, slots=True)
class Group:
    """*Groupe*. A chamber's id is `chambre:` and its code; the rest are the court's own."""

    id: str
    kind: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPlace:
    """*Affectation* or, with `seconded`, *détachement* to a group; `function` is the part in a formation."""

    group: str
    member: str
    reason: str = ""
    function: str = ""
    seconded: bool = False
    ends: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewException:
    """*Habilitation particulière*: one member or group, one document or case file, a reason and an end."""

    reason: str
    ends: datetime
    member: str | None = None
    group: str | None = None
    document: str | None = None
    case_file: str | None = None
    audience: str = ""
    """For a case file: siege, rapporteur, parquet…"""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewDelegation:
    """*Délégation*: `origin` lends `member` their part in a case file, or in all of theirs where it is None."""

    origin: str
    member: str
    reason: str
    ends: datetime
    case_file: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NewWall:
    """*Mur de déport*: the member must never see the case file."""

    member: str
    case_file: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSeat:
    """*Attribution*: a part in one case file, a role of `SEATS`."""

    member: str
    case_file: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBench:
    """The formation that a case file is brought before; None takes it from the one it was before."""

    case_file: str
    formation: str | None


SEATS = ("rapporteur", "doyen", "president", "conseiller", "avocat_general", "premier_president")
"""Parts in a case file or a formation."""

Change = NewPlace | NewException | NewDelegation | NewWall | NewSeat | NewBench
