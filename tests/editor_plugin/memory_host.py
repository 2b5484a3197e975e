"""An EditorHost in memory: rights, a log and client ids in dicts, and switches for what can go wrong."""

from __future__ import annotations

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from starlette.authentication import BaseUser

from portal.plugin import Access, AccessChange, Entry, Forbidden, Person, Receipt, Rendition, Session, Unavailable


class User(BaseUser):
    def __init__(self, person: Person) -> None:
        self.person = person

    @property
    def is_authenticated(self) -> bool:
        return True

    @property
    def display_name(self) -> str:
        return self.person.name


@dataclass
class MemoryHost:
    """`rights` are (member, draft) → access. `append` waits while `disk` is cleared and fails while `full`."""

    people: dict[str, Person] = field(default_factory=dict)
    rights: dict[tuple[str, str], Access] = field(default_factory=dict)
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    owners: dict[int, str] = field(default_factory=dict)
    renditions: dict[str, Rendition] = field(default_factory=dict)
    full: bool = False
    unreadable: bool = False
    epoch: int = 0

    def __post_init__(self) -> None:
        self.disk = asyncio.Event()
        self.disk.set()
        self._sequence = itertools.count(1)
        self._listeners: list[asyncio.Queue[AccessChange]] = []

    def admit(self, member: str, draft: str, access: Access = Access.WRITE, name: str = "") -> None:
        self.people.setdefault(member, Person(member, name or member.title()))
        self.rights[member, draft] = access
        self.epoch += 1
        self.announce(draft, member)

    def revoke(self, member: str, draft: str) -> None:
        del self.rights[member, draft]
        self.epoch += 1
        self.announce(draft, member)

    def announce(self, draft: str | None, member: str | None) -> None:
        for listener in self._listeners:
            listener.put_nowait(AccessChange(draft, member))

    def updates(self, draft: str) -> list[bytes]:
        return [entry.update for entry in self.entries.get(draft, [])]

    async def join(self, user: BaseUser, draft: str) -> Session:
        if not isinstance(user, User) or (user.person.id, draft) not in self.rights:
            raise Forbidden
        access = self.rights[user.person.id, draft]
        session = Session(secrets.token_hex(8), draft, user.person, access, self.epoch, 0)
        (client_id,) = await self.lease(session, 1)
        return Session(session.id, draft, user.person, access, self.epoch, client_id)

    async def check(self, session: Session) -> Access:
        try:
            return self.rights[session.person.id, session.draft]
        except KeyError:
            raise Forbidden from None

    async def log(self, draft: str, after: int = 0) -> AsyncIterator[Entry]:
        if self.unreadable:
            raise Unavailable
        for entry in list(self.entries.get(draft, [])):
            if entry.sequence > after:
                yield entry

    async def append(self, session: Session, update: bytes) -> Receipt:
        await self.disk.wait()
        if self.full:
            raise Unavailable
        if await self.check(session) is not Access.WRITE:
            raise Forbidden
        entry = Entry(next(self._sequence), update, session.person.id, datetime.now(UTC))
        self.entries.setdefault(session.draft, []).append(entry)
        return Receipt(entry.sequence, entry.at)

    async def bind(self, session: Session, client_ids: Sequence[int]) -> None:
        if any(self.owners.get(client, session.person.id) != session.person.id for client in client_ids):
            raise Forbidden
        self.owners.update(dict.fromkeys(client_ids, session.person.id))

    async def lease(self, session: Session, count: int) -> tuple[int, ...]:
        leased = tuple(secrets.randbelow(1 << 31) for _ in range(count))
        self.owners.update(dict.fromkeys(leased, session.person.id))
        return leased

    async def access_changes(self) -> AsyncIterator[AccessChange]:
        listener: asyncio.Queue[AccessChange] = asyncio.Queue()
        self._listeners.append(listener)
        try:
            while True:
                yield await listener.get()
        finally:
            self._listeners.remove(listener)

    async def render(self, rendition: Rendition) -> None:
        held = self.renditions.get(rendition.draft)
        if held is None or held.upto < rendition.upto:
            self.renditions[rendition.draft] = rendition

    async def behind(self) -> list[str]:
        return [
            draft
            for draft, entries in self.entries.items()
            if entries and (draft not in self.renditions or self.renditions[draft].upto < entries[-1].sequence)
        ]
