"""Files and megabytes read a second, by format: `python -m tests.bench.bench_formats [--files N] [--workers 2]`.

Through the sandbox, as a deposit goes: real decisions where the corpora are there, and the demo court's files.
Asserts nothing.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from ingest import Unreadable, Workers
from portal.demo.court import generate
from portal.demo.files import render

File = tuple[str, bytes]
_DEFAULT = Path(__file__).parents[3] / "shared" / "data"
SCANS = 4
"""Scanned files read at most: each takes seconds."""


def _corpora(caselaw: Path) -> Iterator[tuple[str, Iterator[File]]]:
    for name, folder, suffix in (("DILA XML", "dila_cass_xml", "xml"), ("Judilibre HTML", "judilibre_html", "html")):
        paths = sorted((caselaw / folder).glob(f"*.{suffix}"))
        yield name, ((path.name, path.read_bytes()) for path in paths)
    yield "JSON, a decision each", _decisions(caselaw / "decisions.jsonl.gz")


def _decisions(path: Path) -> Iterator[File]:
    if path.is_file():
        with gzip.open(path, "rb") as lines:
            for number, line in enumerate(lines):
                yield f"{number}.json", line


def _demo() -> dict[str, list[File]]:
    """The demo court's files by format; JSON as Judilibre answers it."""
    court = generate()
    found: dict[str, list[File]] = defaultdict(list)
    for piece in court.pieces:
        if piece.deposited and (piece.media != "scan" or len(found["PDF, scanned"]) < SCANS):
            suffix, body = render(piece)
            found["PDF, scanned" if piece.media == "scan" else suffix.upper()].append((f"{piece.id}.{suffix}", body))
    found["JSON, Judilibre"] = [
        (f"{one.record['id']}.json", json.dumps(one.record, ensure_ascii=False).encode()) for one in court.published
    ]
    return found


def _measure(workers: Workers, threads: int, name: str, files: list[File]) -> None:
    if not files:
        print(f"  {name:<28}  no files: set MINUTIER_CORPORA")
        return
    refused: Counter[str] = Counter()
    letters = 0

    def read(file: File) -> int:
        try:
            return len(workers.extract(file[1], file[0]).text)
        except Unreadable as error:
            refused[error.reason] += 1
            return 0

    read(files[0])
    refused.clear()
    start = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        letters = sum(pool.map(read, files))
    spent = time.perf_counter() - start
    size = sum(len(body) for _, body in files) / 1e6
    notes = ", ".join(f"{count} refused ({reason})" for reason, count in refused.items())
    rates = f"{len(files) / spent:11.1f}{size / spent:9.2f}{letters / spent / 1e6:12.2f}"
    print(f"  {name:<28}{len(files):6}{rates}  {notes}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=400, help="of each format, at most")
    parser.add_argument("--workers", type=int, default=2)
    given = parser.parse_args()
    corpora = Path(os.environ.get("MINUTIER_CORPORA") or _DEFAULT)
    print(f"Reading, {given.workers} workers{'':<13}files    files/s     MB/s  M letters/s")
    with Workers(count=given.workers) as workers:
        for name, files in (*_corpora(corpora / "caselaw"), *((name, iter(all_)) for name, all_ in _demo().items())):
            _measure(workers, given.workers, name, list(islice(files, given.files)))


if __name__ == "__main__":
    main()
