"""Days and spans of days as a person writes them: `2020`, `05/2021`, `1er février 2022`, `2020..2023`, `>2019`."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, timedelta
from typing import Final

from indexer.analysis import words

Span = tuple[date | None, date | None]
"""First and last day, both included; None where it has no end on that side."""

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            ("janvier", "janv", "jan"),
            ("fevrier", "fevr", "fev"),
            ("mars",),
            ("avril", "avr"),
            ("mai",),
            ("juin",),
            ("juillet", "juil"),
            ("aout",),
            ("septembre", "sept", "sep"),
            ("octobre", "oct"),
            ("novembre", "nov"),
            ("decembre", "dec"),
        ),
        1,
    )
    for name in names
}
_YEAR: Final = re.compile(r"(\d{4})")
_ISO: Final = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_FRENCH: Final = re.compile(r"(?:(\d{1,2})[/.])?(\d{1,2})[/.](\d{4})")


def span(written: str) -> Span | None:
    """None where it is no date that one can read."""
    written = written.strip()
    for sign in ("..", "…"):
        if sign in written:
            before, _, after = written.partition(sign)
            first, last = _single(before), _single(after)
            if (before.strip() and not first) or (after.strip() and not last) or not (first or last):
                return None
            return _ordered(first[0] if first else None, last[1] if last else None)
    if match := re.fullmatch(r"(>=|<=|>|<|≥|≤)\s*(.+)", written, re.DOTALL):
        return _compared(match[1], match[2])
    return _single(written)


def _ordered(first: date | None, last: date | None) -> Span:
    """Backwards ends are exchanged: what is meant is plain."""
    return (last, first) if first and last and last < first else (first, last)


def _compared(sign: str, written: str) -> Span | None:
    found = _single(written)
    if found is None:
        return None
    first, last = found
    match sign:
        case ">":
            return (last + timedelta(1), None) if last < date.max else None
        case "<":
            return (None, first - timedelta(1)) if first > date.min else None
        case ">=" | "≥":
            return first, None
        case _:
            return None, last


def _single(written: str) -> tuple[date, date] | None:
    written = written.strip()
    if match := _YEAR.fullmatch(written):
        return _days(int(match[1]), None, None)
    if match := _ISO.fullmatch(written):
        return _days(int(match[1]), int(match[2]), int(match[3]) if match[3] else None)
    if match := _FRENCH.fullmatch(written):
        return _days(int(match[3]), int(match[2]), int(match[1]) if match[1] else None)
    spoken = words(written)
    if not spoken or not spoken[-1].isdigit() or len(spoken[-1]) != 4:
        return None
    match spoken[:-1]:
        case [month] if month in _MONTHS:
            return _days(int(spoken[-1]), _MONTHS[month], None)
        case [day, month] if month in _MONTHS and (number := re.fullmatch(r"(\d{1,2})(?:er)?", day)):
            return _days(int(spoken[-1]), _MONTHS[month], int(number[1]))
    return None


def _days(year: int, month: int | None, day: int | None) -> tuple[date, date] | None:
    try:
        if month is None:
            return date(year, 1, 1), date(year, 12, 31)
        if day is None:
            return date(year, month, 1), date(year, month, monthrange(year, month)[1])
        return date(year, month, day), date(year, month, day)
    except ValueError:
        return None
