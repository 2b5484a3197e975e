"""Bearer tokens (*jetons d'accès*) for the API: shown once, kept as a digest, with an end."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta

from portal.identity.sign_ins import digest
from portal.nouns.member import Member
from portal.policy.clearances import member_of
from portal.store.database import Database
from portal.store.tables import MemberRow, TokenRow

LIFE = timedelta(days=30)
PREFIX = "mnt_"


class Tokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, member: str, name: str = "", life: timedelta = LIFE) -> str:
        """A new token for the member. Raises LookupError where there is no such active member."""
        token = PREFIX + secrets.token_urlsafe(32)
        at = datetime.now(UTC)
        with self._database.write() as session:
            row = session.get(MemberRow, member)
            if row is None or not row.active:
                raise LookupError(member)
            session.add(TokenRow(digest=digest(token), member_id=member, name=name, created=at, expires=at + life))
        return token

    def get(self, token: str) -> Member | None:
        with self._database.read() as session:
            row = session.get(TokenRow, digest(token))
            if row is None or row.expires <= datetime.now(UTC):
                return None
            member = session.get(MemberRow, row.member_id)
            return member_of(member) if member is not None and member.active else None
