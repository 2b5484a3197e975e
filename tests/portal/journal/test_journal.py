"""The journal cannot be rewritten unseen: not by an administrator of the database, not by an old copy of it."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from portal.journal.journal import append
from portal.journal.seal import START, Seal
from portal.journal.verification import examine, purge, verify
from portal.nouns.errors import Unwritten
from portal.store.fence import lower_fence
from portal.store.tables import AuditRow
from tests.portal.conftest import Court

ENTRIES = 120
FORGER = Seal(b"a key of the forger's own")


def fill(court: Court) -> None:
    members, actions = ("greffe", "rapporteur", "sder"), ("document.lecture", "dossier.lecture", "piece.depot")
    for number in range(ENTRIES - len(rows_of(court))):
        court.journal.record(members[number % 3], actions[number % 2], f"d{number % 9}", f"détail {number}")


def rows_of(court: Court) -> list[AuditRow]:
    with court.database.read() as session:
        return list(session.exec(select(AuditRow).order_by(col(AuditRow.sequence))).all())


Edit = Callable[[Session, random.Random], None]


def _some(session: Session, chance: random.Random, count: int = 1) -> list[int]:
    sequences = [row or 0 for row in session.exec(select(AuditRow.sequence)).all()]
    return sorted(chance.sample(sequences, count))


def change(session: Session, chance: random.Random) -> None:
    """One value of one entry."""
    (target,) = _some(session, chance)
    column = chance.choice(["member_id", "action", "subject", "detail", "digest"])
    session.execute(
        text(f"UPDATE audit SET {column} = {column} || :more WHERE sequence = :target"),
        {"more": chance.choice("xyz0"), "target": target},
    )


def redate(session: Session, chance: random.Random) -> None:
    """The time of one entry."""
    (target,) = _some(session, chance)
    row = session.get(AuditRow, target)
    assert row is not None
    row.at = row.at + timedelta(seconds=chance.choice([-3600, 1, 86400]))
    session.add(row)


def remove(session: Session, chance: random.Random) -> None:
    """An entry, or several in a row, the last ones included."""
    (target,) = _some(session, chance)
    session.execute(
        text("DELETE FROM audit WHERE sequence >= :low AND sequence <= :high"),
        {"low": target, "high": target + chance.choice([0, 3, ENTRIES])},
    )


def swap(session: Session, chance: random.Random) -> None:
    """Two entries change places."""
    one, other = _some(session, chance, 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        session.execute(
            text("UPDATE audit SET sequence = :after WHERE sequence = :before"), {"before": before, "after": after}
        )


def rewind(session: Session, chance: random.Random) -> None:
    """An old copy of the database, its counter included."""
    (target,) = _some(session, chance)
    session.execute(text("DELETE FROM audit WHERE sequence >= :target"), {"target": target})
    session.execute(text("UPDATE counter SET value = :value WHERE name = 'audit'"), {"value": target - 1})


def forge(session: Session, chance: random.Random) -> None:
    """One entry changed, and every seal after it made again with another key."""
    (target,) = _some(session, chance)
    before = START
    for row in session.exec(select(AuditRow).order_by(col(AuditRow.sequence))).all():
        if (row.sequence or 0) >= target:
            row.subject += "x" if row.sequence == target else ""
            row.digest = FORGER.entry(before, row)
            session.add(row)
        before = row.digest


def add(session: Session, chance: random.Random) -> None:
    """One entry more at the end, sealed with another key, the counter moved."""
    rows = session.exec(select(AuditRow).order_by(col(AuditRow.sequence).desc())).first()
    assert rows is not None
    row = AuditRow(
        sequence=(rows.sequence or 0) + 1,
        at=datetime.now(UTC),
        member_id=chance.choice(["greffe", "sder"]),
        action="document.lecture",
        subject="d1",
        digest="",
    )
    row.digest = FORGER.entry(rows.digest, row)
    session.add(row)
    session.execute(text("UPDATE counter SET value = value + 1 WHERE name = 'audit'"))


def begin_later(session: Session, chance: random.Random) -> None:
    """The first entries taken out, under a purge of the forger's own."""
    (target,) = _some(session, chance)
    row = session.get(AuditRow, target)
    assert row is not None
    body = f'[{target}, "{row.digest}"]'
    session.execute(text("DELETE FROM audit WHERE sequence <= :target"), {"target": target})
    session.execute(
        text("INSERT INTO note (name, value) VALUES ('journal-purge', :value)"),
        {"value": f'["{body.replace(chr(34), chr(92) + chr(34))}", "{FORGER.text(body)}"]'},
    )


