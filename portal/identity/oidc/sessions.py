"""Sign-ins that a provider vouches for: ended when it says so, asked about while they last."""

from __future__ import annotations

import logging
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement
from sqlmodel import col, select

from portal.identity.oidc.assertion import SKEW
from portal.identity.oidc.entrance import LIFE, Entrance
from portal.identity.oidc.provider import AccountClosed, LogoutNotice, Provider
from portal.identity.oidc.refusal import Refused
from portal.identity.sign_ins import end
from portal.identity.spent import spend
from portal.journal.journal import append
from portal.store.database import Database
from portal.store.tables import SignInRow
from portal.store.vault import seal, unseal

log = logging.getLogger("minutier")
ASK_EVERY = timedelta(minutes=10)
AT_ONCE = 50
"""Sign-ins asked about in one turn, the longest unasked first."""


class ProviderSessions:
    def __init__(self, database: Database, provider: Provider) -> None:
        self._database = database
        self._provider = provider

    def arrive(self, entrance: Entrance) -> None:
        """Use up a departure: its state opens one session at most. Raises Refused for the second time."""
        until = datetime.fromtimestamp(entrance.started + LIFE + SKEW, UTC)
        with self._database.write() as session:
            if not spend(session, f"state:{entrance.state}", until):
                raise Refused("replayed")

    def end(self, notice: LogoutNotice) -> int:
        """Back-channel logout: end what the notice names. Raises Refused where it was heard before."""
        issuer = self._provider.settings.issuer
        which: list[ColumnElement[bool]] = [col(SignInRow.issuer) == issuer]
        if notice.session:
            which.append(col(SignInRow.provider_session) == notice.session)
        if notice.subject:
            which.append(col(SignInRow.subject) == notice.subject)
        until = datetime.fromtimestamp(notice.expires + SKEW, UTC)
        with self._database.write() as session:
            if not spend(session, f"logout:{issuer}:{notice.id}", until):
                raise Refused("replayed")
            ended = end(session, *which)
            for member in ended:
                append(session, member, "deconnexion.fournisseur", member)
        return len(ended)

    def ask_again(self, every: timedelta = ASK_EVERY) -> int:
        """One turn of asking whether accounts are still open at the provider. Returns how many had closed."""
        at = datetime.now(UTC)
        with self._database.read() as session:
            rows = session.exec(
                select(SignInRow)
                .where(SignInRow.refresh_token != "", col(SignInRow.renewed) <= at - every)
                .order_by(col(SignInRow.renewed))
                .limit(AT_ONCE)
            ).all()
            due = [(row.key, unseal(session, row.refresh_token, row.key), row.subject) for row in rows]
        return sum(self._ask(key, token, subject) for key, token, subject in due)

    def _ask(self, key: str, token: str, subject: str) -> bool:
        try:
            following = self._provider.refresh(token, subject)
        except AccountClosed:
            with self._database.write() as session:
                for member in end(session, col(SignInRow.key) == key):
                    append(session, member, "deconnexion.fournisseur", member)
            return True
        except Refused as error:  # the provider's silence ends nobody's work; the absolute limit still does
            log.warning("a sign-in could not be asked about: %s", error.reason)
            following = token
        with self._database.write() as session:
            row = session.exec(select(SignInRow).where(SignInRow.key == key)).first()
            if row is not None:
                row.refresh_token, row.renewed = seal(session, following, key), datetime.now(UTC)
                session.add(row)
        return False
