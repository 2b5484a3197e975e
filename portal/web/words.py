"""The portal's words (*libellés*): what codes are called on screen, in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.nouns.kinds import CHAMBERS, KINDS, STATES
from portal.nouns.member import ROLES, Member

NBSP = "\u00a0"
THIN = "\u202f"

FORMATIONS: Mapping[str, str] = MappingProxyType(
    {
        "fp": "Formation plénière",
        "fm": "Formation mixte",
        "fs": "Formation de section",
        "f": "Formation restreinte",
        "frh": "Formation restreinte hors RNSM",
        "frr": "Formation restreinte RNSM",
    }
)
SOLUTIONS: Mapping[str, str] = MappingProxyType(
    {
        "cassation": "Cassation",
        "rejet": "Rejet",
        "annulation": "Annulation",
        "avis": "Avis",
        "decheance": "Déchéance",
        "designation": "Désignation",
        "irrecevabilite": "Irrecevabilité",
        "nonlieu": "Non-lieu à statuer",
        "qpc": "Renvoi de QPC",
        "qpcother": "QPC, autre issue",
        "rabat": "Rabat d'arrêt",
        "reglement": "Règlement de juges",
        "renvoi": "Renvoi",
        "other": "Autre solution",
    }
)
PUBLICATIONS: Mapping[str, str] = MappingProxyType(
    {
        "b": "Bulletin",
        "r": "Rapport annuel",
        "l": "Lettre de chambre",
        "c": "Communiqué",
        "n": "Non publié",
    }
)
ZONES: Mapping[str, str] = MappingProxyType(
    {
        "introduction": "En-tête",
        "expose": "Faits et procédure",
        "moyens": "Moyens",
        "motivations": "Motivations",
        "dispositif": "Dispositif",
        "annexes": "Moyens annexés",
        "texte": "Texte",
    }
)
ACCESSES: Mapping[str, str] = MappingProxyType(
    {"read": "peut lire", "comment": "peut commenter", "suggest": "peut suggérer", "write": "peut écrire"}
)
FACETS: Mapping[str, tuple[str, str, Mapping[str, str]]] = MappingProxyType(
    {
        "kind": ("nature", "Nature", KINDS),
        "chamber": ("chambre", "Chambre", MappingProxyType({code: names[0] for code, names in CHAMBERS.items()})),
        "year": ("annee", "Année", MappingProxyType({})),
        "solution": ("solution", "Solution", SOLUTIONS),
        "formation": ("formation", "Formation", FORMATIONS),
        "publication": ("publication", "Publication", PUBLICATIONS),
        "state": ("etat", "État", STATES),
    }
)
"""By the index's name of a facet: its name in the address, its title, its labels."""

SORTS: Mapping[str, str] = MappingProxyType(
    {"relevance": "Pertinence", "newest": "Plus récents", "oldest": "Plus anciens"}
)


def label(facet: str, code: str) -> str:
    """What a facet's value is called; a code without a name is shown as it stands."""
    return FACETS[facet][2].get(code, code)


def full_label(facet: str, code: str) -> str:
    """The long name, for a tooltip or a reader of screens."""
    if facet == "chamber" and code in CHAMBERS:
        return CHAMBERS[code][1]
    return label(facet, code)


def roles(codes: frozenset[str]) -> str:
    """A member's roles in the court's order: « Doyen, Conseiller rapporteur »."""
    return ", ".join(name for code, name in ROLES.items() if code in codes)


def picked(member: Member) -> str:
    """How a colleague stands in a list to pick from: « Mme Claire Roy »."""
    return " ".join(part for part in (member.civility, member.given_name, member.surname) if part)


def quantity(number: int) -> str:
    """`12345` → « 12 345 », with thin non-breaking spaces."""
    return f"{number:,}".replace(",", THIN)


def count(number: int, one: str, many: str = "") -> str:
    """« 1 pièce », « 0 pièce », « 12 pièces »."""
    return f"{quantity(number)}{NBSP}{one if number < 2 else many or one + 's'}"


def size(octets: int) -> str:
    """A file's size: « 312 Ko », « 4,2 Mo »."""
    if octets < 1024 * 1024:
        return f"{max(1, round(octets / 1024))}{NBSP}Ko"
    return f"{octets / 1024 / 1024:.1f}{NBSP}Mo".replace(".", ",")
