"""Dates as French documents write them (*date de décision, d'audience*)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
CENTURY = 50
FIRST_YEAR = 1600
LAST_YEAR = 2199

_SHORT = {
    "janv": 1, "jan": 1, "fevr": 2, "fev": 2, "mar": 3, "avr": 4, "juil": 7, "jul": 7, "sept": 9, "sep": 9,
    "oct": 10, "nov": 11, "dec": 12,
}  # fmt: skip
_MONTH = (
    r"janvier|janv|jan|f[eé]vrier|f[eé]vr|f[eé]v|mars|mar|avril|avr|mai|juin|juillet|juil|jul|ao[uû]t|septembre|sept|sep"
    r"|octobre|oct|novembre|nov|d[eé]cembre|d[eé]c"
)
_GAP = r"[ \t\u00a0\u202f]{1,3}"
_WORDY = (
    rf"(?P<day>0?[1-9]|[12]\d|3[01])(?:{_GAP})?(?P<first>er)?{_GAP}(?P<month>{_MONTH})\.?{_GAP}(?P<year>\d{{4}})(?!\d)"
)
_NUMERIC = r"(?P<nday>\d{1,2})(?P<sep>[/.-])(?P<nmonth>\d{1,2})(?P=sep)(?P<nyear>\d{4}|\d\d(?!\d))(?![\d/])"
_ISO = r"(?P<iyear>\d{4})-(?P<imonth>\d\d)-(?P<iday>\d\d)(?!\d)"
DATE = re.compile(rf"(?<![\d/.-])(?:{_ISO}|{_WORDY}|{_NUMERIC})", re.IGNORECASE)

_UNITS = {
    "zero": 0, "un": 1, "premier": 1, "une": 1, "deux": 2, "trois": 3, "quatre": 4, "cinq": 5, "six": 6, "sept": 7,
    "huit": 8, "neuf": 9, "dix": 10, "onze": 11, "douze": 12, "treize": 13, "quatorze": 14, "quinze": 15, "seize": 16,
    "vingt": 20, "vingts": 20, "trente": 30, "quarante": 40, "cinquante": 50, "soixante": 60,
}  # fmt: skip
_NUMBER = "|".join(sorted({*_UNITS, "zéro", "mil", "mille", "cent", "cents", "et"}, key=len, reverse=True))
_SPELLED = re.compile(
    rf"\b(?P<day>(?:(?:{_NUMBER})[ \u00a0-]){{1,4}})(?P<month>{_MONTH})[ \u00a0]"
    rf"(?P<year>(?:(?:deux[ \u00a0-])?mil(?:le)?)(?:[ \u00a0-](?:{_NUMBER})){{0,7}})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class FoundDate:
    value: date
    start: int
    end: int


def find_dates(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundDate]:
    """Dates in figures, in order: `1er février 2022`, `1 févr. 2022`, `01/02/2022`, `2022-02-01`."""
    for found in DATE.finditer(text, start, len(text) if end is None else end):
        value = value_of(found)
        if value:
            yield FoundDate(value, *found.span())


def find_spelled(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundDate]:
    """Dates in words: `cinq décembre deux mille vingt-quatre`."""
    for found in _SPELLED.finditer(text, start, len(text) if end is None else end):
        day, year = spelled(found["day"]), spelled(found["year"])
        value = _date(year, _month(found["month"]), day)
        if value:
            yield FoundDate(value, *found.span())


def parse_date(text: str) -> date | None:
    """The one date that this text is, in figures or in words; None where it is none."""
    trimmed = text.strip()[:80]
    for pattern, read in ((DATE, value_of), (_SPELLED, None)):
        found = pattern.fullmatch(trimmed)
        if found:
            return read(found) if read else next((f.value for f in find_spelled(trimmed)), None)
    return None


def show_date(value: date) -> str:
    """As the court writes it: `1er février 2022`."""
    return f"{'1er' if value.day == 1 else value.day} {MONTHS[value.month - 1]} {value.year}"


def value_of(found: re.Match[str]) -> date | None:
    """The date of a match of `DATE`; None where no calendar has it."""
    if found["iyear"]:
        return _date(int(found["iyear"]), int(found["imonth"]), int(found["iday"]))
    if found["year"]:
        return _date(int(found["year"]), _month(found["month"]), int(found["day"]))
    year = int(found["nyear"])
    if len(found["nyear"]) == 2:
        year += 1900 if year >= CENTURY else 2000
    return _date(year, int(found["nmonth"]), int(found["nday"]))


def spelled(words: str) -> int:
    """A number in French words, below 10,000; 0 where it is none."""
    total, part = 0, 0
    for word in re.split(r"[ \u00a0-]+", _plain(words).strip()):
        if word in ("mil", "mille"):
            total, part = total + 1000 * max(part, 1), 0
        elif word in ("cent", "cents"):
            part = 100 * max(part, 1)
        elif word in ("vingt", "vingts") and part % 100 == 4:
            part += 76
        elif word in _UNITS:
            part += _UNITS[word]
    return total + part


def _month(name: str) -> int:
    plain = _plain(name)
    if plain in _SHORT:
        return _SHORT[plain]
    return next(i for i, month in enumerate(MONTHS, 1) if _plain(month) == plain)


def _plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def _date(year: int, month: int, day: int) -> date | None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
