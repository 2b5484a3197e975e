"""The engine on disk: the contract, and what a disk and several processes add to it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from indexer import MemoryIndex, OutdatedIndex, Record, Sort, TantivyIndex, WriterTaken
from tests.indexer.conformance import Conformance, found
from tests.indexer.court import FILE, ask, decision, note


class TestTantivyIndex(Conformance):
    @pytest.fixture
    def index(self, tmp_path: Path) -> Iterator[TantivyIndex]:
        index = TantivyIndex(tmp_path / "index", writer=True)
        yield index
        index.close()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "index"


def test_reader_follows_the_writer(home: Path) -> None:
    """A reader opened before the first commit, and even before the index, sees each commit at once."""
    reader = TantivyIndex(home)
    assert reader.search(ask()).total == 0
    writer = TantivyIndex(home, writer=True)
    for count in range(1, 4):
        writer.replace([decision(f"d{count}", "bail")])
        assert reader.search(ask("bail")).total == count
    writer.remove(["d1"])
    assert reader.search(ask("bail")).total == 2
    writer.close()


def test_commit_is_seen_by_another_process(home: Path) -> None:
    """What one process wrote, another finds, and the other may not write meanwhile."""
    writer = TantivyIndex(home, writer=True)
    writer.replace([decision("d", "bail")])
    script = f"""
from pathlib import Path
from indexer import Query, TantivyIndex, WriterTaken
index = TantivyIndex(Path({str(home)!r}))
print(index.search(Query(text="bail", labels=frozenset({{"public"}}))).total)
try:
    TantivyIndex(Path({str(home)!r}), writer=True)
except WriterTaken:
    print("taken")
"""
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == ["1", "taken"]
    writer.close()


def test_one_writer(home: Path) -> None:
    """A second writer is refused, until the first closes."""
    first = TantivyIndex(home, writer=True)
    with pytest.raises(WriterTaken):
        TantivyIndex(home, writer=True)
    first.close()
    TantivyIndex(home, writer=True).close()


def test_reader_does_not_write(home: Path) -> None:
    """An index opened for reading refuses records."""
    with pytest.raises(RuntimeError):
        TantivyIndex(home).replace([decision("d")])


def test_index_survives_its_process(home: Path) -> None:
    """Records are there after closing."""
    first = TantivyIndex(home, writer=True)
    first.replace([decision("d", "bail")])
    first.close()
    second = TantivyIndex(home, writer=True)
    assert found(second, ask("bail")) == ["d"]
    second.remove(["d"])
    assert second.search(ask()).total == 0
    second.close()


def test_index_of_another_format_is_refused(home: Path) -> None:
    """Files written by another version are neither read nor written, and the sentence says what to do."""
    TantivyIndex(home, writer=True).close()
    (home / "format").write_text("0")
    with pytest.raises(OutdatedIndex, match="reconstruisez"):
        TantivyIndex(home, writer=True)
    with pytest.raises(OutdatedIndex):
        TantivyIndex(home).search(ask())


def test_batch_is_one_commit(home: Path) -> None:
    """Inside a batch nothing is seen; at its end everything is."""
    index = TantivyIndex(home, writer=True)
    with index.batch():
        index.replace([decision("a", "bail")])
        index.replace([decision("a", "congé"), decision("b", "bail")])
        index.remove(["never-there"])
        assert index.search(ask()).total == 0
    assert (found(index, ask("bail")), found(index, ask("congé"))) == (["b"], ["a"])
    index.close()


def test_failed_batch_leaves_nothing(home: Path) -> None:
    """An error in the middle of a batch keeps the index as it was, and writable."""
    index = TantivyIndex(home, writer=True)
    index.replace([decision("a", "bail")])

    def broken() -> Iterator[Record]:
        yield decision("a", "congé")
        raise ZeroDivisionError

    def batch() -> None:
        with index.batch():
            index.replace([decision("b", "bail")])
            index.replace(broken())

    with pytest.raises(ZeroDivisionError):
        batch()
    index.replace([decision("c", "bail")])
    assert set(found(index, ask("bail"))) == {"a", "c"}
    index.close()


def test_paging_passes_ten_thousand(home: Path) -> None:
    """Page 525 of 10,500 equal documents is reached, by date and by relevance, with nothing lost or doubled."""
    index = TantivyIndex(home, writer=True)
    first = date(1990, 1, 1)
    index.replace(decision(f"d{n}", "bail", date=first + timedelta(n % 50)) for n in range(10_500))
    for sort in (Sort.RELEVANCE, Sort.NEWEST):
        query = ask("bail", sort=sort, size=1000, facets=(), extracts=0)
        seen: list[str] = []
        cursor = None
        while True:
            page = index.search(replace(query, cursor=cursor))
            assert page.total == 10_500
            seen += [hit.document for hit in page.hits]
            if (cursor := page.cursor) is None:
                break
        assert len(seen) == len(set(seen)) == 10_500
    index.close()


def test_agrees_with_the_oracle(home: Path) -> None:
    """Hits, order, counts, facets and extracts are those of the in-memory index."""
    words = [
        "bail",
        "congé",
        "preneur",
        "bailleur",
        "servitude",
        "passage",
        "rente",
        "vendeur",
        "garantie",
        "vice",
        "caché",
        "délai",
    ]
    records = []
    for n in range(120):
        text = " ".join(words[(n * k + k) % len(words)] for k in range(1, 4 + n % 30))
        make = note if n % 3 == 0 else decision
        records.append(make(f"x{n}", text, date=date(2000 + n % 20, 1, 1 + n % 28), chamber="soc" if n % 2 else "com"))
    disk, memory = TantivyIndex(home, writer=True), MemoryIndex()
    for start in range(0, 120, 50):
        disk.replace(records[start : start + 50])
    memory.replace(records)
    for text in ("", "bail", "bail congé", "servitude vice rente", '"preneur bailleur"', "garantie hélicoptère moto"):
        for sort in Sort:
            query = ask(text, labels=FILE, sort=sort, size=100)
            ours, theirs = disk.search(query), memory.search(query)
            assert (ours.total, ours.facets, ours.relaxed) == (theirs.total, theirs.facets, theirs.relaxed)
            assert [hit.document for hit in ours.hits] == [hit.document for hit in theirs.hits]
            assert [hit.extracts for hit in ours.hits] == [hit.extracts for hit in theirs.hits]
            assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], rel=1e-5)
    disk.close()
