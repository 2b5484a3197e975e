"""Sign-in by a provider, put together from its parts."""

from __future__ import annotations

import secrets
from dataclasses import dataclass

from portal.identity.admission import Admission
from portal.identity.claim_map import read_claim_map
from portal.identity.oidc.entrance import Entrances
from portal.identity.oidc.provider import Provider
from portal.identity.oidc.refusal import Refused
from portal.identity.oidc.sessions import ProviderSessions
from portal.identity.sign_ins import Proof
from portal.settings import Oidc
from portal.store.database import Database

RETURN = "/connexion/retour"
"""Where the provider sends the browser back; with the portal's origin, the client's `redirect_uri`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInByProvider:
    """What the routes need; `origin` is the portal's own, as people type it."""

    provider: Provider
    entrances: Entrances
    sessions: ProviderSessions
    admission: Admission
    origin: str

    def leave_for_good(self, proof: Proof) -> str | None:
        """Where the browser signs out of the provider too; None where it cannot be asked."""
        if proof.issuer != self.provider.settings.issuer:
            return None
        try:
            return self.provider.logout_address(proof.id_token, f"{self.origin}/connexion", secrets.token_urlsafe(32))
        except Refused:
            return None


def open_provider(settings: Oidc, origin: str, database: Database) -> SignInByProvider:
    """Reads the deployment's claim map; asks nothing of the provider yet."""
    provider = Provider(settings, origin + RETURN)
    return SignInByProvider(
        provider=provider,
        entrances=Entrances(settings.client_secret or settings.private_key),
        sessions=ProviderSessions(database, provider),
        admission=Admission(database, read_claim_map(settings.claims.read_text("utf-8") if settings.claims else None)),
        origin=origin,
    )
