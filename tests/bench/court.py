"""A court's archive of generated documents, as the portal itself would hold it, for benches of the whole way."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from indexer import Record
from ingest.extraction import Extraction, Metadata, Value, Zone
from portal.app import Archive, open_archive
from portal.archive.documents import Deposit
from portal.nouns.case_file import CaseRole, NewCaseFile
from portal.nouns.member import Member
from portal.settings import Settings
from tests.bench.corpus import Corpus

READER = "rapporteur"
CLERK = "greffe"
_MEMBERS = (
    Member(READER, "Mme", "Roy", frozenset({"rapporteur", "conseiller"})),
    Member("doyen", "M.", "Dupré", frozenset({"doyen", "conseiller"})),
    Member(CLERK, "Mme", "Petit", frozenset({"greffe"})),
)
_TOGETHER = 250


def open_court(home: Path) -> Archive:
    """An archive with three members in an SQLite file of `home`."""
    archive = open_archive(Settings(home=home, cache=home / "cache", database=f"sqlite:///{home / 'archive.sqlite'}"))
    archive.people.add(_MEMBERS)
    return archive


def open_case(archive: Archive, number: str) -> str:
    """A case file whose rapporteur is READER."""
    roles = (CaseRole(READER, "rapporteur"), CaseRole("doyen", "doyen"))
    return archive.case_files.open(NewCaseFile(numbers=(number,), chamber="soc", title="X c/ Y", roles=roles), CLERK)


def fill(archive: Archive, documents: int, words: int = 1600) -> None:
    """Deposit generated published decisions."""
    deposits = (_decision(archive, record) for record in Corpus(documents, words, restricted=0).records())
    while batch := list(islice(deposits, _TOGETHER)):
        archive.documents.deposit(batch)


def piece(archive: Archive, case_file: str, title: str, text: str, kind: str = "piece") -> Deposit:
    """A text as the file of a piece, its bytes kept and ready to be deposited."""
    extraction = Extraction(
        media_type="text/plain", text=text, metadata=Metadata(kind=Value(kind, stated=False, where="banc"))
    )
    return _deposit(archive, title, extraction, case_file=case_file, by=CLERK, title=title, kind=kind)


def _decision(archive: Archive, record: Record) -> Deposit:
    zones, parts, at = [], [], 0
    for name, body in record.zones.items():
        zones.append(Zone(name, at, at + len(body)))
        parts.append(body)
        at += len(body) + 1

    def known(value: Any) -> Value[Any]:
        return Value(value, stated=True, where="banc")

    metadata = Metadata(
        kind=known("arret"),
        numbers=tuple(map(known, record.numbers)),
        date=known(record.date) if record.date else None,
        chamber=known(record.chamber) if record.chamber else None,
        ecli=known(f"ECLI:FR:CCASS:2000:{record.numbers[0]}"),
        solution=known(record.solution) if record.solution else None,
        source="judilibre",
        published=True,
    )
    extraction = Extraction(media_type="application/json", text="\n".join(parts), metadata=metadata, zones=tuple(zones))
    return _deposit(archive, record.title, extraction)


def _deposit(archive: Archive, name: str, extraction: Extraction, **more: str) -> Deposit:
    body = f"{name}\n{extraction.text}".encode()
    archive.documents.put(BytesIO(body))
    return Deposit(digest=sha256(body).hexdigest(), size=len(body), name=f"{name}.txt", extraction=extraction, **more)


@contextmanager
def portal_process(home: Path, words: Sequence[str]) -> Iterator[subprocess.Popen[bytes]]:
    """`minutier …` on this archive in a process of its own; its standard input is ours, and it ends with the block."""
    environment = {
        **os.environ,
        "MINUTIER_LIMITS": "1000",
        "MINUTIER_HOME": str(home),
        "MINUTIER_DATABASE_URL": f"sqlite:///{home / 'archive.sqlite'}",
    }
    child = subprocess.Popen([sys.executable, "-m", "portal.cli", *words], stdin=subprocess.PIPE, env=environment)
    try:
        yield child
    finally:
        if child.stdin:
            child.stdin.close()
        child.terminate()
        child.wait(timeout=60)


@contextmanager
def served(home: Path) -> Iterator[tuple[str, int]]:
    """The portal under uvicorn in a process of its own, without a feed; yields its address and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with portal_process(home, ["serve", "--no-feed", "--port", str(port)]) as child:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline and child.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            time.sleep(0.05)
        yield f"http://127.0.0.1:{port}", child.pid


def cpu_seconds(process: int) -> float:
    """Processor time that a process has used so far."""
    fields = Path(f"/proc/{process}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def percentiles(times: Iterable[float]) -> tuple[float, float, float]:
    """p50, p95, p99 in milliseconds, of times in seconds."""
    found = sorted(one * 1e3 for one in times)
    p50, p95, p99 = (found[min(int(len(found) * share), len(found) - 1)] for share in (0.5, 0.95, 0.99))
    return p50, p95, p99
