"""What the header of a decision says (*en-tête*): numbers, date, chamber, formation, its own number, publication."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.dates import DATE, find_dates, find_spelled, value_of
from ingest.level import level
from ingest.numbers import AppealNumber, Ecli, InvalidNumber
from ingest.taxonomy import chamber_code

HEAD = 6000
SERIES = 400
"""A series of joined appeals (« X 19-12.490 à C 19-12.498 ») longer than this is taken for a slip."""

_REPUBLIC = re.compile(r"r ?e ?p ?u ?b ?l ?i ?q ?u ?e {1,4}f ?r ?a ?n|au nom du peuple francais")
_APPEAL = re.compile(r"(?<![\w/.-])(?:[a-z] ?)?(\d\d) ?- ?(\d\d)[. ]?(\d{3})(?![\w/]|-\d)")
_TO = re.compile(r"\s*(?:a|au)\s*")
_LABELLED = re.compile(
    r"pourvois?\s{0,3}(?:principal |incident |enregistres? |inscrits? )?(?:sous (?:le|les)"
    r" )?(?:n°s?|nos?\b|numeros?|n\.)?[\s:]{0,4}"
)
_AUDIENCE = re.compile(r"^[ \t]*audience (?:publique|solennelle)?[^\n]{0,30}?du\s{1,3}(?:\w{5,8} )?", re.MULTILINE)
_ARRET_OF = re.compile(r"^[ \t]*(?:arret|avis|decision) de la cour de cassation[^\n]{0,140}?,?\s{1,3}du ", re.MULTILINE)
_ORDER_OF = re.compile(r"^[ \t]*ordonnances?[ \t]*(?:n°)?[\s:]{0,4}\d{3,6}[^\n]{0,10}? du ", re.MULTILINE)
_DONE_AT = re.compile(r"^[ \t]*(?:fait|prononcee?|rendue?) (?:a|au|en)[^\n]{1,60}?,? le ", re.MULTILINE)
_PRONOUNCED = re.compile(r"(?:fait et (?:juge|decide)|audience publique|prononcee?)")
_DATE_LINE = re.compile(rf"^[ \t]*(?:du )?(?={DATE.pattern}[ \t.]*$)", re.IGNORECASE | re.MULTILINE)
_OWN_NUMBER = re.compile(
    r"^[ \t]*(?:arret|decision|avis|ordonnance)s?[ \t]*(?:n°|no|numero|n\.)?[\s:]{0,4}"
    r"(?:n°\s?)?(?P<number>\d{2,6})\b(?:[ \t]+(?P<letters>f[a-z]{0,4}(?:[ +-]{1,3}[a-z]"
    r"(?![a-z])){0,5}|[bpdrlci](?:\+[bpdrlci]){0,4}))?",
    re.MULTILINE,
)
_OPINION_NUMBER = re.compile(
    r"^[ \t]*(?:avis|arret) du [^\n]{5,30}\s+n° (?P<number>\d{3,6})(?:[ \t]+(?P<letters>[a-z]{1,2}"
    r"(?:[+-][a-z]){0,5}))?",
    re.MULTILINE,
)
_CRIMINAL_NUMBER = re.compile(r"^[ \t]*n° (?P<number>\d{3,6})[ \t]*$", re.MULTILINE)
_CRIMINAL_LETTERS = re.compile(
    r"^[ \t]*n° [a-z] \d\d-\d\d\.?\d{3} (?P<letters>f[a-z]{0,3}(?:[+-][a-z]){0,5})[ \t]*$", re.MULTILINE
)
_ECLI = re.compile(r"ecli:[a-z]{2}:[a-z0-9]{1,7}:\d{4}:[a-z0-9.]{1,25}")
_CHAMBER = (
    re.compile(r"^[ \t]*((?:civ|comm?|soc|crim|ass|ch)\.?[^\n]{0,14})$", re.MULTILINE),
    re.compile(r"cour de cassation[ ,]{0,3}(?:siegeant en )?((?:premiere |deuxieme |troisieme |\d"
        r" ?(?:e|re|ere|eme) )?chambre[^\n]{0,40}|assemblee pleniere|chambres reunies)"),
    re.compile(r"^[ \t]*((?:premiere|deuxieme|troisieme) chambre civile|chambre (?:commerciale|sociale"
        r"|criminelle|mixte)|assemblee pleniere)", re.MULTILINE),
)  # fmt: skip
_CODES = {
    "pl": "AP", "mi": "MI", "civ1": "C1", "civ2": "C2", "civ3": "C3", "comm": "CO", "soc": "SO", "cr": "CR",
    "ordo": "OR",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision's text, levelled once; `header` ends where the Republic's name stands, else at `HEAD`."""

    text: str
    plain: str
    header: int

    @classmethod
    def of(cls, text: str, plain: str) -> Decision:
        found = _REPUBLIC.search(plain, 0, HEAD)
        return cls(text, plain, found.start() if found and found.start() > 40 else min(len(text), 1500))


