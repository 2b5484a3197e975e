"""What each reader thinks of the similar cases they were shown (*avis sur les rapprochements*): theirs alone."""

from __future__ import annotations

from sqlmodel import Session, col, select

from portal.archive.documents import Documents
from portal.nouns.member import Member
from portal.store.database import Database
from portal.store.tables import LikenessMarkRow, now


class LikenessMarks:
    """Kept until the reader thinks again."""

    def __init__(self, database: Database, documents: Documents) -> None:
        self._database = database
        self._documents = documents

    def of(self, session: Session, member: Member, document: str) -> dict[str, bool]:
        """Whether each document marked beside this one is to the point, by its id."""
        rows = session.exec(
            select(LikenessMarkRow).where(
                col(LikenessMarkRow.member_id) == member.id, col(LikenessMarkRow.document_id) == document
            )
        )
        return {row.other_id: row.good for row in rows}

    def mark(self, member: Member, document: str, other: str, *, good: bool) -> None:
        """Keep the mark, or take it back where it stands already. Raises NotFound for what the member may not read."""
        with self._database.write() as session:
            for one in (document, other):
                self._documents.get(session, member, one)
            row = session.get(LikenessMarkRow, (member.id, document, other))
            if row is not None and row.good == good:
                session.delete(row)
                return
            row = row or LikenessMarkRow(member_id=member.id, document_id=document, other_id=other, good=good)
            row.good, row.at = good, now()
            session.add(row)
