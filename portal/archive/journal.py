"""The journal of accesses and changes (*journal*): written before the answer is given, chained by digest."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session, col, select

from portal.nouns.errors import Unwritten
from portal.store.database import Database, take
from portal.store.tables import AuditRow

START = "0" * 64
NOBODY = "-"


class Journal:
    """Appends entries. No entry, no answer: `record` raises Unwritten where the disk does not take it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, member: str, action: str, subject: str, detail: str = "") -> None:
        """Record an access in a transaction of its own, durable when this returns."""
        try:
            with self._database.write() as session:
                append(session, member, action, subject, detail)
        except (SQLAlchemyError, OSError) as error:
            raise Unwritten from error

    def verify(self) -> int | None:
        """The first sequence whose digest does not follow from the rows before it, or None."""
        before = START
        with self._database.read() as session:
            for row in session.exec(select(AuditRow).order_by(col(AuditRow.sequence))):
                if row.digest != _digest(before, row):
                    return row.sequence
                before = row.digest
        return None


def append(session: Session, member: str, action: str, subject: str, detail: str = "") -> None:
    """Add an entry to the caller's transaction; the counter's row lock keeps the chain in order."""
    take(session, "audit")
    last = session.execute(text("SELECT digest FROM audit ORDER BY sequence DESC LIMIT 1")).scalar_one_or_none()
    row = AuditRow(
        at=datetime.now(UTC), member_id=member or NOBODY, action=action, subject=subject, detail=detail, digest=""
    )
    row.digest = _digest(last or START, row)
    session.add(row)
    session.flush()


def _digest(before: str, row: AuditRow) -> str:
    fields = [before, row.at.astimezone(UTC).isoformat(), row.member_id, row.action, row.subject, row.detail]
    return hashlib.sha256(json.dumps(fields, ensure_ascii=False).encode()).hexdigest()
