"""From archive to index: nothing missed, nothing shown too early, rebuilt without a pause."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from indexer import MemoryIndex, Page, Query, Record, TantivyIndex
from portal.feed.changes import ChangeReader
from portal.feed.feed import LEXICAL, Feed, Rebuild
from portal.feed.followers import Follower
from portal.feed.generations import Generations, only_one
from portal.feed.live import LiveSearch
from portal.nouns.case_file import CaseRole
from portal.plugin import Access, Rendition
from tests.portal.conftest import Court, published

DEADLINE = 30.0


def until(condition: Callable[[], bool]) -> None:
    """Poll with a generous deadline."""
    end = time.monotonic() + DEADLINE
    while not condition():
        assert time.monotonic() < end, "the condition never came true"
        time.sleep(0.005)


class House:
    """A court with its feed on tantivy, in a folder."""

    def __init__(self, court: Court, folder: Path) -> None:
        self.court = court
        self.reader = ChangeReader(court.database, court.clearances)
        self.generations = Generations(folder / "index")
        self.opens = {LEXICAL: self.open_lexical}
        self.live = LiveSearch(self.generations, lambda path: TantivyIndex(path / "lexical", writer=False))

    def open_lexical(self, generation: Path) -> Follower:
        return Follower(TantivyIndex(generation / "lexical", writer=True), self.reader, generation / LEXICAL)

    def feed(self) -> Feed:
        return Feed(self.court.database, self.generations, self.opens)

    def search(self, text: str, member: str | None = None) -> Page:
        court = self.court
        with court.database.read() as session:
            sight = court.clearances.sight(session, court.member(member) if member else None)
        return self.live.search(Query(text=text, labels=sight.labels, denied=sight.denied))

    def found(self, text: str, member: str | None = None) -> set[str]:
        return {hit.document for hit in self.search(text, member).hits}


@pytest.fixture
def house(court: Court, tmp_path: Path) -> House:
    return House(court, tmp_path)


def test_a_deposit_is_found_by_whom_it_is_open_to(house: House) -> None:
    """After the feed caught up, the words of a piece find it for the file's readers and for nobody else."""
    case = house.court.open_case()
    piece = house.court.deposit("La clause de non-concurrence est nulle", case_file=case).document
    house.feed().catch_up()
    assert house.found("non-concurrence", "rapporteur") == {piece}
    assert house.found("non-concurrence", "autre") == set()
    assert house.found("non-concurrence") == set()


def test_case_file_is_found_by_number_and_party(house: House) -> None:
    """A case file is a hit of its own for those who may know of it."""
    case = house.court.open_case()
    house.feed().catch_up()
    assert house.found("21-12.345", "greffe") == {f"dossier:{case}"}
    assert house.found("21-12.345", "autre") == set()


def test_greffe_finds_a_note_by_its_title_alone(house: House) -> None:
    """The greffe finds a deposited note by its title; no word of its body finds it or shows in it."""
    case = house.court.open_case()
    note = house.court.deposit(
        "délibérément confidentiel", case_file=case, by="rapporteur", kind="note", name="Hypothèse.txt"
    ).document
    house.feed().catch_up()
    assert house.found("confidentiel", "greffe") == set()
    page = house.search("hypothèse", "greffe")
    assert [(hit.document, hit.title_only, hit.extracts) for hit in page.hits] == [(note, True, ())]
    assert house.search("hypothèse", "rapporteur").total == 1


def test_feed_follows_what_happens(house: House) -> None:
    """A running feed makes new words findable, takes deleted ones away, and lifts the denial."""
    stop = threading.Event()
    thread = threading.Thread(target=house.feed().run, args=(stop,))
    thread.start()
    try:
        court = house.court
        draft = court.drafts.open(court.member("rapporteur"), "note")
        court.drafts.render(Rendition(draft, "perte de chance", (("", "perte de chance"),), 1))
        until(lambda: house.found("perte de chance", "rapporteur") == {draft})
        court.drafts.invite(court.member("rapporteur"), draft, "doyen", Access.READ)
        until(lambda: house.found("perte de chance", "doyen") == {draft})
        court.drafts.uninvite(court.member("rapporteur"), draft, "doyen")
        assert house.found("perte de chance", "doyen") == set()
        until(lambda: house.found("perte de chance", "rapporteur") == {draft})
        assert house.found("perte de chance", "doyen") == set()
    finally:
        stop.set()
        thread.join()


