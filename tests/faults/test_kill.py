"""`kill -9` at any moment: nothing that was said to be kept is lost, and nothing stands twice."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sqlite3
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from random import Random

import pytest
from sqlmodel import select

from indexer.hashing import HashingEmbedder
from indexer.query import Mode, Query
from portal.app import Archive, open_archive, open_search
from portal.feed.feed import LEXICAL
from portal.feed.generations import read_cursor
from portal.journal.verification import verify
from portal.settings import read_settings
from portal.store.tables import DocumentRow, VersionRow
from tests.faults import files, process
from tests.faults.typing import prepare, type_under_kills
from tests.portal.conftest import MEMBERS

CYCLES, SOAK = 30, 500
SERVE = ("-m", "portal.cli", "serve", "--no-feed")
HASTY = ("-m", "tests.faults.hasty")
FIRST, MORE = 60, 3
"""Files in the folder at first, and files more before each kill."""


def test_an_ingest_killed_at_any_moment_repeats_and_loses_nothing(tmp_path: Path, soak: bool) -> None:
    """After 30 kills of an ingest and one that ends, each file stands once: bytes, version, document, index."""
    home, folder, rng = tmp_path / "home", tmp_path / "folder", Random(16)
    folder.mkdir()
    home.mkdir()
    whole = _length_of_an_ingest(tmp_path)
    written = [files.write(folder, number, rng) for number in range(FIRST)]
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    archive.people.add(MEMBERS)
    amid = 0
    for cycle in range(SOAK if soak else CYCLES):
        first = FIRST + cycle * MORE
        written += [files.write(folder, number, rng) for number in range(first, first + MORE)]
        shutil.copy(folder / "fichier-000000.txt", folder / f"copie-{cycle}.txt")
        before = _state(archive)
        ingest = process.start(home, ["ingest", str(folder), "--json"])
        if cycle % 2:  # half of the kills follow a first commit; the others fall anywhere, start and end included
            process.until(lambda: ingest.poll() is not None or _state(archive) != before, "nothing was committed")  # noqa: B023
        time.sleep(rng.uniform(0, 0.3) if cycle % 2 else rng.uniform(0.35, 1.05) * whole)
        process.kill(ingest)
        after = _state(archive)
        amid += after != before and after != (len(written), 0)
    assert amid > 0, "no kill fell between the first commit and the last: the test shows nothing"
    ingest = process.start(home, ["ingest", str(folder), "--json"])
    assert ingest.wait(process.PATIENCE) == 0, (tmp_path / "said.log").read_text("utf-8")[-2000:]
    _each_stands_once(archive, written)
    archive.close()
    for database in (home / "archive.sqlite",):
        assert _integrity(database) == "ok"


def test_words_acknowledged_survive_every_kill(tmp_path: Path, soak: bool) -> None:
    """Of three who type while the server is killed 30 times, no acknowledged word is missing and none is doubled."""
    room = prepare(tmp_path / "home")
    outcome = asyncio.run(type_under_kills(room, SERVE, SOAK if soak else CYCLES, seed=26))
    assert outcome.lost == set()
    assert outcome.doubled == set()
    assert len(outcome.texts) == 1, "the clients and a newcomer hold different texts"
    assert outcome.acknowledged == len(outcome.typed) > outcome.kills
    assert outcome.unacknowledged > 0, "no kill met a word on its way: the test shows nothing"
    assert _integrity(tmp_path / "home" / "updates.sqlite") == "ok"
    archive = open_archive(read_settings({"MINUTIER_HOME": str(tmp_path / "home")}))
    assert verify(archive.database).whole
    archive.close()


def test_a_log_that_acknowledges_too_early_is_found_out(tmp_path: Path) -> None:
    """The control: with a log that acknowledges before the commit, the same kills do lose words."""
    room = prepare(tmp_path / "home")
    outcome = asyncio.run(type_under_kills(room, HASTY, 5, seed=26))
    assert outcome.lost


def _length_of_an_ingest(tmp_path: Path) -> float:
    """Seconds that an ingest of a few files takes here, from start to end."""
    folder, home = tmp_path / "few", tmp_path / "other"
    folder.mkdir()
    home.mkdir()
    for number in range(MORE):
        files.write(folder, number, Random(number))
    began = time.monotonic()
    assert process.start(home, ["ingest", str(folder)]).wait(process.PATIENCE) == 0
    return time.monotonic() - began


def _state(archive: Archive) -> tuple[int, int]:
    """How many versions stand, and how many revisions the index is behind."""
    with archive.database.read() as session:
        versions = len(session.exec(select(VersionRow.id)).all())
    return versions, archive.reader.head() - read_cursor(archive.generations.current() / LEXICAL)


def _each_stands_once(archive: Archive, written: Iterable[files.Written]) -> None:
    expected = {one.digest: one.word for one in written}
    with archive.database.read() as session:
        versions = [(row.digest, row.document_id) for row in session.exec(select(VersionRow)).all()]
        documents = session.exec(select(DocumentRow.id)).all()
        clearance = archive.clearances.of(session, archive.people.get("greffe"))
    assert Counter(digest for digest, _ in versions) == Counter(expected.keys())
    assert Counter(document for _, document in versions) == Counter(documents)
    for digest in expected:
        with archive.documents.open_bytes(digest) as file:
            assert hashlib.sha256(file.read()).hexdigest() == digest
    assert verify(archive.database).whole
    assert archive.quarantine.waiting() == []
    search = open_search(archive, HashingEmbedder())
    owner = dict(versions)
    for digest, word in expected.items():
        found = search.search(Query(text=word, labels=clearance.labels, mode=Mode.LEXICAL))
        assert (found.total, [hit.document for hit in found.hits]) == (1, [owner[digest]]), word
    search.close()


def _integrity(database: Path) -> str:
    connection = sqlite3.connect(database)
    try:
        return str(connection.execute("PRAGMA integrity_check").fetchone()[0])
    finally:
        connection.close()


pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").is_file(), reason="needs /proc to see what still runs")
