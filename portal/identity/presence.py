"""By what a connected person is here (*présence*): until when, and that they are still at work."""

from __future__ import annotations

from datetime import UTC, datetime

from portal.identity import tokens
from portal.identity.sign_ins import SignIns
from portal.identity.tokens import Tokens

ALWAYS = datetime.max.replace(tzinfo=UTC)


class Presence:
    """`Member.sign_in` names a sign-in or a token; empty, nothing of this server's own holds the person."""

    def __init__(self, sign_ins: SignIns, held: Tokens) -> None:
        self._sign_ins = sign_ins
        self._tokens = held

    def until(self, key: str) -> datetime | None:
        """When it ends unless it is used meanwhile; None where it has ended."""
        if not key:
            return ALWAYS
        found = self._tokens.until(key) if key.startswith(tokens.KEY) else self._sign_ins.until(key)
        return found if found is not None and found > datetime.now(UTC) else None

    def see(self, key: str) -> None:
        """The person is at work: writing in a draft counts against the idle limit like reading a page."""
        if key and not key.startswith(tokens.KEY):
            self._sign_ins.see(key)
