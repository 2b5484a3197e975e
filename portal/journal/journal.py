"""Writing the journal: before the answer is given, in order, sealed. No entry, no answer."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from portal.journal.seal import START, Seal
from portal.nouns.errors import Unwritten
from portal.store.database import AFTER_COMMIT, Database, take
from portal.store.tables import AuditRow

NOBODY = "-"
COUNTER = "audit"
SEAL = "seal"
"""Under this name a session knows the seal of its database's journal."""
TOGETHER = 256
"""Entries of one commit, at most."""


@dataclass(frozen=True, slots=True)
class Act:
    """Who did what with what."""

    member: str
    action: str
    subject: str
    detail: str = ""


@dataclass(slots=True, eq=False)
class _Waiting:
    """An act on its way to the disk. Woken when its commit is over, or when it is its turn to commit."""

    act: Act
    woken: threading.Event = field(default_factory=threading.Event)
    over: bool = False
    durable: bool = False
    error: Exception | None = None


class Journal:
    """Records accesses. Those that come while a commit is under way share the next one (group commit).

    No thread of its own: whoever comes first commits, alone and at once; of those who came meanwhile, the first commits
    for all. An entry that the database refuses fails alone; a commit that fails, fails for all that it held.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._queue: list[_Waiting] = []
        self._busy = False

    @property
    def waiting(self) -> int:
        """Entries that wait for the next commit."""
        return len(self._queue)

    def record(self, member: str, action: str, subject: str, detail: str = "") -> None:
        """Record an access; durable when this returns. Raises Unwritten where the disk does not take it."""
        mine = _Waiting(Act(member, action, subject, detail))
        with self._lock:
            self._queue.append(mine)
            follows, self._busy = self._busy, True
        if follows:
            mine.woken.wait()
        if not mine.over:
            self._lead()
        if not mine.durable:
            raise Unwritten from mine.error

    def _lead(self) -> None:
        """Commit what waits, then hand over to the first of those who came meanwhile."""
        with self._lock:
            batch, self._queue = self._queue[:TOGETHER], self._queue[TOGETHER:]
        try:
            self._commit(batch)
        finally:
            for one in batch:
                one.over = True
                one.woken.set()
            with self._lock:
                self._busy = bool(self._queue)
                if self._queue:
                    self._queue[0].woken.set()

    def _commit(self, batch: Sequence[_Waiting]) -> None:
        taken = False
        try:
            with self._database.write() as session:
                extend(session, [one.act for one in batch])
                taken = True
        except (SQLAlchemyError, OSError, ValueError) as error:
            if not taken and len(batch) > 1:  # one that the database refuses must not stop the others
                for one in batch:
                    self._commit([one])
                return
            for one in batch:
                one.error = error
        else:
            for one in batch:
                one.durable = True


def append(session: Session, member: str, action: str, subject: str, detail: str = "") -> None:
    """Add an entry to the caller's transaction; the counter's row lock keeps the chain in order."""
    extend(session, [Act(member, action, subject, detail)])


def extend(session: Session, acts: Sequence[Act]) -> None:
    """Add entries to the caller's transaction, one after the other."""
    seal: Seal = session.info[SEAL]
    sequence = take(session, COUNTER, len(acts)) - len(acts)
    last = session.execute(text("SELECT digest FROM audit ORDER BY sequence DESC LIMIT 1")).scalar_one_or_none()
    digest, notes = last or START, []
    for act in acts:
        sequence += 1
        row = AuditRow(
            sequence=sequence,
            at=datetime.now(UTC),
            member_id=act.member or NOBODY,
            action=act.action,
            subject=act.subject,
            detail=act.detail,
            digest="",
        )
        row.digest = digest = seal.entry(digest, row)
        session.add(row)
        notes.append((sequence, digest))
    session.flush()
    session.info.setdefault(AFTER_COMMIT, []).append(partial(seal.note, notes))
