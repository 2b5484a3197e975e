"""Metadata out of prose (*métadonnées devinées*): every value says that it is a guess, and where it stands."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

from ingest.dates import DATE, find_dates, show_date, value_of
from ingest.extraction import Metadata, Value, Zone
from ingest.metadata import headings, people, solutions
from ingest.metadata.headings import Decision
from ingest.metadata.natures import DECISIONS, Nature
from ingest.numbers import display
from ingest.taxonomy import CHAMBERS, formation_code, publication_letters

HEAD = 3000
_RG = re.compile(
    r"(?:\br\.? ?g\.?(?: general)?|repertoire general)[\s:]{0,3}(?:n°s?|nos?\b|numeros?)?[\s:.]{0,4}"
    r"(\d\d/\d{4,6}|\d{10}|\d{4}[a-z]\d{5})"
    r"|(?:n°|no|numero) ?(?:r\.?g\.?|de rg)[\s:]{0,4}(\d\d/\d{4,6}|\d{10}|\d{4}[a-z]\d{5})"
)
_DATELINE = re.compile(
    r"^[ \t]*(?:[^\n,]{2,40}, )?le (?:\w{5,8} )?|^[ \t]*date ?: ?|fait (?:a|au|en)[^\n]{1,40},"
    r" le |(?:arret|jugement|ordonnance|audience|prononce|decision|rendu\w*|contradictoire)[^\n]{0,60}?"
    r" (?:du|le) (?:\w{5,8} )?",
    re.MULTILINE,
)
_TEXTS = re.compile(
    r"^(?:l['’]|les? |la )?(?:articles?|lois?|décrets?|code|principes?|conventions?|règlements?"
    r"|directives?|ordonnance n°|Constitution)"
)
_TITLES = {
    "memoire_ampliatif": "Mémoire ampliatif", "memoire_defense": "Mémoire en défense", "memoire": "Mémoire",
    "rapport": "Rapport", "avis_ag": "Avis de l'avocat général", "conclusions": "Conclusions", "note": "Note",
    "declaration": "Déclaration de pourvoi", "projet_arret": "Projet d'arrêt", "courrier": "Courrier",
}  # fmt: skip


def guess(text: str, plain: str, zones: Sequence[Zone], known: Nature, name: str) -> Metadata:
    if known.jurisdiction == "cc" and known.kind in DECISIONS:
        return _cassation(text, plain, zones, known, name)
    if known.kind in DECISIONS and known.jurisdiction:
        return _lower(text, plain, known)
    return _piece(text, plain, known, name)


def _value(value: str | None, where: str) -> Value[str] | None:
    return Value(value, stated=False, where=where) if value else None


def _values(values: Iterable[str], where: str) -> tuple[Value[str], ...]:
    return tuple(Value(value, stated=False, where=where) for value in values)


def _cassation(text: str, plain: str, zones: Sequence[Zone], known: Nature, name: str) -> Metadata:
    decision = Decision.of(text, plain)
    day = headings.decided(decision)
    order = known.kind == "ordonnance"
    chamber = ("ordo", "en-tête") if order else headings.chamber(decision)
    code = chamber[0] if chamber else None
    number, letters = headings.own_number(decision, criminal=code == "cr")
    numbers = headings.appeals(decision)
    solution = _solution(decision, zones, order=order)
    if solution and known.kind == "qpc":
        solution = _as_question(solution)
    introduction = _introduction(text, zones)
    written = headings.ecli(decision)
    return Metadata(
        title=_value(decision_title(code, day[0] if day else None, numbers), "composé"),
        kind=_value(known.kind, known.where),
        numbers=_values(numbers, "en-tête") or _values(headings.named_appeals(name), "nom du fichier"),
        ecli=_value(written, "texte")
        or _value(headings.composed_ecli(code, day[0] if day else None, number), "composé du numéro d'arrêt"),
        decision_number=_value(number, "en-tête"),
        jurisdiction=_value("cc", known.where),
        chamber=_value(code, chamber[1] if chamber else ""),
        formation=_value(_formation(letters, solution), "en-tête"),
        date=Value(day[0], stated=False, where=day[1]) if day else None,
        solution=_value(solution[0], solution[2]) if solution else None,
        solution_detail=_value(solution[1], solution[2]) if solution else None,
        publication=_values(_publication("D" if order else letters, day[0] if day else None), "en-tête")
        if letters or order
        else (),
        parties=_values(people.parties(introduction), "introduction"),
        president=_value(
            people.president(text[: decision.header]) or people.president(introduction[-6000:]), "en-tête"
        ),
        rapporteur=_value(people.rapporteur(introduction), "introduction"),
        advocate_general=_value(people.advocate_general(introduction), "introduction"),
        counsel=_value(people.counsel(introduction), "introduction"),
        contested=_value(people.contested(introduction), "introduction"),
        visa=tuple(_visa(text, zones)),
    )


def _introduction(text: str, zones: Sequence[Zone]) -> str:
    first = next((zone for zone in zones if zone.name == "introduction"), None)
    return text[first.start : first.end] if first else text[:8000]


def _solution(decision: Decision, zones: Sequence[Zone], *, order: bool) -> tuple[str, str, str] | None:
    header = None if order else solutions.from_header(decision.text[: decision.header])
    if header:
        return (*header, "en-tête")
    operative = next((decision.text[zone.start : zone.end] for zone in zones if zone.name == "dispositif"), "")
    found = solutions.from_operative(operative) if operative else None
    return (*found, "dispositif") if found else None


def _as_question(solution: tuple[str, str, str]) -> tuple[str, str, str]:
    """An irrecevabilité or a non-lieu of a QPC is one of Judilibre's « QPC autres »."""
    code, words, where = solution
    return (code if code == "qpc" else "qpcother", words, where)


