"""A whole folder comes in (*versement en lot*): read in parallel, deposited in small transactions, resumable."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from ingest import Extraction, Leaf, Unreadable, Workers, walk
from portal.archive.documents import Deposit, Documents
from portal.archive.quarantine import Held, Quarantine

TOGETHER = 16
"""Files committed in one transaction: one fsync serves them all, and a crash repeats no more than these."""
EVERY = 0.5
"""Seconds after which fewer are committed, so that a slow file never holds the others back."""


@dataclass(slots=True)
class Tally:
    """Where the batch stands; the parts add up to `files`."""

    files: int = 0
    ingested: int = 0
    duplicates: int = 0
    quarantined: int = 0
    skipped: int = 0
    bytes: int = 0
    seconds: float = 0.0
    textless: int = 0


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    digest: str
    size: int
    extraction: Extraction | None = None
    refusal: Unreadable | None = None
    known: bool = False


class Batch:
    """Ingests paths. Everything it counts as ingested is durable and stands once, whatever is repeated."""

    def __init__(self, documents: Documents, quarantine: Quarantine, workers: Workers, count: int) -> None:
        self._documents = documents
        self._quarantine = quarantine
        self._workers = workers
        self._count = count

    def run(self, paths: Iterable[Path], progress: Callable[[Tally], None] | None = None) -> Tally:
        """Ingest all leaf files below `paths`, archives included."""
        tally, started = Tally(), time.monotonic()
        waiting: list[_Read] = []
        committed = started
        for read in self._read_all(walk(paths), tally):
            waiting.append(read)
            tally.seconds = time.monotonic() - started
            if len(waiting) >= TOGETHER or time.monotonic() - committed > EVERY:
                self._commit(waiting, tally)
                waiting, committed = [], time.monotonic()
                if progress:
                    progress(tally)
        self._commit(waiting, tally)
        tally.seconds = time.monotonic() - started
        if progress:
            progress(tally)
        return tally

    def _read_all(self, leaves: Iterator[Leaf], tally: Tally) -> Iterator[_Read]:
        """Read leaves in as many threads as there are workers, a bounded number ahead."""
        running: set[Future[_Read]] = set()
        with ThreadPoolExecutor(self._count) as pool:
            for leaf in leaves:
                tally.files += 1
                if leaf.skipped:
                    tally.skipped += 1
                    continue
                with leaf.open() as file:
                    if leaf.unreadable is not None:  # kept whole, whatever its size
                        yield _Read(leaf.name, self._documents.put(file), leaf.size, refusal=leaf.unreadable)
                        continue
                    body = file.read()
                running.add(pool.submit(self._read, leaf.name, body))
                while len(running) >= 2 * self._count:
                    done, running = wait(running, return_when=FIRST_COMPLETED)
                    yield from (future.result() for future in done)
            while running:
                done, running = wait(running, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)

    def _read(self, name: str, body: bytes) -> _Read:
        digest = hashlib.sha256(body).hexdigest()
        if self._documents.known(digest):
            return _Read(name, digest, len(body), known=True)
        self._documents.put(BytesIO(body))
        try:
            return _Read(name, digest, len(body), extraction=self._workers.extract(body, name))
        except Unreadable as error:
            return _Read(name, digest, len(body), refusal=error)

    def _commit(self, reads: list[_Read], tally: Tally) -> None:
        deposits = []
        for read in reads:
            tally.bytes += read.size
            if read.known:
                tally.duplicates += 1
            elif read.refusal is not None:
                self._hold(read, read.refusal)
                tally.quarantined += 1
            elif read.extraction is not None:
                tally.textless += not read.extraction.text.strip()
                deposits.append(Deposit(digest=read.digest, size=read.size, name=read.name, extraction=read.extraction))
        for receipt in self._documents.deposit(deposits) if deposits else []:
            tally.ingested += receipt.new
            tally.duplicates += not receipt.new

    def _hold(self, read: _Read, refusal: Unreadable) -> None:
        self._quarantine.hold(
            Held(name=read.name, digest=read.digest, size=read.size, reason=refusal.reason, sentence=refusal.sentence)
        )
