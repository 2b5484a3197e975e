"""A case before the court."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Party:
    """*Partie*: `quality` is demandeur, défendeur, intervenant; `counsel` its law firm, empty for the prosecution."""

    name: str
    quality: str
    counsel: str = ""


@dataclass(frozen=True, slots=True)
class Stage:
    """*Étape de la procédure*; `on` is None while it is awaited; `due` where a text or a schedule sets a term."""

    kind: str
    on: date | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True)
class CaseRole:
    """A member's part in one case file: rapporteur, doyen, president, conseiller, avocat_general, auditeur."""

    member: str
    role: str


STAGES = {
    "declaration": "déclaration",
    "memoire_ampliatif": "mémoire ampliatif",
    "memoire_defense": "mémoire en défense",
    "designation": "désignation du rapporteur",
    "rapport": "rapport",
    "avis": "avis",
    "audience": "audience",
    "delibere": "délibéré",
    "arret": "arrêt",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCaseFile:
    """All that opens a case file (*dossier de pourvoi*). `numbers` are seven digits each."""

    numbers: tuple[str, ...]
    chamber: str | None = None
    formation: str | None = None
    title: str = ""
    contested: str = ""
    parties: tuple[Party, ...] = ()
    stages: tuple[Stage, ...] = ()
    roles: tuple[CaseRole, ...] = ()
    hearing: date | None = None
    report_due: date | None = None
