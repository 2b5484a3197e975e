"""Running hostile files through the sandbox: what became of each, and how long it kept quiet."""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ingest import Leaf, Unreadable, Workers, walk

SEED = 20_231_004
TEXT, TEXTLESS, SKIPPED = "text", "sans texte", "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one leaf file ended. `ending` is text, sans texte, skipped, a reason of quarantine, or a bug's name."""

    name: str
    ending: str
    sentence: str
    seconds: float
    characters: int = 0
    media_type: str = ""


def leaves(archives: Iterable[Path], share: float = 1.0) -> Iterator[tuple[str, bytes, Leaf]]:
    """Every leaf of the archives, or a seeded share of them, each with its bytes."""
    chance = random.Random(SEED)
    for leaf in walk(archives):
        if chance.random() >= share:
            continue
        body = b""
        if not leaf.skipped and leaf.unreadable is None:
            with leaf.open() as file:
                body = file.read()
        yield leaf.name, body, leaf


def read_all(workers: Workers, count: int, archives: Sequence[Path], share: float = 1.0) -> list[Outcome]:
    """Read the leaves in `count` threads, a bounded number ahead."""
    room = threading.Semaphore(4 * count)
    outcomes = []
    with ThreadPoolExecutor(count) as pool:

        def one(name: str, body: bytes, leaf: Leaf) -> Outcome:
            try:
                return _read(workers, name, body, leaf)
            finally:
                room.release()

        for name, body, leaf in leaves(archives, share):
            room.acquire()
            outcomes.append(pool.submit(one, name, body, leaf))
        return [future.result() for future in outcomes]


def _read(workers: Workers, name: str, body: bytes, leaf: Leaf) -> Outcome:
    started = time.monotonic()
    if leaf.skipped:
        return Outcome(name, SKIPPED, str(leaf.skipped), 0.0)
    try:
        if leaf.unreadable is not None:
            raise leaf.unreadable
        found = workers.extract(body, name)
    except Unreadable as refusal:
        return Outcome(name, refusal.reason, refusal.sentence, time.monotonic() - started)
    except Exception as error:
        return Outcome(name, f"bug: {type(error).__name__}", "", time.monotonic() - started)
    ending = TEXT if found.text.strip() else TEXTLESS
    seconds = time.monotonic() - started
    return Outcome(name, ending, "", seconds, len(found.text), found.media_type)


def counts(outcomes: Iterable[Outcome]) -> str:
    """The endings by number, for a person."""
    tally = Counter(outcome.ending for outcome in outcomes)
    return ", ".join(f"{ending} {number}" for ending, number in tally.most_common())


def main() -> None:
    """Read every hostile file and print the counts, then each file that ended without text."""
    import argparse
    import os

    parser = argparse.ArgumentParser()
    parser.add_argument("archives", nargs="*", type=Path)
    parser.add_argument("--workers", type=int, default=2)
    chosen = parser.parse_args()
    folder = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data") / "parser-files"
    archives = chosen.archives or sorted(folder.glob("*.tar.zst"))
    started = time.monotonic()
    with Workers(chosen.workers) as workers:
        print(workers.walls)
        outcomes = read_all(workers, chosen.workers, archives)
    for outcome in sorted(outcomes, key=lambda outcome: (outcome.ending, outcome.name)):
        if outcome.ending != TEXT:
            print(f"{outcome.ending}\t{outcome.seconds:.1f}\t{outcome.name}\t{outcome.sentence}")
    slow = sorted(outcomes, key=lambda outcome: -outcome.seconds)[:10]
    print("slowest: " + ", ".join(f"{outcome.name.rsplit('/', 1)[-1]} {outcome.seconds:.1f} s" for outcome in slow))
    print(f"{len(outcomes)} files in {time.monotonic() - started:.0f} s: {counts(outcomes)}")


if __name__ == "__main__":
    main()
