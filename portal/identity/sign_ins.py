"""Sign-ins (*sessions*) kept by the server: the cookie is random, its digest alone is stored."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import Session, col, delete, select

from portal.nouns.member import Member
from portal.policy.clearances import EPOCH, member_of
from portal.store.database import Database, take
from portal.store.tables import MemberRow, SignInRow
from portal.store.vault import seal, unseal

SEEN_EVERY = timedelta(minutes=5)
KEY = "s:"
"""Prefix of a sign-in's key; a token's has another."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """How long a sign-in lasts without a sign of life, and at most."""

    idle: timedelta = timedelta(hours=4)
    absolute: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Who vouched for the person: nobody but ourselves (demo, local account), or a provider."""

    issuer: str = ""
    subject: str = ""
    provider_session: str = ""
    id_token: str = ""
    refresh_token: str = ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A person's open session. `csrf` must come back with every change asked for by a form."""

    member: Member
    csrf: str
    authenticated: datetime
    """When the person last proved who they are."""


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One of a member's sessions, as its owner sees it."""

    key: str
    device: str
    opened: datetime
    seen: datetime
    ends: datetime


class SignIns:
    """Whatever ends one moves the permission epoch: its sockets are looked at again, and close."""

    def __init__(self, database: Database, bounds: Bounds | None = None) -> None:
        self._database = database
        self._bounds = bounds or Bounds()

    def open(self, member: str, proof: Proof | None = None, device: str = "") -> str:
        """A new session for the member, always under a new secret. Returns the cookie's value."""
        secret, at, proof = secrets.token_urlsafe(32), datetime.now(UTC), proof or Proof()
        key = KEY + secrets.token_hex(16)
        row = SignInRow(
            digest=digest(secret),
            key=key,
            member_id=member,
            csrf=secrets.token_urlsafe(32),
            created=at,
            seen=at,
            authenticated=at,
            issuer=proof.issuer,
            subject=proof.subject,
            provider_session=proof.provider_session,
            renewed=at,
            device=device,
        )
        with self._database.write() as session:
            session.exec(delete(SignInRow).where(col(SignInRow.created) < at - self._bounds.absolute))
            row.id_token, row.refresh_token = (seal(session, one, key) for one in (proof.id_token, proof.refresh_token))
            session.add(row)
        return secret

    def get(self, secret: str) -> SignIn | None:
        """The open session behind a cookie, or None when it is unknown, idle too long, too old or its member left."""
        at = datetime.now(UTC)
        with self._database.read() as session:
            row = session.get(SignInRow, digest(secret))
            if row is None or at >= self._end(row):
                return None
            member = session.get(MemberRow, row.member_id)
            if member is None or not member.active:
                return None
            person = replace(member_of(member), sign_in=row.key)
            found, stale = SignIn(person, row.csrf, row.authenticated), at - row.seen > SEEN_EVERY
        if stale:
            self.see(person.sign_in)
        return found

    def renew(self, secret: str, proof: Proof | None = None) -> str | None:
        """The same session under a new secret, once the person has proved again who they are (*step-up*)."""
        at, fresh = datetime.now(UTC), secrets.token_urlsafe(32)
        with self._database.write() as session:
            row = session.get(SignInRow, digest(secret))
            if row is None or at >= self._end(row):
                return None
            row.digest, row.authenticated, row.seen = digest(fresh), at, at
            if proof is not None:
                row.provider_session, row.renewed = proof.provider_session, at
                row.id_token = seal(session, proof.id_token, row.key)
                row.refresh_token = seal(session, proof.refresh_token, row.key) or row.refresh_token
            session.add(row)
        return fresh

    def close(self, secret: str) -> Proof | None:
        """End it. Returns who had vouched for the person, or None where there was no such session."""
        with self._database.write() as session:
            row = session.get(SignInRow, digest(secret))
            if row is None:
                return None
            proof = Proof(
                issuer=row.issuer,
                subject=row.subject,
                provider_session=row.provider_session,
                id_token=unseal(session, row.id_token, row.key),
                refresh_token=unseal(session, row.refresh_token, row.key),
            )
            end(session, col(SignInRow.digest) == row.digest)
        return proof

    def of(self, member: str) -> list[OpenSession]:
        """The member's open sessions, the last one seen first."""
        at = datetime.now(UTC)
        with self._database.read() as session:
            rows = session.exec(select(SignInRow).where(SignInRow.member_id == member)).all()
            found = [OpenSession(row.key, row.device, row.created, row.seen, self._end(row)) for row in rows]
        return sorted((one for one in found if one.ends > at), key=lambda one: one.seen, reverse=True)

    def end_one(self, member: str, key: str) -> bool:
        """End this session of the member's. False where they have none by that key."""
        with self._database.write() as session:
            return bool(end(session, col(SignInRow.member_id) == member, col(SignInRow.key) == key))

    def end_all(self, member: str, *, but: str = "") -> bool:
        """End the member's sessions, but for one. False where there was none to end."""
        with self._database.write() as session:
            return bool(end(session, col(SignInRow.member_id) == member, col(SignInRow.key) != but))

    def until(self, key: str) -> datetime | None:
        """When the session ends unless it is used meanwhile; None where it has ended."""
        with self._database.read() as session:
            row = session.exec(select(SignInRow).where(SignInRow.key == key)).first()
            return None if row is None else self._end(row)

    def issuer(self, key: str) -> str:
        """Who vouched for the person; empty where nobody but ourselves did."""
        with self._database.read() as session:
            return session.exec(select(SignInRow.issuer).where(SignInRow.key == key)).first() or ""

    def see(self, key: str) -> None:
        """A sign of life: the idle limit counts from now."""
        with self._database.write() as session:
            row = session.exec(select(SignInRow).where(SignInRow.key == key)).first()
            if row is not None:
                row.seen = datetime.now(UTC)
                session.add(row)

    def _end(self, row: SignInRow) -> datetime:
        return min(row.seen + self._bounds.idle, row.created + self._bounds.absolute)


def end(session: Session, *which: ColumnElement[bool]) -> Sequence[str]:
    """End these sign-ins in the caller's transaction. Returns whose they were; their sockets close at the commit."""
    rows = session.exec(select(SignInRow).where(*which)).all()
    members = sorted({row.member_id for row in rows})
    for row in rows:
        session.delete(row)
    if rows:
        take(session, EPOCH)
    return members


def digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
