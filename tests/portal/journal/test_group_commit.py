"""Several entries share one commit, and each is durable before its own answer is given."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlmodel import col, select

from portal.journal.journal import append
from portal.journal.verification import verify
from portal.nouns.errors import Unwritten
from portal.store.tables import AuditRow
from tests.portal.conftest import Court

READERS, PEOPLE = 20, 7
"""At once; and entries that a new court has, one a member."""
UNHOLDABLE = "\ud800"
"""Half a character: no UTF-8 holds it."""


def standing(court: Court, subject: str) -> bool:
    """Whether the entry is there for a connection other than the one that wrote it."""
    with court.database.read() as session:
        return session.exec(select(AuditRow.sequence).where(col(AuditRow.subject) == subject)).first() is not None


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not condition():
        assert time.monotonic() < deadline, "it did not come to that"
        threading.Event().wait(0.002)


@contextmanager
def commits(court: Court) -> Iterator[list[int]]:
    """Counts the commits of the block."""
    counted: list[int] = []

    def count(_connection: Any) -> None:
        counted.append(1)

    event.listen(court.database.engine, "commit", count)
    yield counted
    event.remove(court.database.engine, "commit", count)


def at_once(court: Court, subjects: list[str]) -> dict[str, str]:
    """Record these together, all waiting behind a writer; what each reader found on return: there, or refused."""
    found: dict[str, str] = {}

    def read(subject: str) -> None:
        try:
            court.journal.record("greffe", "document.lecture", subject, UNHOLDABLE if subject == "refused" else "")
        except Unwritten:
            found[subject] = "there, and refused" if standing(court, subject) else "refused"
        else:
            found[subject] = "there" if standing(court, subject) else "answered without a trace"

    readers = [threading.Thread(target=read, args=(subject,)) for subject in subjects]
    with court.database.write() as session:
        append(session, "greffe", "piece.depot", "before")  # holds the counter: nobody else commits
        readers[0].start()
        until(lambda: court.journal._busy and court.journal.waiting == 0)
        for reader in readers[1:]:
            reader.start()
        until(lambda: court.journal.waiting == len(subjects) - 1)
    for reader in readers:
        reader.join(30)
    return found


def test_entries_that_wait_share_one_commit(court: Court) -> None:
    """One reader commits alone, the nineteen that came meanwhile together; each finds its entry before it goes on."""
    subjects = [f"d{number}" for number in range(READERS)]
    with commits(court) as counted:
        found = at_once(court, subjects)
    assert found == dict.fromkeys(subjects, "there")
    assert len(counted) == 3  # the writer that held them up, the first reader, all the others
    whole = verify(court.database)
    assert (whole.whole, whole.entries, whole.noted) == (True, *[PEOPLE + READERS + 1] * 2)


def test_a_commit_that_fails_answers_nobody(court: Court) -> None:
    """Where the disk refuses a shared commit, none of those that waited for it is answered; the next goes on."""
    counted: list[int] = []

    def full(_connection: Any) -> None:
        counted.append(1)
        if len(counted) == 3:
            raise OSError(28, "No space left on device")

    event.listen(court.database.engine, "commit", full)
    found = at_once(court, [f"d{number}" for number in range(READERS)])
    assert found.pop("d0") == "there"
    assert set(found.values()) == {"refused"}
    court.journal.record("greffe", "document.lecture", "after")
    event.remove(court.database.engine, "commit", full)
    whole = verify(court.database)
    assert (whole.whole, whole.entries) == (True, PEOPLE + 3)


def test_an_entry_that_is_refused_is_refused_alone(court: Court) -> None:
    """An entry that no database can hold stops its own answer and no colleague's; the chain stays whole."""
    found = at_once(court, [*(f"d{number}" for number in range(READERS)), "refused"])
    assert found.pop("refused") == "refused"
    assert set(found.values()) == {"there"}
    whole = verify(court.database)
    assert (whole.whole, whole.entries) == (True, PEOPLE + READERS + 1)


def test_a_lone_reader_does_not_wait_for_company(court: Court) -> None:
    """One entry, one commit, by the reader's own thread."""
    threads: list[threading.Thread] = []

    def note(*_: object) -> None:
        threads.append(threading.current_thread())

    event.listen(court.database.engine, "commit", note)
    court.journal.record("greffe", "document.lecture", "alone")
    event.remove(court.database.engine, "commit", note)
    assert threads == [threading.current_thread()]
