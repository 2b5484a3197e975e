"""Reads a member's standing from the archive: parts, places, what was lent or granted, walls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, select

from portal.nouns.member import Member
from portal.policy.standing import Delegated, Granted, Place, Seat, Standing
from portal.policy.table import SEAT
from portal.store.tables import CaseRoleRow, GrantRow, GroupRow, MemberRow, MembershipRow, WallRow

EXCEPTION = "exception"
DELEGATION = "delegation"
EMERGENCY = "urgence"
LENDABLE = SEAT | {"avocat_general"}


def live_grants(at: datetime) -> tuple[ColumnElement[bool], ...]:
    """Grants that hold now or will: whoever asks by the hour looks at `starts` too."""
    return (col(GrantRow.ended).is_(None), col(GrantRow.ends) > at)


def read_standing(session: Session, member: Member, at: datetime) -> Standing:
    """What the member holds at this moment; `until` is the next moment at which a part of it begins or ends."""
    turns: list[datetime] = []
    places = _places(session, member.id, at, turns)
    grants = _grants(session, member.id, [place.group for place in places], at, turns)
    seats = session.exec(
        select(CaseRoleRow.case_file_id, CaseRoleRow.role).where(CaseRoleRow.member_id == member.id)
    ).all()
    walls = session.exec(
        select(WallRow.case_file_id).where(WallRow.member_id == member.id, col(WallRow.ended).is_(None))
    ).all()
    return Standing(
        member=member,
        seats=tuple(Seat(case_file, role) for case_file, role in seats),
        places=tuple(places),
        delegated=tuple(_delegated(session, [row for row in grants if row.kind == DELEGATION])),
        granted=tuple(
            Granted(
                grant=row.id,
                until=row.ends,
                case_file=row.case_file_id,
                audience=row.audience,
                urgent=row.kind == EMERGENCY,
                group=row.group_id or "",
            )
            for row in grants
            if row.kind != DELEGATION
        ),
        walls=frozenset(walls),
        until=min(turns, default=None),
    )


def _places(session: Session, member: str, at: datetime, turns: list[datetime]) -> list[Place]:
    rows = session.exec(
        select(MembershipRow, GroupRow)
        .join(GroupRow, col(GroupRow.id) == col(MembershipRow.group_id))
        .where(
            MembershipRow.member_id == member,
            or_(col(MembershipRow.ends).is_(None), col(MembershipRow.ends) > at),
        )
        .order_by(GroupRow.id, MembershipRow.id)
    ).all()
    turns.extend(row.starts for row, _ in rows if row.starts > at)
    turns.extend(row.ends for row, _ in rows if row.ends is not None)
    return [
        Place(group.id, group.name, group.kind, row.function, row.ends, row.seconded)
        for row, group in rows
        if row.starts <= at
    ]


def _grants(
    session: Session, member: str, groups: Iterable[str], at: datetime, turns: list[datetime]
) -> Sequence[GrantRow]:
    held = or_(col(GrantRow.member_id) == member, col(GrantRow.group_id).in_(sorted(set(groups))))
    rows = session.exec(select(GrantRow).where(held, *live_grants(at)).order_by(GrantRow.id)).all()
    turns.extend(row.ends for row in rows)
    turns.extend(row.starts for row in rows if row.starts > at)
    return [row for row in rows if row.starts <= at]


def _delegated(session: Session, rows: Sequence[GrantRow]) -> Iterable[Delegated]:
    """What each delegation lends: the parts that its origin holds today, on one file or on all of theirs."""
    for row in rows:
        origin = session.get(MemberRow, row.origin_id)
        if origin is None or not origin.active:
            continue
        conditions: list[Any] = [CaseRoleRow.member_id == row.origin_id, col(CaseRoleRow.role).in_(sorted(LENDABLE))]
        if row.case_file_id is not None:
            conditions.append(CaseRoleRow.case_file_id == row.case_file_id)
        walled = select(WallRow.case_file_id).where(WallRow.member_id == row.origin_id, col(WallRow.ended).is_(None))
        conditions.append(col(CaseRoleRow.case_file_id).not_in(walled))
        parts = session.exec(select(CaseRoleRow.case_file_id, CaseRoleRow.role).where(*conditions)).all()
        name = f"{origin.civility} {origin.surname}".strip()
        for case_file, role in parts:
            yield Delegated(row.id, case_file, role, name, row.ends)
