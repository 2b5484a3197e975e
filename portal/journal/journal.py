"""Writing the journal: before the answer is given, in order, sealed. No entry, no answer."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from portal.journal.seal import START, Seal
from portal.nouns.errors import Unwritten
from portal.store.database import AFTER_COMMIT, Database, take
from portal.store.tables import AuditRow

NOBODY = "-"
COUNTER = "audit"
SEAL = "seal"
"""Under this name a session knows the seal of its database's journal."""


class Journal:
    """Appends entries, each in a transaction of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, member: str, action: str, subject: str, detail: str = "") -> None:
        """Record an access; durable when this returns. Raises Unwritten where the disk does not take it."""
        try:
            with self._database.write() as session:
                append(session, member, action, subject, detail)
        except (SQLAlchemyError, OSError) as error:
            raise Unwritten from error


def append(session: Session, member: str, action: str, subject: str, detail: str = "") -> None:
    """Add an entry to the caller's transaction; the counter's row lock keeps the chain in order."""
    seal: Seal = session.info[SEAL]
    sequence = take(session, COUNTER)
    last = session.execute(text("SELECT digest FROM audit ORDER BY sequence DESC LIMIT 1")).scalar_one_or_none()
    row = AuditRow(
        sequence=sequence,
        at=datetime.now(UTC),
        member_id=member or NOBODY,
        action=action,
        subject=subject,
        detail=detail,
        digest="",
    )
    row.digest = seal.entry(last or START, row)
    session.add(row)
    session.flush()
    session.info.setdefault(AFTER_COMMIT, []).append(partial(seal.note, sequence, row.digest))
