"""Kinds of document (*nature de la pièce*), their names on screen, and the row of "who sees what" each follows."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "arret": "Arrêt",
        "ordonnance": "Ordonnance",
        "avis": "Avis",
        "qpc": "QPC",
        "saisie": "Saisie",
        "decision": "Décision",
        "jugement": "Jugement",
        "arret_attaque": "Arrêt attaqué",
        "declaration": "Déclaration de pourvoi",
        "memoire_ampliatif": "Mémoire ampliatif",
        "memoire_defense": "Mémoire en défense",
        "memoire": "Mémoire",
        "conclusions": "Conclusions",
        "courrier": "Courrier",
        "piece": "Pièce",
        "rapport": "Rapport",
        "note": "Note",
        "projet_arret": "Projet d'arrêt",
        "avis_ag": "Avis de l'avocat général",
        "deliberation": "Délibéré",
        "texte": "Texte",
        "dossier": "Dossier",
        "other": "Autre",
    }
)

DRAFTABLE = ("rapport", "note", "projet_arret", "avis_ag", "courrier")
"""Kinds that « Nouveau projet » offers."""

CHAMBERS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "pl": ("Ass. plén.", "Assemblée plénière"),
        "mi": ("Ch. mixte", "Chambre mixte"),
        "civ1": ("Civ. 1re", "Première chambre civile"),
        "civ2": ("Civ. 2e", "Deuxième chambre civile"),
        "civ3": ("Civ. 3e", "Troisième chambre civile"),
        "comm": ("Com.", "Chambre commerciale, financière et économique"),
        "soc": ("Soc.", "Chambre sociale"),
        "cr": ("Crim.", "Chambre criminelle"),
        "creun": ("Ch. réunies", "Chambres réunies"),
        "ordo": ("Ord.", "Première présidence (ordonnance)"),
        "allciv": ("Civ.", "Chambres civiles"),
        "other": ("Cass.", "Autre formation"),
    }
)
"""Judilibre's chamber codes with the short and the full name as the court writes them."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "initialise": "Initialisé",
        "redaction": "En rédaction",
        "relecture": "En relecture",
        "valide": "Validé",
        "signe": "Signé",
        "notifie": "Notifié",
        "archive": "Archivé",
        "depose": "Déposé",
        "publie": "Publié",
        "a_classer": "À classer",
    }
)
"""States of a document (*état*), domain.md's life cycle plus those of a piece."""
