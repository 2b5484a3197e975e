"""The editor's update log: durable, ordered, in groups; client ids belong to one member for ever."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import event

from portal.plugin import Forbidden, Unavailable
from portal.store.database import Database
from portal.store.updates import UpdateLog


@pytest.fixture(params=["sqlite", "postgresql"])
def log(request: pytest.FixtureRequest, new_database: Callable[[str], str]) -> Iterator[UpdateLog]:
    database = Database(new_database(request.param))
    log = UpdateLog(database)
    yield log
    log.close()
    database.close()


def test_appended_updates_come_back_in_order(log: UpdateLog) -> None:
    """Every acknowledged update is read again, once, in the order of its sequence."""
    receipts = [log.append("d", "roy", bytes([n])).result() for n in range(20)]
    entries = log.entries("d")
    assert [entry.update for entry in entries] == [bytes([n]) for n in range(20)]
    assert [entry.sequence for entry in entries] == [receipt.sequence for receipt in receipts]
    assert log.last() == {"d": receipts[-1].sequence}


def test_appends_from_many_threads_are_all_kept(log: UpdateLog) -> None:
    """Group commit loses and doubles nothing."""
    with ThreadPoolExecutor(8) as pool:
        futures = list(pool.map(lambda n: log.append(f"d{n % 3}", "roy", n.to_bytes(2, "big")), range(300)))
    assert len({future.result().sequence for future in futures}) == 300
    kept = [entry.update for draft in ("d0", "d1", "d2") for entry in log.entries(draft)]
    assert sorted(kept) == [n.to_bytes(2, "big") for n in range(300)]


def test_a_bound_client_id_is_refused_to_another(log: UpdateLog) -> None:
    """A client id first used by one member is that member's; a colleague who uses it is refused."""
    log.bind("roy", [7, 8]).result()
    log.bind("roy", [7]).result()
    with pytest.raises(Forbidden):
        log.bind("dupre", [9, 7]).result()
    log.bind("dupre", [9]).result()


def test_leased_ids_are_fresh_and_the_members(log: UpdateLog) -> None:
    """A leased id was never anyone's, and is its member's from then on."""
    leased = log.lease("roy", 50).result()
    assert len(set(leased)) == 50
    with pytest.raises(Forbidden):
        log.bind("dupre", [leased[3]]).result()


def test_a_disk_that_refuses_is_said_and_nothing_is_acknowledged(tmp_path: object) -> None:
    """When the commit fails, every waiting writer is told, and the log goes on once the disk does."""
    database = Database(f"sqlite:///{tmp_path}/updates.sqlite")
    log = UpdateLog(database)
    refusing = True

    @event.listens_for(database.engine, "commit")
    def refuse(connection: object) -> None:
        if refusing:
            raise OSError("no space left on device")

    with pytest.raises(Unavailable):
        log.append("d", "roy", b"x").result()
    refusing = False
    log.append("d", "roy", b"y").result()
    assert [entry.update for entry in log.entries("d")] == [b"y"]
    log.close()
    database.close()
