"""Local accounts (*comptes locaux*), where a deployment has no provider: a password (argon2id) and a one-time code.

RFC 9106, RFC 6238. An unknown account costs and answers exactly what a wrong password does.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from sqlmodel import Session, col, delete

from portal.identity.sign_ins import end
from portal.journal.journal import append
from portal.nouns.errors import NotAllowed, TooMany
from portal.nouns.member import Member
from portal.policy.clearances import member_of
from portal.store.database import Database
from portal.store.tables import AccountRow, AttemptRow, MemberRow, SignInRow
from portal.store.vault import seal, unseal

STEP = 30
"""Seconds of a one-time code."""
ISSUER = "Minutier"
BY = "commande"
LONGEST = timedelta(minutes=15)
FREE_BY_ACCOUNT, FREE_BY_ADDRESS = 3, 20
"""Failures that cost no wait; each one more doubles it."""
FORGOTTEN = timedelta(hours=24)
WRONG = "Compte, mot de passe ou code inexact. Vérifiez-les puis recommencez ; attendez un nouveau code s'il a servi."


@dataclass(frozen=True, slots=True)
class Opened:
    """What the person receives once: nothing of it can be shown again."""

    password: str
    enrolment: str
    """The address that an authenticator application reads (otpauth://)."""


class Accounts:
    def __init__(self, database: Database, clock: Callable[[], float] = time.time) -> None:
        self._database = database
        self._clock = clock
        self._hasher = PasswordHasher()
        self._nobody = self._hasher.hash(secrets.token_urlsafe(16))
        self._no_secret = pyotp.random_base32()

    def open(self, member: str) -> Opened:
        """A new password and a new secret for the member; their sign-ins end. Raises LookupError for no member."""
        password, secret = "-".join(secrets.token_hex(3) for _ in range(5)), pyotp.random_base32()
        with self._database.write() as session:
            row = session.get(MemberRow, member)
            if row is None or not row.active:
                raise LookupError(member)
            made = AccountRow(
                member_id=member,
                password=self._hasher.hash(password),
                secret=seal(session, secret, member),
                created=datetime.now(UTC),
            )
            session.merge(made)
            end(session, col(SignInRow.member_id) == member, col(SignInRow.issuer) == "")
            append(session, BY, "compte.ouverture", member)
        return Opened(password, pyotp.TOTP(secret).provisioning_uri(name=member, issuer_name=ISSUER))

    def close(self, member: str) -> None:
        """Take the account away; its sign-ins end. Raises LookupError where there is none."""
        with self._database.write() as session:
            row = session.get(AccountRow, member)
            if row is None:
                raise LookupError(member)
            session.delete(row)
            end(session, col(SignInRow.member_id) == member, col(SignInRow.issuer) == "")
            append(session, BY, "compte.fermeture", member)

    def check(self, name: str, password: str, code: str, address: str) -> Member:
        """The member whose account this is.

        Raises NotAllowed where it is not, TooMany where the account or the address has to wait. The failure is
        counted before the password is looked at, so that guesses made at once do not outrun the count.
        """
        self._count(name, address)
        with self._database.read() as session:
            row, member = session.get(AccountRow, name), session.get(MemberRow, name)
            known = row.password if row else self._nobody
            secret = unseal(session, row.secret, row.member_id) if row else self._no_secret
            last = row.step if row else 0
        right = self._is(known, password)
        step = self._step(secret, code)
        if row is None or member is None or not member.active or not right or step is None or step <= last:
            raise NotAllowed(WRONG)
        with self._database.write() as session:
            used = session.get(AccountRow, name)
            if used is None or used.step >= step:  # the same code at the same instant, twice
                raise NotAllowed(WRONG)
            used.step = step
            session.add(used)
            session.exec(delete(AttemptRow).where(col(AttemptRow.name) == _key("account", name)))
        return member_of(member)

    def _is(self, known: str, password: str) -> bool:
        try:
            return self._hasher.verify(known, password[:1000])
        except Argon2Error:
            return False

    def _step(self, secret: str, code: str) -> int | None:
        """The step that the code belongs to, one early or late at most."""
        totp, now = pyotp.TOTP(secret, interval=STEP), int(self._clock()) // STEP
        found = [step for step in (now - 1, now, now + 1) if secrets.compare_digest(totp.at(step * STEP), _six(code))]
        return found[0] if found else None

    def _count(self, name: str, address: str) -> None:
        at = datetime.fromtimestamp(self._clock(), UTC)
        waiting = False
        with self._database.write() as session:
            session.exec(delete(AttemptRow).where(col(AttemptRow.until) < at - FORGOTTEN))
            for key, free in ((_key("account", name), FREE_BY_ACCOUNT), (_key("address", address), FREE_BY_ADDRESS)):
                waiting = _fail(session, key, free, at) or waiting
        if waiting:
            raise TooMany


def _fail(session: Session, key: str, free: int, at: datetime) -> bool:
    """Count one more failure. Says whether a wait from an earlier one is still on; then it is not counted."""
    row = session.get(AttemptRow, key) or AttemptRow(name=key, failures=0, until=at)
    if row.until > at:
        return True
    row.failures += 1
    over = row.failures - free
    row.until = at + (min(timedelta(seconds=2.0 ** min(over, 20)), LONGEST) if over > 0 else timedelta())
    session.add(row)
    return False


def _key(kind: str, value: str) -> str:
    return f"{kind}:{hashlib.sha256(value.encode()).hexdigest()}"


def _six(code: str) -> str:
    digits = "".join(char for char in code if char.isascii() and char.isdigit())
    return digits if len(digits) == 6 else "------"
