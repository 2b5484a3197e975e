"""Sign-ins (*sessions*) kept by the server: the cookie is random, its digest alone is stored."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlmodel import col, delete

from portal.nouns.member import Member
from portal.policy.clearances import member_of
from portal.store.database import Database
from portal.store.tables import MemberRow, SignInRow

IDLE = timedelta(hours=4)
ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person's open session. `csrf` must come back with every change asked for by a form."""

    member: Member
    csrf: str


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


class SignIns:
    def __init__(self, database: Database) -> None:
        self._database = database

    def open(self, member: str) -> str:
        """A new session for the member, always under a new secret. Returns the cookie's value."""
        secret = secrets.token_urlsafe(32)
        at = datetime.now(UTC)
        with self._database.write() as session:
            session.add(
                SignInRow(digest=digest(secret), member_id=member, csrf=secrets.token_urlsafe(32), created=at, seen=at)
            )
        return secret

    def get(self, secret: str) -> SignIn | None:
        """The open session behind a cookie, or None when it is unknown, idle too long, too old or its member left."""
        at = datetime.now(UTC)
        with self._database.read() as session:
            row = session.get(SignInRow, digest(secret))
            if row is None or at - row.seen > IDLE or at - row.created > ABSOLUTE:
                return None
            member = session.get(MemberRow, row.member_id)
            if member is None or not member.active:
                return None
            found, stale = SignIn(member_of(member), row.csrf), at - row.seen > SEEN_EVERY
        if stale:
            self._see(secret, at)
        return found

    def close(self, secret: str) -> None:
        with self._database.write() as session:
            session.exec(delete(SignInRow).where(col(SignInRow.digest) == digest(secret)))

    def _see(self, secret: str, at: datetime) -> None:
        with self._database.write() as session:
            row = session.get(SignInRow, digest(secret))
            if row is not None:
                row.seen = at
                session.add(row)
