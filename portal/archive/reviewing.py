"""What someone must look at again (*revue des habilitations*): alerts, grants that end soon, grants never used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_
from sqlmodel import Session, col, select

from portal.nouns.member import Member
from portal.policy.clearances import Clearances, member_of
from portal.policy.roll import EMERGENCY, live_grants
from portal.store.tables import (
    AppealRow,
    AuditRow,
    DocumentRow,
    GrantRow,
    GroupRow,
    MemberRow,
    MembershipRow,
    WallRow,
    now,
)

SOON = timedelta(days=30)
UNUSED_AFTER = timedelta(days=14)
READINGS = ("document.lecture", "document.original", "projet.lecture", "dossier.lecture", "projet.edition")
"""Journal actions that use a clearance."""


@dataclass(frozen=True, slots=True)
class Given:
    """A grant as the review shows it. `object` is an appeal number, or a document's id."""

    id: str
    kind: str
    holder: str
    object: str
    audience: str
    origin: str
    reason: str
    starts: datetime
    ends: datetime
    case_file: str = ""


@dataclass(frozen=True, slots=True)
class Placed:
    """A member in a group."""

    id: str
    member: str
    name: str
    function: str
    seconded: bool
    ends: datetime | None


@dataclass(frozen=True, slots=True)
class Walled:
    id: str
    member: str
    name: str
    number: str
    reason: str


def alerts(session: Session, clearances: Clearances, member: Member) -> list[Given]:
    """Emergencies that nobody has answered for: all of them for who manages, those on their files for a bench."""
    rows = session.exec(
        select(GrantRow)
        .where(GrantRow.kind == EMERGENCY, col(GrantRow.reviewed).is_(None), GrantRow.member_id != member.id)
        .order_by(col(GrantRow.starts).desc())
        .limit(200)
    ).all()
    if not clearances.policy.may_manage(member):
        labels = clearances.of(session, member).labels
        rows = [row for row in rows if f"f:{row.case_file_id}:delibere" in labels]
    return [_given(session, row) for row in rows]


def live(session: Session) -> list[Given]:
    """Every grant in force, the first to end first."""
    rows = session.exec(select(GrantRow).where(*live_grants(now())).order_by(col(GrantRow.ends)).limit(500)).all()
    return [_given(session, row) for row in rows]


def lent_by(session: Session, member: str) -> list[Given]:
    """Parts that the member lends today."""
    rows = session.exec(
        select(GrantRow).where(GrantRow.origin_id == member, *live_grants(now())).order_by(col(GrantRow.ends))
    ).all()
    return [_given(session, row) for row in rows]


def held_by(session: Session, member: str) -> list[Given]:
    """Grants made for the member alone, in force."""
    rows = session.exec(
        select(GrantRow).where(GrantRow.member_id == member, *live_grants(now())).order_by(col(GrantRow.ends))
    ).all()
    return [_given(session, row) for row in rows]


def unused(session: Session) -> set[str]:
    """Grants in force for two weeks or more through which nobody has opened anything."""
    at = now()
    rows = session.exec(select(GrantRow).where(*live_grants(at), col(GrantRow.starts) < at - UNUSED_AFTER)).all()
    return {row.id for row in rows if not _used(session, row)}


def groups(session: Session) -> list[GroupRow]:
    return list(session.exec(select(GroupRow).order_by(GroupRow.kind, GroupRow.name)).all())


def members_of(session: Session, group: str) -> list[Placed]:
    """Who belongs to the group today, by surname."""
    return [_placed(row, member) for row, member in _places(session, col(MembershipRow.group_id) == group)]


def places_of(session: Session, member: str) -> dict[str, Placed]:
    """The member's places today, by group."""
    return {row.group_id: _placed(row, who) for row, who in _places(session, col(MembershipRow.member_id) == member)}


def walls(session: Session, member: str | None = None) -> list[Walled]:
    """Walls that stand, of one member or of all."""
    statement = (
        select(WallRow, MemberRow)
        .join(MemberRow, col(MemberRow.id) == col(WallRow.member_id))
        .where(col(WallRow.ended).is_(None))
        .order_by(MemberRow.surname, col(WallRow.created))
        .limit(500)
    )
    if member is not None:
        statement = statement.where(WallRow.member_id == member)
    return [
        Walled(row.id, who.id, member_of(who).name, _number(session, row.case_file_id), row.reason)
        for row, who in session.exec(statement).all()
    ]


def _places(session: Session, condition: object) -> list[tuple[MembershipRow, MemberRow]]:
    at = now()
    rows = session.exec(
        select(MembershipRow, MemberRow)
        .join(MemberRow, col(MemberRow.id) == col(MembershipRow.member_id))
        .where(
            condition,  # type: ignore[arg-type]  # a column's comparison
            col(MembershipRow.starts) <= at,
            or_(col(MembershipRow.ends).is_(None), col(MembershipRow.ends) > at),
        )
        .order_by(MemberRow.surname, MemberRow.id)
    ).all()
    return list(rows)


def _placed(row: MembershipRow, member: MemberRow) -> Placed:
    return Placed(row.id, member.id, member_of(member).name, row.function, row.seconded, row.ends)


def _used(session: Session, row: GrantRow) -> bool:
    """Whether whoever holds the grant has opened what it opens since it began."""
    holders: set[str] = {row.member_id} if row.member_id else set()
    if row.group_id:
        holders.update(placed.member for placed in members_of(session, row.group_id))
    subjects = {one for one in (row.document_id, row.case_file_id) if one}
    if row.case_file_id:
        subjects.update(session.exec(select(DocumentRow.id).where(DocumentRow.case_file_id == row.case_file_id)).all())
    if not subjects:  # a delegation of every part: used where its holder opens anything
        found = select(AuditRow.sequence).where(col(AuditRow.member_id).in_(sorted(holders)))
    else:
        found = select(AuditRow.sequence).where(
            col(AuditRow.member_id).in_(sorted(holders)), col(AuditRow.subject).in_(sorted(subjects)[:500])
        )
    found = found.where(col(AuditRow.action).in_(READINGS), col(AuditRow.at) >= row.starts)
    return session.exec(found).first() is not None


def _given(session: Session, row: GrantRow) -> Given:
    holder = session.get(MemberRow, row.member_id) if row.member_id else None
    group = session.get(GroupRow, row.group_id) if row.group_id else None
    origin = session.get(MemberRow, row.origin_id) if row.origin_id else None
    return Given(
        id=row.id,
        kind=row.kind,
        holder=member_of(holder).name if holder else (group.name if group else ""),
        object=_number(session, row.case_file_id) if row.case_file_id else (row.document_id or ""),
        audience=row.audience,
        origin=member_of(origin).name if origin else "",
        reason=row.reason,
        starts=row.starts,
        ends=row.ends,
        case_file=row.case_file_id or "",
    )


def _number(session: Session, case_file: str) -> str:
    found = session.exec(
        select(AppealRow.number).where(AppealRow.case_file_id == case_file).order_by(col(AppealRow.position))
    ).first()
    return found or ""
