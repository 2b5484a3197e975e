"""Unusual reading (*consultations inhabituelles*): a list for a person to review, each with its reason; no verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from portal.journal.reading import OPENINGS
from portal.store.tables import AuditRow, MemberRow, now

LATELY = timedelta(days=7)
HOUR = timedelta(hours=1)
REFUSED = "refus."
"""What begins the action of an entry for what one was refused."""


@dataclass(frozen=True, slots=True)
class Rules:
    """From how much on reading is listed."""

    bulk: int = 200
    """Different documents that one member opens within an hour."""
    off_hours: int = 30
    """Documents that one member opens in a night or on a weekend day."""
    refusals: int = 15
    """Times that one member is refused within an hour."""
    night_from: int = 22
    night_to: int = 6


@dataclass(frozen=True, slots=True)
class Unusual:
    """`kind` is bulk or off-hours, then `count` are different documents, or refusals; from `since` to `until`."""

    kind: str
    member: str
    name: str
    count: int
    since: datetime
    until: datetime


def unusual(session: Session, rules: Rules | None = None) -> list[Unusual]:
    """What stands out in the last week, the newest first."""
    rules = rules or Rules()
    rows = session.exec(
        select(AuditRow.member_id, AuditRow.at, AuditRow.subject, AuditRow.action)
        .where(or_(col(AuditRow.action).in_(OPENINGS), col(AuditRow.action).startswith(REFUSED)))
        .where(col(AuditRow.at) >= now() - LATELY)
        .order_by(col(AuditRow.sequence))
    )
    read: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    refused: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for member, at, subject, action in rows:
        if action.startswith(REFUSED):
            refused[member].append((at, str(len(refused[member]))))
        else:
            read[member].append((at, subject))
    names = {
        row.id: f"{row.civility} {row.surname}".strip()
        for row in session.exec(select(MemberRow).where(col(MemberRow.id).in_(sorted({*read, *refused})))).all()
    }
    found = [
        Unusual(kind, member, names.get(member, member), count, since, until)
        for member, openings in read.items()
        for kind, count, since, until in (*_bulk("bulk", openings, rules.bulk), *_off_hours(openings, rules))
    ]
    found += [
        Unusual(kind, member, names.get(member, member), count, since, until)
        for member, times in refused.items()
        for kind, count, since, until in _bulk("refusals", times, rules.refusals)
    ]
    return sorted(found, key=lambda one: one.until, reverse=True)


def _bulk(kind: str, openings: list[tuple[datetime, str]], least: int) -> Iterator[tuple[str, int, datetime, datetime]]:
    """Hours, none overlapping another, with many different things in them."""
    start = 0
    while start < len(openings):
        since = openings[start][0]
        stop = start
        while stop < len(openings) and openings[stop][0] < since + HOUR:
            stop += 1
        count = len({subject for _, subject in openings[start:stop]})
        if count >= least:
            yield kind, count, since, openings[stop - 1][0]
            start = stop
        else:
            start += 1


def _off_hours(openings: list[tuple[datetime, str]], rules: Rules) -> Iterator[tuple[str, int, datetime, datetime]]:
    by_day: dict[datetime, list[tuple[datetime, str]]] = defaultdict(list)
    for at, subject in openings:
        here = at.astimezone()
        night = here.hour >= rules.night_from or here.hour < rules.night_to
        if night or here.weekday() >= 5:
            # A night belongs to the day on which it began.
            day = (here - timedelta(hours=rules.night_to)).replace(hour=0, minute=0, second=0, microsecond=0)
            by_day[day].append((at, subject))
    for held in by_day.values():
        count = len({subject for _, subject in held})
        if count >= rules.off_hours:
            yield "off-hours", count, held[0][0], held[-1][0]