def test_a_part_taken_away_needs_no_indexing(house: House) -> None:
    """A member who leaves the formation finds nothing of the file, whether or not the feed runs."""
    case = house.court.open_case()
    house.court.deposit("Mémoire sur la faute grave", case_file=case)
    house.feed().catch_up()
    assert len(house.found("faute grave", "doyen")) == 1
    house.court.case_files.unassign(case, CaseRole("doyen", "doyen"), "greffe")
    assert house.found("faute grave", "doyen") == set()


def test_a_crash_between_index_and_cursor_only_repeats_work(court: Court, tmp_path: Path) -> None:
    """Changes that were applied and not remembered are applied again, and stand once."""

    class Crashing(MemoryIndex):
        crash = True

        def replace(self, records: Iterable[Record]) -> None:
            super().replace(records)
            if self.crash:
                raise SystemError("power cut")

    index = Crashing()
    reader = ChangeReader(court.database, court.clearances)
    court.deposit("Arrêt de principe", metadata=published("ECLI:FR:CCASS:2022:C100387"), by="")
    with pytest.raises(SystemError):
        Follower(index, reader, tmp_path / LEXICAL).step()
    index.crash = False
    follower = Follower(index, reader, tmp_path / LEXICAL)
    assert follower.cursor == 0
    assert follower.step()
    assert not follower.step()
    page = index.search(Query(text="principe", labels=frozenset({"public"})))
    assert page.total == 1


def test_rebuild_never_fails_a_query(house: House) -> None:
    """Queries that run while the index is rebuilt all find everything, before, during and after the swap."""
    for number in range(30):
        house.court.deposit(f"Arrêt {number}", metadata=published(f"ECLI:FR:CCASS:2022:C1{number:05}"), by="")
    house.feed().catch_up()
    before = house.generations.current()
    totals, stop = [], threading.Event()

    def ask() -> None:
        while not stop.is_set():
            totals.append(house.search("arrêt").total)

    thread = threading.Thread(target=ask)
    thread.start()
    seen: list[int] = []
    live = Rebuild(house.court.database, house.reader, house.generations, house.opens).run(
        lambda done, _: seen.append(done)
    )
    asked = len(totals)
    until(lambda: len(totals) > asked + 3)
    stop.set()
    thread.join()
    assert live != before
    assert not before.exists()
    assert seen
    assert set(totals) == {30}


def test_rebuild_never_shows_what_was_narrowed_meanwhile(house: House) -> None:
    """A document narrowed during a rebuild is not shown under its former labels by the new index."""
    court = house.court
    author = court.member("rapporteur")
    draft = court.drafts.open(author, "note")
    court.drafts.render(Rendition(draft, "secret", (("", "secret"),), 1))
    court.drafts.invite(author, draft, "doyen", Access.READ)
    house.feed().catch_up()
    narrowed: list[bool] = []

    def narrow(_done: int, _head: int) -> None:
        if not narrowed:
            narrowed.append(True)
            court.drafts.uninvite(author, draft, "doyen")
            house.feed().catch_up()  # the old generation catches up and lifts the denial

    Rebuild(court.database, house.reader, house.generations, house.opens).run(narrow)
    assert house.found("secret", "doyen") == set()
    assert house.found("secret", "rapporteur") == {draft}


def test_one_feed_at_a_time(tmp_path: Path) -> None:
    """The lock is one process's: a second asks again later, and gets it when the first is gone."""
    lock = tmp_path / "feed.lock"
    with only_one(lock) as first, only_one(lock) as second:
        assert (first, second) == (True, False)
    with only_one(lock) as again:
        assert again
