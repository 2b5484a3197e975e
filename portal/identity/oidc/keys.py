"""The provider's public keys by `kid`: read again when one is missing (*rotation*), and not more than so often."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import Key, RSAKey, import_key

from portal.identity.oidc.refusal import Refused

EVERY = 60.0
"""Seconds between two readings that unknown key ids ask for: a flood of them does not become one on the provider."""
STALE = 3600.0
"""Seconds after which keys are read again in any case: one that the provider took back is then gone."""
MOST = 50
WEAKEST = 2048
"""Bits of an RSA key."""


class Keys:
    """`fetch` gives the JSON Web Key Set (RFC 7517) as it stands at the provider now."""

    def __init__(self, fetch: Callable[[], dict[str, Any]], clock: Callable[[], float] = time.monotonic) -> None:
        self._fetch = fetch
        self._clock = clock
        self._held: list[dict[str, Any]] = []
        self._read: float | None = None
        self._lock = threading.Lock()

    def find(self, kid: str | None, kind: str) -> Key:
        """Raises Refused where the provider has no such key."""
        with self._lock:
            if self._read is None or self._clock() - self._read > STALE:
                self._renew()
            found = self._pick(kid, kind)
            if found is None and self._read is not None and self._clock() - self._read > EVERY:
                self._renew()
                found = self._pick(kid, kind)
        if found is None:
            raise Refused("key")
        return found

    def _renew(self) -> None:
        keys = self._fetch().get("keys")
        if not isinstance(keys, list):
            raise Refused("keys")
        self._held = [key for key in keys[:MOST] if isinstance(key, dict) and key.get("use", "sig") == "sig"]
        self._read = self._clock()

    def _pick(self, kid: str | None, kind: str) -> Key | None:
        fit = [key for key in self._held if key.get("kty") == kind and (kid is None or key.get("kid") == kid)]
        if len(fit) != 1:  # without a kid, one key must be the only one of its kind
            return None
        public = {name: value for name, value in fit[0].items() if name not in {"d", "p", "q", "dp", "dq", "qi"}}
        try:
            key = import_key(public)
        except (JoseError, ValueError, KeyError) as error:
            raise Refused("key") from error
        if isinstance(key, RSAKey) and key.public_key.key_size < WEAKEST:
            raise Refused("key")
        return key
