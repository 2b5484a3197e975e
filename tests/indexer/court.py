"""Records of an invented court, small enough to be read by eye."""

from __future__ import annotations

from datetime import date
from typing import Any

from indexer import Query, Record

OPEN = frozenset({"public"})
FILE = frozenset({"public", "dossier:1"})
CLERK = frozenset({"public", "greffe"})


def decision(name: str, text: str = "", **given: Any) -> Record:
    """A published decision that everybody may read."""
    values: dict[str, Any] = {
        "id": name,
        "document": name,
        "kind": "arret",
        "title": f"Décision {name}",
        "labels": OPEN,
        "published": True,
        "zones": {"motivations": text} if text else {},
    }
    return Record(**(values | given))


def note(name: str, text: str = "", **given: Any) -> Record:
    """A note that the members of case file 1 may read."""
    values: dict[str, Any] = {
        "id": name,
        "document": name,
        "kind": "note",
        "title": f"Note {name}",
        "labels": frozenset({"dossier:1"}),
        "published": False,
        "case_file": "1",
        "zones": {"texte": text} if text else {},
    }
    return Record(**(values | given))


def heading(name: str, of: Record, labels: frozenset[str]) -> Record:
    """The record that shows the title of a document to readers who may not read it."""
    return Record(
        id=name,
        document=of.document,
        kind=of.kind,
        title=of.title,
        labels=labels,
        unless=of.labels,
        title_only=True,
        published=False,
        case_file=of.case_file,
    )


def ask(text: str = "", **given: Any) -> Query:
    values: dict[str, Any] = {"text": text, "labels": OPEN}
    return Query(**(values | given))


DECISIONS = (
    decision(
        "d1",
        "Vu l’article L. 1234-5 du code du travail. "
        "L’employeur a procédé au licenciement sans cause réelle et sérieuse.",
        numbers=("2112345",),
        ecli="ECLI:FR:CCASS:2022:SO00387",
        date=date(2022, 3, 2),
        chamber="soc",
        formation="fs",
        solution="cassation",
        publication=("b", "r"),
    ),
    decision(
        "d2",
        "Le bailleur a donné congé au preneur ; le cœur du litige est la clause d’accroissement.",
        numbers=("2010001", "2010002"),
        ecli="ECLI:FR:CCASS:2021:C300012",
        date=date(2021, 6, 17),
        chamber="civ3",
        formation="fp",
        solution="rejet",
        publication=("n",),
    ),
    decision(
        "d3",
        "Les contrats de travail ont été rompus. Le pourvoi n° 21-12.345 est rappelé.",
        numbers=("1999999", "RG 18/04351"),
        date=date(2022, 3, 2),
        chamber="soc",
        formation="fs",
        solution="rejet",
        publication=("b",),
    ),
    decision("d4", "Sans date ni chambre, ce contrat de bail reste.", kind="avis"),
)
NOTES = (
    note("n1", "Le contrat de travail appelle une cassation.", state="redaction", date=date(2023, 1, 9)),
    note("n2", "Bail commercial et déspécialisation.", labels=frozenset({"dossier:2"}), case_file="2", chamber="civ3"),
)
