"""Facets as the page draws them (*filtres*): named values with counts, and the years as a small histogram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.nouns.kinds import CHAMBERS, KINDS, STATES
from portal.web import words
from portal.web.inquiry import Inquiry

LISTS = ("kind", "chamber", "solution", "formation", "publication", "state")
SHOWN = 6
"""Values of a facet shown before « Plus »."""
BARS = 24
LEVELS = 12
"""Heights that a bar may have."""
_ORDER = {code: place for place, code in enumerate([*KINDS, *CHAMBERS, *STATES])}


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a facet: following `address` asks for it, or gives it up where it is chosen."""

    name: str
    title: str
    count: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    title: str
    choices: tuple[Choice, ...]
    more: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar of the histogram: a year, or some years side by side."""

    name: str
    count: int
    level: int
    address: str
    chosen: bool


def facets(counts: Mapping[str, Mapping[str, int]], inquiry: Inquiry) -> list[Facet]:
    """The facets that have something to choose, chosen values first, then by count."""
    found = []
    for name in LISTS:
        held = inquiry.filters.get(name, ())
        values = {**dict.fromkeys(held, 0), **counts.get(name, {})}
        ordered = sorted(values, key=lambda code: (code not in held, -values[code], _ORDER.get(code, 99), code))
        choices = tuple(_choice(name, code, values[code], inquiry) for code in ordered)
        if choices:
            cut = max(SHOWN, len(held))
            found.append(Facet(words.FACETS[name][1], choices[:cut], choices[cut:]))
    return found


def years(counts: Mapping[str, int], inquiry: Inquiry) -> list[Bar]:
    """The histogram, the oldest year first; empty where there is one year or none to choose from."""
    held = inquiry.filters.get("year", ())
    known = {int(year): number for year, number in counts.items() if year.isdigit()}
    known.update({int(year): known.get(int(year), 0) for year in held if year.isdigit()})
    if len(known) < 2 and not held:
        return []
    first, last = min(known), max(known)
    step = next((s for s in (1, 2, 5, 10, 20, 50) if (last - first) // s + 1 <= BARS), 100)
    begin = first - first % step
    groups = [range(year, year + step) for year in range(begin, last + 1, step)]
    totals = [sum(known.get(year, 0) for year in group) for group in groups]
    most = max(totals) or 1
    return [_bar(group, total, most, known, inquiry) for group, total in zip(groups, totals, strict=True)]


def _choice(facet: str, code: str, number: int, inquiry: Inquiry) -> Choice:
    return Choice(
        name=words.label(facet, code),
        title=words.full_label(facet, code),
        count=number,
        address=inquiry.toggled(facet, code).address,
        chosen=code in inquiry.filters.get(facet, ()),
    )


def _bar(group: range, total: int, most: int, known: Mapping[int, int], inquiry: Inquiry) -> Bar:
    values = [str(year) for year in group if year in known] or [str(group[0])]
    held = inquiry.filters.get("year", ())
    return Bar(
        name=str(group[0]) if len(group) == 1 else f"{group[0]} à {group[-1]}",
        count=total,
        level=max(1, round(total / most * LEVELS)) if total else 0,
        address=inquiry.toggled("year", *values).address,
        chosen=any(value in held for value in values),
    )