EDITS: tuple[Edit, ...] = (change, change, redate, remove, swap, rewind, forge, add, begin_later)


def test_every_edit_of_an_administrator_is_found(court: Court, soak: bool) -> None:
    """Changed, moved, removed, forged, cut off, put back from an old copy: each edit is found, and only edits are."""
    fill(court)
    chance = random.Random(7)
    missed: Counter[str] = Counter()
    made: Counter[str] = Counter()
    for _ in range(5000 if soak else 250):
        edit = chance.choice(EDITS)
        with court.database.rehearse() as session:
            lower_fence(session.connection())
            edit(session, chance)
            session.flush()
            session.expire_all()
            made[edit.__name__] += 1
            missed[edit.__name__] += examine(session).whole
    assert +missed == Counter()
    assert set(made) == {edit.__name__ for edit in EDITS}
    untouched = verify(court.database)
    assert (untouched.whole, untouched.entries, untouched.noted) == (True, ENTRIES, ENTRIES)
    print(f"\n{made.total()} edits of the journal, {made.total()} found: {dict(made)}")


def test_the_database_itself_refuses_changes(court: Court) -> None:
    """A plain UPDATE or DELETE of an entry is refused before any verification."""
    fill(court)
    for statement in ("UPDATE audit SET subject = 'x'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError), court.database.write() as session:
            session.execute(text(statement))
    assert verify(court.database).whole


def test_a_purge_at_the_legal_term_keeps_it_verifiable(court: Court) -> None:
    """Old entries go, what follows still verifies, the purge itself is an entry, and edits are still found."""
    fill(court)
    middle = rows_of(court)[ENTRIES // 2].at
    gone = purge(court.database, middle, "habil")
    found = verify(court.database)
    assert gone == ENTRIES // 2
    assert (found.whole, found.purged, found.entries) == (True, gone, ENTRIES - gone + 1)
    assert rows_of(court)[-1].action == "journal.purge"
    assert purge(court.database, datetime(2000, 1, 1, tzinfo=UTC), "habil") == 0
    chance = random.Random(3)
    for edit in (change, remove, rewind, forge):
        with court.database.rehearse() as session:
            lower_fence(session.connection())
            edit(session, chance)
            session.flush()
            session.expire_all()
            assert not examine(session).whole, edit.__name__


def test_a_power_cut_may_lose_notes_and_nothing_else(court: Court, tmp_path: Path) -> None:
    """Notes behind the database, or their last line cut short, are no alarm: every entry still has its seal."""
    fill(court)
    notes = tmp_path / "seals"
    lines = notes.read_text("ascii").splitlines(keepends=True)
    notes.write_text("".join(lines[:-20]) + lines[-20][:30], "ascii")
    found = verify(court.database)
    assert (found.whole, found.noted) == (True, ENTRIES - 20)


def test_an_entry_of_a_change_that_failed_is_nowhere(court: Court) -> None:
    """An entry belongs to its transaction: where that is rolled back, neither entry nor note stays."""
    fill(court)

    def fail() -> None:
        with court.database.write() as session:
            append(session, "greffe", "piece.depot", "d1")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    found = verify(court.database)
    assert (found.whole, found.entries) == (True, ENTRIES)


def test_no_entry_no_answer(court: Court) -> None:
    """Where the disk does not take the entry, recording says so."""
    court.database.close()
    with court.database.engine.begin() as connection:
        connection.execute(text("DROP TABLE audit"))
    with pytest.raises(Unwritten):
        court.journal.record("greffe", "document.lecture", "d1")


def test_a_key_that_others_may_read_is_refused(tmp_path: Path) -> None:
    """The key is made once, readable by its owner alone; one that others may read stops the start."""
    key, notes = tmp_path / "keys" / "journal", tmp_path / "journal" / "seals"
    first = Seal.open(key, notes)
    assert key.stat().st_mode & 0o777 == 0o600
    assert Seal.open(key, notes).text("x") == first.text("x")
    key.chmod(0o644)
    with pytest.raises(PermissionError, match="chmod 600"):
        Seal.open(key, notes)


def test_notes_are_put_aside_and_still_compared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full file of notes is put aside; the seals in both files are compared."""
    from portal.journal import seal as module

    monkeypatch.setattr(module, "ROTATE", 200)
    seal = Seal(b"key", tmp_path / "seals")
    for number in range(1, 5):
        seal.note([(number, str(number) * 64)])
    assert [sequence for sequence, _ in seal.noted()] == [1, 2, 3, 4]
