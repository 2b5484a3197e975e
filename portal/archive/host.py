"""What the portal does for an editor: admission, rights on every frame, the durable log, the rendition."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import datetime

from starlette.authentication import BaseUser
from starlette.concurrency import run_in_threadpool

from portal.archive.drafts import Drafts
from portal.identity.presence import ALWAYS, Presence
from portal.identity.sign_ins import SEEN_EVERY
from portal.journal.journal import Journal
from portal.nouns.errors import Unwritten
from portal.nouns.member import Member
from portal.plugin import Access, AccessChange, Entry, Forbidden, Person, Receipt, Rendition, Session, Unavailable
from portal.policy.clearances import Clearance, Clearances, member_of
from portal.policy.epoch import Epochs
from portal.policy.policy import Action
from portal.store.database import Database
from portal.store.tables import DocumentRow, MemberRow, now
from portal.store.updates import UpdateLog

LOOK_EVERY = 0.05
"""Seconds between looks at the permission epoch for sockets on which nothing moves."""
_LADDER = (
    (Action.WRITE, Access.WRITE),
    (Action.SUGGEST, Access.SUGGEST),
    (Action.COMMENT, Access.COMMENT),
    (Action.READ, Access.READ),
)


class Host:
    """`portal.plugin.EditorHost` on the archive. Access is read again whenever the permission epoch has moved."""

    def __init__(
        self,
        *,
        database: Database,
        clearances: Clearances,
        epochs: Epochs,
        journal: Journal,
        drafts: Drafts,
        updates: UpdateLog,
        presence: Presence,
    ) -> None:
        self._database = database
        self._clearances = clearances
        self._journal = journal
        self._drafts = drafts
        self._updates = updates
        self._epochs = epochs
        self._presence = presence
        self._access: dict[tuple[str, str, str], tuple[Clearance, Access | None]] = {}
        self._written: dict[str, float] = {}
        """When a sign-in last counted as used for what its person wrote."""
        self._turns: set[datetime] = set()
        """Moments at which something that a connected member holds begins or ends."""

    async def join(self, user: BaseUser, draft: str) -> Session:
        if not isinstance(user, Member):
            raise Forbidden
        epoch, access = await run_in_threadpool(self._read, user.id, draft, user.sign_in)
        if access is None:
            raise Forbidden
        try:
            await run_in_threadpool(self._journal.record, user.id, "projet.edition", draft, access.value)
        except Unwritten as error:
            raise Unavailable from error
        (client_id,) = await asyncio.wrap_future(self._updates.lease(user.id, 1))
        person = Person(user.id, user.name)
        return Session(secrets.token_hex(16), draft, person, access, epoch, client_id, user.sign_in)

    async def check(self, session: Session) -> Access:
        access = self._now(session)
        if access is None:
            raise Forbidden
        return access

    async def log(self, draft: str, after: int = 0) -> AsyncIterator[Entry]:
        while entries := await run_in_threadpool(self._updates.entries, draft, after):
            for entry in entries:
                yield entry
            after = entries[-1].sequence

    async def append(self, session: Session, update: bytes) -> Receipt:
        if self._now(session) is not Access.WRITE:
            raise Forbidden
        await self._see(session.sign_in)
        return await asyncio.wrap_future(self._updates.append(session.draft, session.person.id, update))

    async def bind(self, session: Session, client_ids: Sequence[int]) -> None:
        await asyncio.wrap_future(self._updates.bind(session.person.id, client_ids))

    async def lease(self, session: Session, count: int) -> tuple[int, ...]:
        return await asyncio.wrap_future(self._updates.lease(session.person.id, count))

    async def access_changes(self) -> AsyncIterator[AccessChange]:
        seen, looked = self._epochs.current(), now()
        while True:
            await asyncio.sleep(LOOK_EVERY)
            epoch, at = self._epochs.current(), now()
            ended = any(looked < turn <= at for turn in self._turns)
            looked = at
            if epoch != seen or ended:
                seen = epoch
                yield AccessChange(None, None)

    async def render(self, rendition: Rendition) -> None:
        await run_in_threadpool(self._drafts.render, rendition)

    async def behind(self) -> list[str]:
        """Drafts whose rendition has not caught up with their log, after a crash."""
        rendered = await run_in_threadpool(self._drafts.rendered)
        last = await run_in_threadpool(self._updates.last)
        return [draft for draft, sequence in last.items() if rendered.get(draft, 0) < sequence]

    async def _see(self, sign_in: str) -> None:
        """Whoever writes is not idle."""
        at = time.monotonic()
        if at - self._written.get(sign_in, 0.0) > SEEN_EVERY.total_seconds():
            if len(self._written) > 100_000:
                self._written.clear()
            self._written[sign_in] = at
            await run_in_threadpool(self._presence.see, sign_in)

    def _now(self, session: Session) -> Access | None:
        """Access at this instant: the epoch, then what was computed under it and has not ended since."""
        member, draft = session.person.id, session.draft
        held = self._access.get((member, draft, session.sign_in))
        if held is not None and held[0].holds(self._epochs.current(), now()):
            return held[1]
        return self._read(member, draft, session.sign_in)[1]

    def _read(self, member: str, draft: str, sign_in: str) -> tuple[int, Access | None]:
        here = self._presence.until(sign_in)
        with self._database.read() as session:
            row, person = session.get(DocumentRow, draft), session.get(MemberRow, member)
            clearance = self._clearances.of(session, member_of(person) if person else None)
            access = None
            if (
                here is not None
                and row is not None
                and row.draft
                and person is not None
                and person.active
                and clearance.member
            ):
                facts = self._clearances.facts(session, [row])[row.id]
                allowed = (
                    access
                    for action, access in _LADDER
                    if self._clearances.policy.may(clearance.member, clearance.labels, action, facts)
                )
                access = next(allowed, None)
        if len(self._access) > 100_000:
            self._access.clear()
        ends = [end for end in (clearance.until, here) if end is not None and end != ALWAYS]
        clearance = replace(clearance, until=min(ends, default=None))
        self._access[(member, draft, sign_in)] = (clearance, access)
        if clearance.until is not None:
            self._turns = {turn for turn in self._turns if turn > now()} | {clearance.until}
        return clearance.epoch, access
