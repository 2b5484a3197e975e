"""Bearer tokens (*jetons d'accès*) for the API: shown once, kept as a digest, with a scope and an end."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlmodel import col, select

from portal.identity.sign_ins import SEEN_EVERY, digest
from portal.journal.journal import append
from portal.nouns.member import Member
from portal.policy.clearances import EPOCH, member_of
from portal.store.database import Database, take
from portal.store.tables import MemberRow, TokenRow

LIFE = timedelta(days=30)
LONGEST = timedelta(days=366)
PREFIX = "mnt_"
KEY = "t:"
SCOPES = {"read": "lire", "write": "lire et changer", "ingest": "verser des fichiers"}
"""What a token may be for, as it is said on screen."""


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its holder sees it again: never the secret."""

    id: str
    name: str
    scopes: tuple[str, ...]
    created: datetime
    expires: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who a token speaks for, and what it may be used for."""

    member: Member
    scopes: frozenset[str]


class Tokens:
    def __init__(self, database: Database) -> None:
        self._database = database

    def create(self, member: str, name: str = "", life: timedelta = LIFE, scopes: Collection[str] = SCOPES) -> str:
        """A new token for the member. Raises LookupError where there is no such active member, ValueError for a
        scope that does not exist or a life of more than a year."""
        if not scopes or set(scopes) - set(SCOPES) or not timedelta() < life <= LONGEST:
            raise ValueError(scopes)
        token = PREFIX + secrets.token_urlsafe(32)
        at = datetime.now(UTC)
        with self._database.write() as session:
            row = session.get(MemberRow, member)
            if row is None or not row.active:
                raise LookupError(member)
            made = TokenRow(
                digest=digest(token),
                member_id=member,
                name=name,
                scopes=sorted(scopes),
                created=at,
                expires=at + life,
            )
            session.add(made)
            append(session, member, "jeton.creation", _id(made), ",".join(made.scopes))
        return token

    def get(self, token: str) -> Bearer | None:
        at = datetime.now(UTC)
        with self._database.read() as session:
            row = session.get(TokenRow, digest(token))
            if row is None or row.expires <= at:
                return None
            member = session.get(MemberRow, row.member_id)
            if member is None or not member.active:
                return None
            found = Bearer(replace(member_of(member), sign_in=KEY + row.digest), frozenset(row.scopes))
            stale = row.used is None or at - row.used > SEEN_EVERY
        if stale:
            self._use(token, at)
        return found

    def of(self, member: str) -> list[Token]:
        """The member's tokens that still hold, the newest first."""
        with self._database.read() as session:
            rows = session.exec(
                select(TokenRow)
                .where(TokenRow.member_id == member, col(TokenRow.expires) > datetime.now(UTC))
                .order_by(col(TokenRow.created).desc())
            ).all()
            return [Token(_id(row), row.name, tuple(row.scopes), row.created, row.expires, row.used) for row in rows]

    def revoke(self, member: str, token: str) -> bool:
        """End one of the member's tokens now, sockets included. False where they have no such token."""
        with self._database.write() as session:
            rows = session.exec(select(TokenRow).where(TokenRow.member_id == member)).all()
            row = next((row for row in rows if _id(row) == token), None)
            if row is None:
                return False
            session.delete(row)
            append(session, member, "jeton.retrait", token)
            take(session, EPOCH)
        return True

    def until(self, key: str) -> datetime | None:
        """When the token ends; None where it was revoked."""
        with self._database.read() as session:
            row = session.get(TokenRow, key.removeprefix(KEY))
            return None if row is None else row.expires

    def _use(self, token: str, at: datetime) -> None:
        with self._database.write() as session:
            row = session.get(TokenRow, digest(token))
            if row is not None:
                row.used = at
                session.add(row)


def _id(row: TokenRow) -> str:
    """A token's name for its holder: the head of its digest tells nothing of the token."""
    return row.digest[:16]
