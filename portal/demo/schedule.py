"""Days of the procedure: months counted as the code counts them, working days, and the stages of a file."""

from __future__ import annotations

import calendar as months
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from portal.nouns.case_file import Stage

_FIXED_HOLIDAYS = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}


def is_working(day: date) -> bool:
    return day.weekday() < 5 and (day.month, day.day) not in _FIXED_HOLIDAYS


def next_working(day: date) -> date:
    """The first working day from this one on (CPC, art. 642)."""
    while not is_working(day):
        day += timedelta(days=1)
    return day


def previous_working(day: date) -> date:
    while not is_working(day):
        day -= timedelta(days=1)
    return day


def add_months(day: date, count: int) -> date:
    """The day of the same number, or the last of the month where there is none (CPC, art. 641, 642)."""
    index = day.year * 12 + day.month - 1 + count
    year, month = divmod(index, 12)
    last = months.monthrange(year, month + 1)[1]
    return next_working(date(year, month + 1, min(day.day, last)))


def is_sitting(day: date) -> bool:
    """The court sits on Tuesdays, Wednesdays and Thursdays, outside its vacations."""
    vacation = (
        (7, 16) <= (day.month, day.day) <= (8, 31) or (day.month, day.day) >= (12, 20) or day.month == day.day == 1
    )
    return day.weekday() in {1, 2, 3} and is_working(day) and not vacation


def sitting_day(day: date) -> date:
    """The first day on or after this one when the court sits."""
    while not is_sitting(day):
        day += timedelta(days=1)
    return day


@dataclass(frozen=True, slots=True)
class Terms:
    """Months and days that bind a kind of appeal."""

    appeal_days: int
    memorial_months: int
    defence_months: int = 2


CIVIL = Terms(appeal_days=58, memorial_months=4)
"""Two months to appeal (CPC, art. 612), four for the memorial (978), two for the defence (982)."""
CRIMINAL = Terms(appeal_days=5, memorial_months=1)
"""Five clear days to appeal (CPP, art. 568), one month for the memorial (585-1)."""
ELECTORAL = Terms(appeal_days=9, memorial_months=1)
"""Ten days to appeal in matters of professional elections."""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The dates of a file: each is None while awaited."""

    contested: date
    days: Mapping[str, date]
    """Past dates by stage kind."""
    due: Mapping[str, date]
    hearing: date | None
    report_due: date | None

    def stages(self) -> tuple[Stage, ...]:
        kinds = ("declaration", "memoire_ampliatif", "memoire_defense", "designation", "rapport", "avis", "audience")
        found = [Stage(kind, self.days.get(kind), self.due.get(kind)) for kind in (*kinds, "delibere", "arret")]
        return tuple(found)


def liberty_timeline(rng: Random, today: date, hearing_in: int) -> Timeline:
    """A file in matters of liberty: the court rules within three months of receiving it (CPP, art. 567-2)."""
    declared = previous_working(today - timedelta(days=rng.randint(38, 44)))
    received = next_working(declared + timedelta(days=6))
    hearing = sitting_day(today + timedelta(days=hearing_in))
    days = {
        "declaration": declared,
        "memoire_ampliatif": next_working(received + timedelta(days=rng.randint(12, 20))),
        "designation": previous_working(received + timedelta(days=rng.randint(21, 24))),
    }
    report_due = previous_working(hearing - timedelta(days=7))
    due = {
        "memoire_ampliatif": add_months(received, 1),
        "rapport": report_due,
        "avis": previous_working(hearing - timedelta(days=3)),
        "audience": hearing,
        "arret": add_months(received, 3),
    }
    contested = previous_working(declared - timedelta(days=rng.randint(1, 4)))
    return Timeline(contested, days, due, hearing, report_due)


def _before(rng: Random, day: date, low: int, high: int) -> date:
    return previous_working(day - timedelta(days=rng.randint(low, high)))


def timeline(rng: Random, state: str, today: date, terms: Terms) -> Timeline:
    """Dates of a file in this state, every one within its term and none of the past ones after `today`."""
    days: dict[str, date] = {}
    hearing: date | None = None
    if state == "juge":
        days["arret"] = _sitting_before(today - timedelta(days=rng.randint(12, 300)))
        hearing = _sitting_before(days["arret"] - timedelta(days=rng.randint(28, 42)))
        days["audience"] = days["delibere"] = hearing
    elif state == "delibere":
        hearing = _sitting_before(today - timedelta(days=rng.randint(4, 16)))
        days["audience"] = hearing
    elif state == "audience":
        hearing = sitting_day(today + timedelta(days=rng.randint(4, 55)))
    if hearing is not None:
        days["rapport"] = min(_before(rng, hearing, 48, 75), previous_working(today - timedelta(days=2)))
        opinion = _before(rng, hearing, 10, 24)
        if opinion <= today:
            days["avis"] = opinion
        days["designation"] = _before(rng, days["rapport"], 45, 90)
    elif state == "rapport":
        days["designation"] = _before(rng, today, 12, 60)
    written = days.get("designation", today)
    short = terms.memorial_months == 1
    if state != "instruction":
        days["memoire_defense"] = _before(rng, written, 8, 30)
        days["memoire_ampliatif"] = _before(rng, days["memoire_defense"], 20, 50)
    elif rng.random() < 0.6:
        days["memoire_ampliatif"] = _before(rng, today, 3, 40)
    first = days.get("memoire_ampliatif", today)
    days["declaration"] = _before(rng, first, 12, 24) if short else _before(rng, first, 70, 112)
    contested = _before(rng, days["declaration"], 1 if short else 25, 3 if short else terms.appeal_days - 4)
    report_due = None
    if state == "rapport":
        report_due = next_working(today + timedelta(days=rng.randint(6, 70)))
    elif "rapport" in days:
        report_due = next_working(days["rapport"] + timedelta(days=rng.randint(0, 20)))
    due = {"memoire_ampliatif": add_months(days["declaration"], terms.memorial_months)}
    if "memoire_ampliatif" in days:
        due["memoire_defense"] = add_months(days["memoire_ampliatif"], terms.defence_months)
    if report_due:
        due["rapport"] = report_due
    if hearing:
        due["audience"] = hearing
        due["avis"] = previous_working(hearing - timedelta(days=8))
        due["arret"] = days.get("arret") or sitting_day(hearing + timedelta(days=35))
    return Timeline(contested, days, due, hearing, report_due)


def _sitting_before(day: date) -> date:
    while not is_sitting(day):
        day -= timedelta(days=1)
    return day
