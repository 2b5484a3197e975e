"""Which member came back from the provider (*rattachement*): linked at the first sign-in, the same ever after."""

from __future__ import annotations

from typing import Any

from sqlmodel import Session, col, select

from portal.identity.claim_map import ClaimMap, values
from portal.identity.oidc.assertion import Claims
from portal.identity.oidc.refusal import Refused
from portal.identity.roster import set_groups, set_roles
from portal.journal.journal import append
from portal.nouns.member import Member
from portal.policy.clearances import EPOCH, member_of
from portal.store.database import Database, take
from portal.store.tables import IdentityRow, MemberRow

BY = "connexion"
NOT_OPEN = (
    "Votre compte n'est pas encore ouvert sur ce portail. Demandez son ouverture à votre greffe ou à l'assistance "
    "informatique, puis reconnectez-vous : rien d'autre n'est à faire."
)
TAKEN = "Ce compte est déjà rattaché à une autre identité. Prévenez l'assistance informatique : elle lèvera le doute."


class Admission:
    def __init__(self, database: Database, mapped: ClaimMap) -> None:
        self._database = database
        self._map = mapped

    def admit(self, issuer: str, claims: Claims) -> Member:
        """The member, with roles and groups as the provider says. Raises Refused for who is not to come in."""
        with self._database.write() as session:
            row = self._known(session, issuer, claims) or self._first(session, issuer, claims)
            if row is None or not row.active:
                raise Refused("no-account", NOT_OPEN)
            said = values(claims, self._map.claim)
            if self._map.roles:
                roles = {role for value, role in self._map.roles.items() if value in said}
                set_roles(session, row, roles, set(self._map.roles.values()), BY)
            if self._map.groups:
                groups = {group for value, group in self._map.groups.items() if value in said}
                set_groups(session, row.id, groups, set(self._map.groups.values()), BY)
            return member_of(row)

    def _known(self, session: Session, issuer: str, claims: Claims) -> MemberRow | None:
        identity = session.get(IdentityRow, (issuer, claims["sub"]))
        return session.get(MemberRow, identity.member_id) if identity is not None else None

    def _first(self, session: Session, issuer: str, claims: Claims) -> MemberRow | None:
        named = claims.get(self._map.member)
        if not isinstance(named, str) or not named:
            return None
        if self._map.by == "email":
            if self._map.verified and claims.get("email_verified") is not True:
                return None
            found = session.exec(
                select(MemberRow).where(MemberRow.email == named.lower(), col(MemberRow.active).is_(True))
            ).all()
            row = found[0] if len(found) == 1 else None
        else:
            row = session.get(MemberRow, named)
        if row is None and self._map.provision:
            row = self._provision(session, named, claims)
        if row is None or not row.active:
            return None
        other = session.exec(
            select(IdentityRow).where(IdentityRow.issuer == issuer, IdentityRow.member_id == row.id)
        ).first()
        if other is not None:
            raise Refused("other-identity", TAKEN)
        session.add(IdentityRow(issuer=issuer, subject=claims["sub"], member_id=row.id))
        append(session, row.id, "connexion.rattachement", row.id)
        return row

    def _provision(self, session: Session, named: str, claims: Claims) -> MemberRow | None:
        identifier = named if self._map.by == "id" else claims["sub"]
        if session.get(MemberRow, identifier) is not None:
            return None
        row = MemberRow(
            id=identifier,
            given_name=_text(claims, "given_name"),
            surname=_text(claims, "family_name") or _text(claims, "usual_name") or _text(claims, "name") or identifier,
            email=_text(claims, "email").lower(),
            roles=[],
        )
        session.add(row)
        session.flush()
        append(session, BY, "membre.ajout", row.id)
        take(session, EPOCH)
        return row


def _text(claims: Claims, name: str) -> str:
    value: Any = claims.get(name)
    return value[:200] if isinstance(value, str) else ""
