"""Reading the journal (*consultation du journal*): who did what, for those entitled; reading it is an entry too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func
from sqlmodel import Session, col, select

from portal.store.tables import AuditRow, DocumentRow, MemberRow, now

PAGE = 100
OPENINGS = ("document.lecture", "document.original", "projet.lecture", "projet.edition", "dossier.lecture")
"""Actions that show content to whoever acts."""
LATELY = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry as the screen shows it; never its detail, which may name a file."""

    sequence: int
    at: datetime
    member: str
    name: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sieve:
    """What is looked for; empty values ask for nothing. `below` goes on from a page's last entry."""

    member: str = ""
    action: str = ""
    subjects: tuple[str, ...] = ()
    since: datetime | None = None
    until: datetime | None = None
    below: int | None = None


def entries(session: Session, sieve: Sieve) -> list[Line]:
    """The newest first, one page."""
    conditions: list[ColumnElement[bool]] = []
    if sieve.member:
        conditions.append(col(AuditRow.member_id) == sieve.member)
    if sieve.action:
        conditions.append(col(AuditRow.action).startswith(sieve.action, autoescape=True))
    if sieve.subjects:
        conditions.append(col(AuditRow.subject).in_(sieve.subjects))
    if sieve.since:
        conditions.append(col(AuditRow.at) >= sieve.since)
    if sieve.until:
        conditions.append(col(AuditRow.at) < sieve.until)
    if sieve.below is not None:
        conditions.append(col(AuditRow.sequence) < sieve.below)
    rows = session.exec(
        select(AuditRow, MemberRow)
        .join(MemberRow, col(MemberRow.id) == col(AuditRow.member_id), isouter=True)
        .where(*conditions)
        .order_by(col(AuditRow.sequence).desc())
        .limit(PAGE)
    ).all()
    return [_line(row, member) for row, member in rows]


def openings_of_document(session: Session, document: str) -> list[Line]:
    """« Qui a ouvert ce document », lately, the newest first."""
    return _openings(session, (document,))


def openings_of_case_file(session: Session, case_file: str) -> list[Line]:
    """« Qui a ouvert ce dossier »: the file itself and everything in it, lately."""
    documents = session.exec(select(DocumentRow.id).where(DocumentRow.case_file_id == case_file)).all()
    return _openings(session, (case_file, *documents))


def counts(session: Session) -> list[tuple[str, int]]:
    """How many entries of each action: all that the system's administrator sees of the journal."""
    rows = session.exec(
        select(AuditRow.action, func.count()).group_by(AuditRow.action).order_by(col(AuditRow.action))
    ).all()
    return [(action, int(number)) for action, number in rows]


def _openings(session: Session, subjects: tuple[str, ...]) -> list[Line]:
    found: list[Line] = []
    for start in range(0, len(subjects), 500):
        rows = session.exec(
            select(AuditRow, MemberRow)
            .join(MemberRow, col(MemberRow.id) == col(AuditRow.member_id), isouter=True)
            .where(
                col(AuditRow.subject).in_(subjects[start : start + 500]),
                col(AuditRow.action).in_(OPENINGS),
                col(AuditRow.at) >= now() - LATELY,
            )
            .order_by(col(AuditRow.sequence).desc())
            .limit(2 * PAGE)
        ).all()
        found += [_line(row, member) for row, member in rows]
    return sorted(found, key=lambda line: -line.sequence)[: 2 * PAGE]


def _line(row: AuditRow, member: MemberRow | None) -> Line:
    name = f"{member.civility} {member.surname}".strip() if member else row.member_id
    return Line(row.sequence or 0, row.at, row.member_id, name, row.action, row.subject)
