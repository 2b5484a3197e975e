"""The editor's update log (*journal des frappes*): every update durable before it is acknowledged.

It has a database of its own, so that the archive's transactions never wait behind keystrokes. One thread
commits whatever has gathered since its last commit (group commit): an SQLite commit at synchronous=FULL
costs 91 µs of CPU alone and 16 µs in batches of ten.

Order: the log first; then the archive learns of the edit through the rendition; the journal holds the access
that was opened before. A crash between them leaves the log ahead, and the log is the truth.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime
from queue import SimpleQueue
from typing import Any

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from portal.plugin import Entry, Forbidden, Receipt, Unavailable
from portal.store.database import Database

BATCH = 512
CLIENT_IDS = 1 << 31
"""Client ids stay below 2**31: unsigned 32 bits is the protocol's limit, and stock clients draw from it too."""

_DDL = {
    "sqlite": "CREATE TABLE IF NOT EXISTS edit (sequence INTEGER PRIMARY KEY AUTOINCREMENT, draft TEXT NOT NULL,"
    ' "update" BLOB NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL)',
    "postgresql": "CREATE TABLE IF NOT EXISTS edit (sequence BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    ' draft TEXT NOT NULL, "update" BYTEA NOT NULL, author TEXT NOT NULL, at TEXT NOT NULL)',
}
_INDEX = "CREATE INDEX IF NOT EXISTS edit_draft ON edit (draft, sequence)"
_CLIENT = "CREATE TABLE IF NOT EXISTS editing_client (client_id BIGINT PRIMARY KEY, member TEXT NOT NULL)"

Work = Callable[[Connection], Any]


class UpdateLog:
    """Appends, reads and binds client ids. Methods are called from threads; futures resolve after the commit."""

    def __init__(self, database: Database) -> None:
        self._database = database
        with database.engine.begin() as connection:
            for statement in (_DDL[database.engine.dialect.name], _INDEX, _CLIENT):
                connection.execute(text(statement))
        self._queue: SimpleQueue[tuple[Work, Future[Any]] | None] = SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="update-log", daemon=True)
        self._thread.start()

    def append(self, draft: str, author: str, update: bytes) -> Future[Receipt]:
        """Resolves once the update is on disk; fails with Unavailable where the disk did not take it."""
        at = datetime.now(UTC)

        def work(connection: Connection) -> Receipt:
            row = connection.execute(
                text(
                    'INSERT INTO edit (draft, "update", author, at) VALUES (:draft, :update, :author, :at)'
                    " RETURNING sequence"
                ),
                {"draft": draft, "update": update, "author": author, "at": at.isoformat()},
            )
            return Receipt(int(row.scalar_one()), at)

        return self._submit(work)

    def bind(self, member: str, client_ids: Sequence[int]) -> Future[None]:
        """Bind never-seen ids to the member; fails with Forbidden where one is another's."""

        def work(connection: Connection) -> None:
            for client_id in client_ids:
                connection.execute(
                    text("INSERT INTO editing_client (client_id, member) VALUES (:id, :member) ON CONFLICT DO NOTHING"),
                    {"id": client_id, "member": member},
                )
                owner = connection.execute(
                    text("SELECT member FROM editing_client WHERE client_id = :id"), {"id": client_id}
                ).scalar_one()
                if owner != member:
                    raise Forbidden

        return self._submit(work)

    def lease(self, member: str, count: int) -> Future[tuple[int, ...]]:
        """Ids that nobody ever had."""

        def work(connection: Connection) -> tuple[int, ...]:
            leased: list[int] = []
            while len(leased) < count:
                client_id = secrets.randbelow(CLIENT_IDS - 1) + 1
                taken = connection.execute(
                    text("INSERT INTO editing_client (client_id, member) VALUES (:id, :member) ON CONFLICT DO NOTHING"),
                    {"id": client_id, "member": member},
                )
                if taken.rowcount == 1:
                    leased.append(client_id)
            return tuple(leased)

        return self._submit(work)

    def entries(self, draft: str, after: int = 0, limit: int = 1000) -> list[Entry]:
        with self._database.engine.connect() as connection:
            rows = connection.execute(
                text(
                    'SELECT sequence, "update", author, at FROM edit WHERE draft = :draft AND sequence > :after'
                    " ORDER BY sequence LIMIT :limit"
                ),
                {"draft": draft, "after": after, "limit": limit},
            ).all()
        return [Entry(int(r[0]), bytes(r[1]), r[2], datetime.fromisoformat(r[3])) for r in rows]

    def last(self) -> dict[str, int]:
        """The last sequence of every draft, to find those whose rendition is behind."""
        with self._database.engine.connect() as connection:
            rows = connection.execute(text("SELECT draft, MAX(sequence) FROM edit GROUP BY draft")).all()
        return {row[0]: int(row[1]) for row in rows}

    def close(self) -> None:
        """Commit what waits, then stop."""
        self._queue.put(None)
        self._thread.join()

    def _submit(self, work: Work) -> Future[Any]:
        future: Future[Any] = Future()
        self._queue.put((work, future))
        return future

    def _run(self) -> None:
        closing = False
        while not closing:
            batch = []
            item = self._queue.get()
            while True:
                if item is None:
                    closing = True
                else:
                    batch.append(item)
                if len(batch) >= BATCH or self._queue.empty():
                    break
                item = self._queue.get()
            if batch:
                self._commit(batch)

    def _commit(self, batch: list[tuple[Work, Future[Any]]]) -> None:
        outcomes: list[tuple[Future[Any], Any]] = []
        try:
            with self._database.engine.execution_options(immediate=True).begin() as connection:
                for work, future in batch:
                    outcomes.append((future, _attempt(work, connection)))
        except (SQLAlchemyError, OSError):
            for _, future in batch:
                future.set_exception(Unavailable())
            return
        for future, outcome in outcomes:
            if isinstance(outcome, Forbidden):
                future.set_exception(outcome)
            else:
                future.set_result(outcome)


def _attempt(work: Work, connection: Connection) -> Any:
    """One piece of work inside the shared transaction; a refusal undoes that piece alone."""
    try:
        with connection.begin_nested():
            return work(connection)
    except Forbidden as refusal:
        return refusal
