"""Time from a commit to its finding: `python -m tests.bench.bench_feed [DOCUMENTS] [--rounds 200]`.

The feed runs in a process of its own, as `minutier serve` starts it. Another process deposits and edits, and
asks its own read-only index until it finds. Meanings of the documents that stand there before are left out:
the model would take hours over them. Asserts nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from indexer import Query
from indexer.hashing import HashingEmbedder
from portal.app import Archive, followers, open_search
from portal.feed.feed import LEXICAL, VECTORS
from portal.feed.generations import write_whole
from portal.feed.live import LiveSearch
from portal.plugin import Rendition
from tests.bench.court import READER, fill, open_case, open_court, percentiles, piece, portal_process

DEADLINE = 60.0
PAUSE = 0.02
"""Seconds between two commits, so that each is a commit of the index of its own."""


def _index(archive: Archive) -> None:
    """Words of all that stands in the archive; its meanings count as done."""
    live = archive.generations.current()
    follower = followers(archive, HashingEmbedder())[LEXICAL](live)
    while follower.step():
        pass
    follower.close()
    write_whole(live / VECTORS, str(follower.cursor))


class Reader:
    """A process that reads the index, with the clearance of a rapporteur."""

    def __init__(self, archive: Archive, search: LiveSearch) -> None:
        member = archive.people.get(READER)
        with archive.database.read() as session:
            self._labels = archive.clearances.of(session, member).labels
        self._search = search

    def wait_for(self, word: str) -> None:
        """Until the word is found. Raises TimeoutError."""
        query = Query(text=word, labels=self._labels, facets=(), extracts=0)
        deadline = time.perf_counter() + DEADLINE
        while not self._search.search(query).total:
            if time.perf_counter() > deadline:
                raise TimeoutError(word)


def _timed(rounds: int, commit: Callable[[int], str], reader: Reader) -> list[float]:
    """Seconds from the return of each commit until the word that it gives is found."""
    times = []
    for number in range(rounds):
        word = commit(number)
        start = time.perf_counter()
        reader.wait_for(word)
        times.append(time.perf_counter() - start)
        time.sleep(PAUSE)
    return times


def _line(name: str, times: list[float]) -> None:
    print(f"  {name:<52}" + "".join(f"{figure:9.2f}" for figure in percentiles(times)), flush=True)


def _measure(home: Path, documents: int, rounds: int) -> None:
    archive = open_court(home)
    case_file = open_case(archive, "2112345")
    fill(archive, documents)
    _index(archive)
    search = open_search(archive, HashingEmbedder())
    author = archive.people.get(READER)
    assert author is not None
    draft = archive.drafts.open(author, "note", case_file)
    reader = Reader(archive, search)
    text = "Le licenciement pour faute grave n'est pas justifié par l'employeur. " * 140

    def deposit(number: int) -> str:
        archive.documents.deposit([piece(archive, case_file, f"Pièce {number}", f"{text}\ndepot{number}x")])
        return f"depot{number}x"

    def edit(number: int) -> str:
        body = f"{text}\nedition{number}x"
        archive.drafts.render(Rendition(draft, body, (("", body),), number + 1))
        return f"edition{number}x"

    print(f"From commit to found by another process, {documents:,} documents before      p50      p95      p99  ms")
    with portal_process(home, ["index", "follow", "--until-eof"]):
        _timed(10, lambda number: deposit(rounds + number), reader)
        _line("a piece of 10,000 characters deposited", _timed(rounds, deposit, reader))
        _line("a draft of 10,000 characters edited", _timed(rounds, edit, reader))
    search.close()
    archive.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int, nargs="?", default=3000)
    parser.add_argument("--rounds", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="minutier-bench-") as folder:
        _measure(Path(folder), given.documents, given.rounds)


if __name__ == "__main__":
    main()
