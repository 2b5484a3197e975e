"""Refusals in the journal (*refus*): that one asked for what is not open to them or not there, never for what."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request

from portal.nouns.errors import NotAllowed, NotFound
from portal.web.middleware import SAFE
from portal.web.portal import member_of, portal_of
from portal.web.rates import Rate

READING, CHANGE = "refus.lecture", "refus.changement"
RATE: Final = Rate(1 / 60, 20)
"""Entries for one member: a loop of refusals does not fill the journal; the first twenty and one a minute are enough
to see it."""


def note(request: Request, error: Exception) -> None:
    """Write the refusal down before it is told. Raises Unwritten where it cannot be."""
    member = member_of(request)
    if member is None or not isinstance(error, NotFound | NotAllowed):
        return
    portal = portal_of(request)
    if not portal.refusals.take(member.id, "refusal", RATE):
        portal.journal.record(member.id, READING if request.method in SAFE else CHANGE, "-")
