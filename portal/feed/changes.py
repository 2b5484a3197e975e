"""Reads what changed above a cursor, as records ready for an index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from sqlmodel import Session, col, select

from indexer.record import Record
from portal.archive.feeding import CASE_FILE
from portal.archive.reading import unpack
from portal.feed.records import case_file_record, to_records
from portal.policy.clearances import Clearances, place_of
from portal.store.database import Database
from portal.store.tables import AppealRow, CaseFileRow, DocumentRow, PartyRow, ReadingRow, RevisionRow

BATCH = 200


@dataclass(frozen=True, slots=True)
class Change:
    """All of a subject's records now; none means: forget it."""

    subject: str
    records: tuple[Record, ...]


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed up to `cursor`, each subject once. `remaining` revisions wait beyond it, about."""

    cursor: int
    changes: tuple[Change, ...] = field(default_factory=tuple)


class ChangeReader:
    def __init__(self, database: Database, clearances: Clearances) -> None:
        self._database = database
        self._clearances = clearances

    def head(self) -> int:
        """The last revision handed out and committed."""
        with self._database.read() as session:
            row = session.exec(select(RevisionRow.revision).order_by(col(RevisionRow.revision).desc())).first()
            return row or 0

    def after(self, cursor: int, limit: int = BATCH) -> Changes:
        """The next changes above `cursor`, read in one snapshot."""
        with self._database.read() as session:
            rows = session.exec(
                select(RevisionRow)
                .where(col(RevisionRow.revision) > cursor)
                .order_by(col(RevisionRow.revision))
                .limit(limit)
            ).all()
            if not rows:
                return Changes(cursor)
            latest = {row.subject: row.revision for row in rows}
            changes = [self._change(session, subject, revision) for subject, revision in latest.items()]
            return Changes(rows[-1].revision, tuple(changes))

    def _change(self, session: Session, subject: str, revision: int) -> Change:
        if subject.startswith(CASE_FILE):
            return Change(subject, tuple(self._case_file(session, subject.removeprefix(CASE_FILE), revision)))
        row = session.get(DocumentRow, subject)
        if row is None:
            return Change(subject, ())
        labels = self._clearances.policy.labels_of(self._clearances.facts(session, [row])[row.id])
        held = session.get(ReadingRow, row.version_id or row.id)
        reading = unpack(held.body) if held else None
        appeals = [appeal.number for appeal in self._appeals(session, row.case_file_id)] if row.case_file_id else []
        return Change(subject, tuple(to_records(row, labels, reading, appeals, revision)))

    def _case_file(self, session: Session, case_file: str, revision: int) -> list[Record]:
        row = session.get(CaseFileRow, case_file)
        if row is None:
            return []
        parties = session.exec(
            select(PartyRow).where(PartyRow.case_file_id == case_file).order_by(col(PartyRow.id))
        ).all()
        labels = self._clearances.policy.labels_of_case_file(place_of(row))
        return case_file_record(row, labels, self._appeals(session, case_file), parties, revision)

    def _appeals(self, session: Session, case_file: str) -> Sequence[AppealRow]:
        return session.exec(
            select(AppealRow).where(AppealRow.case_file_id == case_file).order_by(col(AppealRow.position))
        ).all()