def _formation(letters: str, solution: tuple[str, str, str] | None) -> str | None:
    """A restricted formation is one of two kinds: it gives its reasons, or it does not (RNSM)."""
    code = formation_code(letters) if letters else None
    if code == "f":
        return "frr" if solution and "motiv" in solution[1].lower() else "frh"
    return code


def _publication(letters: str, day: date | None) -> tuple[str, ...]:
    tail = re.sub(r"^F[A-Z]*(?=[ +-]|$)", "", letters)
    return publication_letters(tail, day.isoformat() if day else "")


def decision_title(code: str | None, day: date | None, numbers: Sequence[str]) -> str | None:
    """« Cour de cassation, Première chambre civile, 1er février 2023, 21-25.274 »."""
    if not code and not numbers:
        return None
    parts = (
        "Cour de cassation",
        CHAMBERS.get(code or ""),
        show_date(day) if day else None,
        display(numbers[0]) if numbers else None,
    )
    return ", ".join(part for part in parts if part)


def _visa(text: str, zones: Sequence[Zone]) -> Iterable[str]:
    """The texts that the court applies: lines of the motivation that open with « Vu »."""
    for zone in zones:
        if zone.name != "motivations":
            continue
        for line in re.findall(
            r"^[ \t]*(?:Et vu|Vu) ((?:l|les|la|le|ensemble)\b[^\n]{3,1000}?) ?[:;.]?$",
            text[zone.start : zone.end],
            re.MULTILINE,
        ):
            if _TEXTS.search(line):
                yield line.strip()


def _lower(text: str, plain: str, known: Nature) -> Metadata:
    head = plain[:HEAD]
    day = _labelled_day(head) or _labelled_day(plain[-HEAD:])
    court = re.search(
        r"(?:cour d'appel|tribunal [a-zé' ]{3,30}|conseil de prud'? ?hommes) (?:de |du |des |d')([^\n,;:.(]{2,40})",
        head,
    )
    rg = [(found[1] or found[2]).upper() for found in _RG.finditer(head)]
    place = re.sub(r"\s+", " ", text[court.start() : court.end()]).strip() if court else None
    return Metadata(
        title=_value(
            ", ".join(filter(None, (place, show_date(day) if day else None, f"RG n° {rg[0]}" if rg else None))) or None,
            "composé",
        ),
        kind=_value(known.kind, known.where),
        rg=_values(dict.fromkeys(rg), "en-tête"),
        jurisdiction=_value(known.jurisdiction, known.where),
        date=Value(day, stated=False, where="en-tête") if day else None,
    )


def _piece(text: str, plain: str, known: Nature, name: str) -> Metadata:
    head = plain[:HEAD]
    numbers = headings.appeals(Decision(text[:HEAD], head, min(len(head), 1500)))
    named = headings.named_appeals(name)
    day = _labelled_day(head[:1500]) or _labelled_day(plain[-1500:])
    label = _TITLES.get(known.kind)
    shown = display((numbers or named)[0]) if numbers or named else ""
    return Metadata(
        title=_value(f"{label} – pourvoi n° {shown}" if shown else label, "composé") if label else _first_line(text),
        kind=_value(known.kind or None, known.where),
        numbers=_values(numbers, "début du texte") or _values(named, "nom du fichier"),
        rg=_values(
            dict.fromkeys((found[1] or found[2]).upper() for found in _RG.finditer(head[:1500])), "début du texte"
        ),
        jurisdiction=_value(known.jurisdiction, known.where),
        date=Value(day, stated=False, where="texte") if day else _named_day(name),
    )


def _labelled_day(head: str) -> date | None:
    for found in _DATELINE.finditer(head):
        match = DATE.match(head, found.end())
        if match and (day := value_of(match)):
            return day
    return None


def _named_day(name: str) -> Value[date] | None:
    found = next((found.value for found in find_dates(name.replace("_", " "))), None)
    return Value(found, stated=False, where="nom du fichier") if found else None


def _first_line(text: str) -> Value[str] | None:
    """A short first line serves as a title."""
    line = next((line.strip() for line in text[:2000].split("\n") if len(line.strip()) > 3), "")
    return _value(line, "première ligne") if 3 < len(line) <= 120 and re.search(r"[^\W\d_]{3}", line) else None
