"""People of the court."""

from __future__ import annotations

from dataclasses import dataclass, field

from starlette.authentication import BaseUser


@dataclass(frozen=True, slots=True)
class Member(BaseUser):
    """Someone who signs in (*magistrat, greffier, chargé d'études*). `roles` are court-wide."""

    id: str
    civility: str
    surname: str
    roles: frozenset[str] = frozenset()
    given_name: str = ""
    sign_in: str = field(default="", compare=False, repr=False)
    """The sign-in or token by which they are here; empty off line."""

    @property
    def name(self) -> str:
        """As colleagues write it: « Mme Roy »."""
        return f"{self.civility} {self.surname}".strip()

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def display_name(self) -> str:
        return self.name

    @property
    def identity(self) -> str:
        return self.id


ROLES = {
    "premier_president": "Premier président",
    "president": "Président de chambre",
    "doyen": "Doyen",
    "conseiller": "Conseiller",
    "rapporteur": "Conseiller rapporteur",
    "avocat_general": "Avocat général",
    "greffe": "Greffe",
    "sder": "SDER",
    "auditeur": "Auditeur",
    "habilitations": "Gestion des habilitations",
    "administrateur": "Administrateur",
}
"""Court-wide roles with their names on screen."""
