"""Between leaving for the provider and coming back (*entrée*): kept by the browser that left, sealed by the server."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwe import JWERegistry
from joserfc.jwk import OctKey

from portal.identity.oidc.refusal import Refused

LIFE = 600
"""Seconds that someone has to sign in at the provider."""
_SEALED = JWERegistry(algorithms=["dir", "A256GCM"])


@dataclass(frozen=True, slots=True)
class Entrance:
    """One departure to the provider: what its answer must match."""

    state: str
    nonce: str
    verifier: str
    """PKCE's (RFC 7636)."""
    after: str
    """Path of this portal to go on to."""
    started: int
    member: str = ""
    """At a step-up, whoever is signed in already: nobody else may come back."""


class Entrances:
    """Makes departures and reads them back. Nothing is stored before someone has come back with a right state."""

    def __init__(self, secret: str, clock: Callable[[], float] = time.time) -> None:
        self._key = OctKey.import_key(hmac.digest(secret.encode(), b"minutier: entrance", hashlib.sha256))
        self._clock = clock

    def leave(self, after: str, member: str = "") -> Entrance:
        random = [secrets.token_urlsafe(48) for _ in range(3)]
        return Entrance(random[0], random[1], random[2], after, int(self._clock()), member)

    def seal(self, entrance: Entrance) -> str:
        """The cookie's value."""
        return jwt.encode({"alg": "dir", "enc": "A256GCM"}, asdict(entrance), self._key, registry=_SEALED)

    def read(self, cookie: str) -> Entrance:
        """Raises Refused where the cookie is missing, forged or older than LIFE."""
        try:
            claims = jwt.decode(cookie, self._key, registry=_SEALED).claims
            entrance = Entrance(**claims)
        except (JoseError, ValueError, TypeError) as error:
            raise Refused("entrance") from error
        if not entrance.started <= self._clock() + 1 or self._clock() - entrance.started > LIFE:
            raise Refused("entrance-expired", "Vous avez mis plus de dix minutes à vous connecter. Recommencez.")
        return entrance
