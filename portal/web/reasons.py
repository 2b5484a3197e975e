"""Why someone sees something (*motifs d'habilitation*), in French."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from portal.nouns.document import short_date
from portal.policy.policy import Reason
from portal.web.words import ACCESSES

AUDIENCES: Mapping[str, str] = MappingProxyType(
    {
        "siege": "siège",
        "delibere": "délibéré",
        "rapporteur": "rapporteur",
        "parquet": "parquet général",
        "chambre": "chambre",
        "greffe": "greffe",
        "sder": "SDER",
    }
)
"""Audiences of the table "who sees what" as they are named on screen."""

SEATS: Mapping[str, str] = MappingProxyType(
    {
        "rapporteur": "rapporteur",
        "doyen": "doyen",
        "president": "président",
        "conseiller": "conseiller",
        "avocat_general": "avocat général",
        "premier_president": "premier président",
    }
)
KINDS: Mapping[str, str] = MappingProxyType(
    {"exception": "Habilitation particulière", "delegation": "Délégation", "urgence": "Accès d'urgence"}
)
"""Kinds of grant."""


def why(reason: Reason) -> str:
    """« par délégation de Mme Roy, jusqu'au 3 mars 2026 »."""
    name = reason.name
    sentence = {
        "public": "décisions publiées, ouvertes à tous",
        "self": "les documents dont on est l'auteur ou l'invité",
        "service": f"son service : {AUDIENCES.get(name, name)}",
        "group": f"membre de : {name}",
        "secondment": f"détachement : {name}",
        "role": f"{SEATS.get(name, name)} dans le dossier",
        "formation": f"siège dans : {name}",
        "delegation": f"par délégation de {name}",
        "exception": f"habilitation particulière{f' de : {name}' if name else ''}",
        "emergency": "accès d'urgence",
        "wall": "mur de déport : rien de ce dossier, hors les décisions publiées",
        "author": "auteur du document",
        "invited": f"invité par l'auteur, {ACCESSES.get(name, name)}",
        "row": f"qualité : {AUDIENCES.get(name, name)}",
        "title": f"qualité : {AUDIENCES.get(name, name)}",
    }[reason.kind]
    return f"{sentence}, jusqu'au {short_date(reason.until.astimezone().date())}" if reason.until else sentence
