"""The archive's database: SQLite by default, PostgreSQL one setting away."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, text, update
from sqlalchemy.engine import make_url
from sqlmodel import Session

from portal.store.tables import CounterRow

AFTER_COMMIT = "after-commit"


class Database:
    """Sessions on the archive. `read` sees one snapshot; `write` commits on return and rolls back on an error.

    On SQLite `write` takes the write lock at once (BEGIN IMMEDIATE) and is durable at commit
    (WAL, synchronous=FULL). `info` is what every session knows; what a session leaves under AFTER_COMMIT is called
    once its transaction is durable.
    """

    def __init__(self, url: str, info: Mapping[str, object] | None = None) -> None:
        self.url = url
        self._info = dict(info or {})
        self.engine = _open(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"

    @contextmanager
    def read(self) -> Iterator[Session]:
        with Session(self.engine, info=dict(self._info)) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        engine = self.engine.execution_options(immediate=True)
        with Session(engine, expire_on_commit=False, info=dict(self._info)) as session:
            with session.begin():
                yield session
            for then in session.info.pop(AFTER_COMMIT, ()):
                then()

    @contextmanager
    def rehearse(self) -> Iterator[Session]:
        """A `write` of which nothing stays (*simulation*)."""
        engine = self.engine.execution_options(immediate=True)
        with Session(engine, expire_on_commit=False, info=dict(self._info)) as session:
            yield session
            session.rollback()

    def close(self) -> None:
        self.engine.dispose()


def take(session: Session, counter: str, count: int = 1) -> int:
    """The counter's next value, or the last of its next `count`.

    Its row stays locked until the commit, so a later value never commits first.
    """
    statement = (
        update(CounterRow)
        .where(CounterRow.name == counter)  # type: ignore[arg-type]
        .values(value=CounterRow.value + count)
        .returning(CounterRow.value)  # type: ignore[call-overload]
    )
    return int(session.execute(statement).scalar_one())


def peek(session: Session, counter: str) -> int:
    value = session.execute(text("SELECT value FROM counter WHERE name = :name"), {"name": counter}).scalar_one()
    return int(value)


def _open(url: str) -> Engine:
    if make_url(url).get_backend_name() != "sqlite":
        return create_engine(url.replace("postgresql://", "postgresql+psycopg://"), pool_pre_ping=True)
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(url, connect_args={"timeout": 30, "check_same_thread": False}, pool_size=16)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # the `begin` event below opens transactions, not the driver
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "cache_size=-32768"):
        connection.execute(f"PRAGMA {pragma}")


def _begin(connection: Any) -> None:
    immediate = connection.get_execution_options().get("immediate", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")


class Watch:
    """Tells cheaply whether anything was committed since the last look (SQLite: 5 µs; elsewhere: always True)."""

    def __init__(self, database: Database) -> None:
        self._connection = database.engine.raw_connection() if database.is_sqlite else None
        self._lock = threading.Lock()
        self._seen = -1

    def moved(self) -> bool:
        if self._connection is None:
            return True
        with self._lock:
            cursor = self._connection.cursor()
            cursor.execute("PRAGMA data_version")
            row = cursor.fetchone()
            cursor.close()
            version = int(row[0]) if row else -1
            moved, self._seen = version != self._seen, version
        return moved

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()
