"""Members as the archive knows them (*membres*)."""

from __future__ import annotations

from collections.abc import Iterable

from sqlmodel import col, select

from portal.archive.feeding import EPOCH
from portal.journal.journal import append
from portal.nouns.member import Member
from portal.policy.clearances import member_of
from portal.store.database import Database, take
from portal.store.tables import MemberRow


class People:
    """Members, by id. A member who left is inactive, never erased: the journal names them."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, members: Iterable[Member], by: str = "") -> None:
        with self._database.write() as session:
            for member in members:
                session.merge(
                    MemberRow(
                        id=member.id,
                        civility=member.civility,
                        given_name=member.given_name,
                        surname=member.surname,
                        roles=sorted(member.roles),
                        active=True,
                    )
                )
                append(session, by, "membre.ajout", member.id)
            take(session, EPOCH)

    def deactivate(self, member: str, by: str) -> None:
        """The member no longer signs in; open sessions end at once."""
        with self._database.write() as session:
            row = session.get(MemberRow, member)
            if row is not None:
                row.active = False
                session.add(row)
            append(session, by, "membre.depart", member)
            take(session, EPOCH)

    def get(self, member: str) -> Member | None:
        with self._database.read() as session:
            row = session.get(MemberRow, member)
            return member_of(row) if row is not None and row.active else None

    def all(self) -> list[Member]:
        """Active members, by surname."""
        with self._database.read() as session:
            rows = session.exec(
                select(MemberRow).where(col(MemberRow.active).is_(True)).order_by(MemberRow.surname, MemberRow.id)
            ).all()
            return [member_of(row) for row in rows]
