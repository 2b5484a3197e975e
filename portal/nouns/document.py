"""Documents, their versions, and how they are shown."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from portal.nouns.kinds import CHAMBERS, KINDS

MONTHS = (
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
)
SHORT_MONTHS = ("janv.", "févr.", "mars", "avril", "mai", "juin", "juill.", "août", "sept.", "oct.", "nov.", "déc.")


_DAY = re.compile(r"\b\d{4}-\d{2}-\d{2}\b")


def long_date(day: date) -> str:
    """« 1er février 2022 », as the court writes it, with non-breaking spaces."""
    return f"{'1er' if day.day == 1 else day.day}\u00a0{MONTHS[day.month - 1]}\u00a0{day.year}"


def short_date(day: date) -> str:
    """« 12 janv. 2022 », as citations write it."""
    return f"{'1er' if day.day == 1 else day.day}\u00a0{SHORT_MONTHS[day.month - 1]}\u00a0{day.year}"


def days_in_words(text: str) -> str:
    """« cour d'appel d'Angers, 2022-02-24 », from a register, as a person writes it."""
    return _DAY.sub(lambda found: _worded(found[0]), text)


def _worded(day: str) -> str:
    try:
        return long_date(date.fromisoformat(day))
    except ValueError:
        return day


def show_number(digits: str) -> str:
    """`2112345` → `21-12.345`; anything else unchanged."""
    return f"{digits[:2]}-{digits[2:4]}.{digits[4:]}" if len(digits) == 7 and digits.isdigit() else digits


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is known of a document beside its words, as the archive keeps it."""

    kind: str = "piece"
    title: str = ""
    numbers: tuple[str, ...] = ()
    rg: tuple[str, ...] = ()
    ecli: str | None = None
    jurisdiction: str | None = None
    chamber: str | None = None
    formation: str | None = None
    date: date | None = None
    solution: str | None = None
    solution_detail: str = ""
    publication: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    summary: str = ""
    visa: tuple[str, ...] = ()
    contested: str = ""
    rapporteur: str = ""
    source: str = "file"
    source_id: str = ""
    guessed: tuple[str, ...] = ()
    """Names of the values above that were guessed rather than stated."""


def show_title(about: Description) -> str:
    """The title line of a decision: « Soc., 12 janvier 2022, n° 20-11.139 »; else the document's own title."""
    if about.kind in {"arret", "ordonnance", "avis", "qpc"} and about.date and about.chamber and about.numbers:
        short, _ = CHAMBERS.get(about.chamber, ("Cass.", ""))
        return f"{short}, {short_date(about.date)}, n°\u00a0{show_number(about.numbers[0])}"
    return about.title or KINDS.get(about.kind, "Document")