def appeals(decision: Decision) -> list[str]:
    """Seven digits each, in order: the header's, else those of « a formé le pourvoi n° », « Joint les pourvois »."""
    found = _series(decision.plain[: decision.header])
    if found:
        return found
    for labelled in _LABELLED.finditer(decision.plain, 0, HEAD):
        stretch = decision.plain[labelled.end() : labelled.end() + 400]
        first = _APPEAL.match(stretch)
        if first:
            listed = re.match(r"(?:[\s,;]|et |a |au |n°s? ?|[a-z] ?(?=\d\d-)|\d\d ?- ?\d\d[. ]?\d{3})+", stretch)
            return _series(stretch[: listed.end()] if listed else first[0])
    return []


def _series(stretch: str) -> list[str]:
    """The numbers of a stretch; « X à C » stands for all between."""
    found: dict[str, None] = {}
    last = ""
    end = 0
    for match in _APPEAL.finditer(stretch):
        number = match[1] + match[2] + match[3]
        if last and _TO.fullmatch(stretch[end : match.start()]) and 0 < int(number) - int(last) <= SERIES:
            found.update(dict.fromkeys(f"{between:07d}" for between in range(int(last), int(number))))
        found[number] = None
        last, end = number, match.end()
    return list(found)


def decided(decision: Decision) -> tuple[date, str] | None:
    """(date, where it stands)."""
    plain = decision.plain
    for pattern, where, end in (
        (_AUDIENCE, "audience", HEAD), (_ARRET_OF, "en-tête", HEAD), (_ORDER_OF, "en-tête", HEAD),
    ):  # fmt: skip
        for found in pattern.finditer(plain, 0, end):
            match = DATE.match(plain, found.end())
            if match and (day := value_of(match)):
                return day, where
    lone = _DATE_LINE.search(plain, 0, decision.header)
    if lone and (day := next((f.value for f in find_dates(plain, lone.end(), lone.end() + 40)), None)):
        return day, "en-tête"
    return _at_the_end(plain)


def _at_the_end(plain: str) -> tuple[date, str] | None:
    """« prononcé… en son audience publique du cinq décembre deux mille vingt-quatre », « Fait à Paris, le… »."""
    for found in _PRONOUNCED.finditer(plain):
        spelled = next(find_spelled(plain, found.end(), found.end() + 220), None)
        if spelled:
            return spelled.value, "fin du texte"
    for found in _DONE_AT.finditer(plain):
        match = DATE.match(plain, found.end())
        if match and (day := value_of(match)):
            return day, "fin du texte"
    return None


def chamber(decision: Decision) -> tuple[str, str] | None:
    for pattern, where in zip(_CHAMBER, ("en-tête",) * 3, strict=True):
        for found in pattern.finditer(decision.plain, 0, HEAD):
            code = chamber_code(found[1])
            if code and code not in ("other", "ordo"):
                return code, where
    end = re.search(r"par la cour de cassation, ([^\n]{5,60})", decision.plain)
    code = chamber_code(end[1]) if end else None
    return (code, "fin du texte") if code else None


def own_number(decision: Decision, *, criminal: bool) -> tuple[str, str]:
    """(number without leading zeros or empty, letters such as `FS-P+B` or empty) of the decision itself."""
    plain = decision.plain
    if criminal:
        letters = _CRIMINAL_LETTERS.search(plain, 0, decision.header)
        number = _CRIMINAL_NUMBER.search(plain, 0, decision.header)
        if number or letters:
            return (number["number"].lstrip("0") if number else ""), (letters["letters"].upper() if letters else "")
    found = _OWN_NUMBER.search(plain, 0, decision.header) or _OPINION_NUMBER.search(plain, 0, decision.header)
    if not found:
        return "", ""
    return found["number"].lstrip("0"), (found["letters"] or "").strip().upper()


def ecli(decision: Decision) -> str | None:
    found = _ECLI.search(decision.plain, 0, HEAD)
    try:
        return Ecli.parse(decision.text[found.start() : found.end()]).text if found else None
    except InvalidNumber:
        return None


def composed_ecli(code: str | None, day: date | None, number: str) -> str | None:
    """The ECLI that the court makes of chamber, year and number: n° 387 of the first civil chamber → `C100387`."""
    if not (code in _CODES and day and number and len(number) <= 5):
        return None
    return f"ECLI:FR:CCASS:{day.year}:{_CODES[code]}{number:>05}"


def named_appeals(name: str) -> list[str]:
    """Appeal numbers in a file's name: `Rapport_23-15.672.pdf`, `2315672.docx`."""
    plain = re.sub(r"[_]", " ", level(name))
    found = [match[1] + match[2] + match[3] for match in _APPEAL.finditer(re.sub(r"\.[a-z0-9]{2,5}$", "", plain))]
    valid = []
    for number in dict.fromkeys(found):
        try:
            valid.append(AppealNumber(number).digits)
        except InvalidNumber:
            continue
    return valid
