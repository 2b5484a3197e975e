"""Files that could not be read (*quarantaine*): kept whole, with a reason and a retry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlmodel import col, delete, select

from portal.archive.case_files import new_id
from portal.journal.journal import append
from portal.store.database import Database
from portal.store.tables import QuarantineRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A file to hold; `digest` names bytes that the store has already."""

    name: str
    digest: str
    size: int
    reason: str
    sentence: str
    by: str = ""
    case_file: str | None = None


class Quarantine:
    def __init__(self, database: Database) -> None:
        self._database = database

    def hold(self, held: Held) -> str:
        """Hold the file; the same bytes under the same reason are held once. Returns its id."""
        with self._database.write() as session:
            same = session.exec(
                select(QuarantineRow).where(QuarantineRow.digest == held.digest, QuarantineRow.name == held.name)
            ).first()
            if same is not None:
                same.reason, same.sentence = held.reason, held.sentence
                session.add(same)
                return same.id
            row = QuarantineRow(
                id=new_id(),
                name=held.name[:500],
                digest=held.digest,
                size=held.size,
                reason=held.reason,
                sentence=held.sentence,
                by=held.by,
                case_file_id=held.case_file,
            )
            session.add(row)
            append(session, held.by, "quarantaine.entree", row.id, held.reason)
            return row.id

    def waiting(self) -> Sequence[QuarantineRow]:
        """What waits, the newest first."""
        with self._database.read() as session:
            return session.exec(
                select(QuarantineRow).order_by(col(QuarantineRow.created).desc(), QuarantineRow.id)
            ).all()

    def get(self, identifier: str) -> QuarantineRow | None:
        with self._database.read() as session:
            return session.get(QuarantineRow, identifier)

    def release(self, identifier: str, by: str) -> None:
        """The file was read after all, or a person set it aside for good."""
        with self._database.write() as session:
            session.exec(delete(QuarantineRow).where(col(QuarantineRow.id) == identifier))
            append(session, by, "quarantaine.sortie", identifier)
