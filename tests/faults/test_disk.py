"""A power cut, a full disk, and a disk that fails: what was acknowledged is kept.

`disk.c`, built here and loaded before the C library, keeps a copy of each file as it stood when it was last synced. The
process is killed and that copy takes the place of its folder: the harshest cut, in which nothing that was not synced
reached the disk. It takes a synced file's name for durable, as ext4 does, and names that were removed for gone.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from portal.store.database import Database
from portal.store.updates import UpdateLog
from tests.faults.process import PATIENCE, kill

CUTS, SOAK = 5, 250
KINDS = ("log", "archive")
Start = Callable[..., "Writer"]


@pytest.fixture
def started() -> Iterator[Callable[..., Writer]]:
    """Writers that end with the test, whatever it finds."""
    writers: list[Writer] = []

    def start(disk: Path, folder: Path, kind: str, *words: str) -> Writer:
        writers.append(Writer(disk, folder, kind, *words))
        return writers[-1]

    yield start
    for writer in writers:
        writer.end()


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    compiler = shutil.which("cc")
    if compiler is None or not sys.platform.startswith("linux"):
        pytest.skip("needs Linux and a C compiler, for a disk that fails: apt-get install gcc")
    library = tmp_path_factory.mktemp("disk") / "disk.so"
    source = Path(__file__).with_name("disk.c")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


class Writer:
    """A process that writes on the failing disk."""

    def __init__(self, disk: Path, folder: Path, kind: str, *words: str) -> None:
        self.home, self.kept, self.fault = folder / "home", folder / "kept", folder / "fault"
        self.home.mkdir(exist_ok=True)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.writer", kind, *words],
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
            env={
                **os.environ,
                "LD_PRELOAD": str(disk),
                "DISK_HOME": str(self.home),
                "DISK_KEEPS": str(self.kept),
                "DISK_FAULT": str(self.fault),
            },
        )
        self.words: list[str] = []

    def until(self, wanted: Callable[[str, str], bool]) -> str:
        """Read on until a line is as wanted; its second part."""
        assert self._process.stdout is not None
        for line in self._process.stdout:
            state, _, rest = line.strip().partition(" ")
            if state == "kept":
                self.words.append(rest)
            if wanted(state, rest):
                return rest
        raise AssertionError("the writer ended")

    def cut(self) -> None:
        """The power goes: only what was synced is there when it is back."""
        self.end()
        shutil.rmtree(self.home)
        shutil.copytree(self.kept, self.home) if self.kept.exists() else self.home.mkdir()

    def end(self) -> None:
        assert self._process.stdout is not None
        if self._process.stdout.closed:
            return
        if self._process.poll() is None:
            kill(self._process)
        self.words += [line.split()[1] for line in self._process.stdout if line.startswith("kept ") and "\n" in line]
        self._process.stdout.close()


def found(kind: str, home: Path) -> set[str]:
    """What a new start reads."""
    database = Database(f"sqlite:///{home / kind}.sqlite")
    try:
        if kind == "log":
            with closing(UpdateLog(database)) as log:
                return {entry.update.decode() for entry in log.entries("projet", limit=1_000_000)}
        with database.engine.connect() as connection:
            if not connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'word'").all():
                return set()
            return {row[0] for row in connection.exec_driver_sql("SELECT word FROM word")}
    finally:
        database.close()


@pytest.mark.parametrize("kind", KINDS)
def test_what_was_acknowledged_survives_power_cuts(
    started: Start, disk: Path, tmp_path: Path, kind: str, soak: bool
) -> None:
    """Whenever the power goes, every word that was acknowledged is there when it is back."""
    rng = Random(7)
    for number in range(SOAK if soak else CUTS):
        folder = tmp_path / str(number)
        folder.mkdir()
        writer = started(disk, folder, kind)
        wanted = rng.randint(1, 60)
        writer.until(lambda _, __: len(writer.words) >= wanted)  # noqa: B023
        writer.cut()
        assert set(writer.words) <= found(kind, writer.home)


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_full_sync_the_same_cuts_lose_words(started: Start, disk: Path, tmp_path: Path, kind: str) -> None:
    """The control: under synchronous=NORMAL acknowledged words are gone after the cut."""
    writer = started(disk, tmp_path, kind, "hasty")
    writer.until(lambda _, __: len(writer.words) >= 30)
    writer.cut()
    left = found(kind, writer.home)
    assert set(writer.words) - left


@pytest.mark.parametrize("fault", ["FULL", "EIO"])
@pytest.mark.parametrize("kind", [*KINDS, "store"])
def test_a_failing_disk_refuses_and_the_service_goes_on(
    started: Start, disk: Path, tmp_path: Path, kind: str, fault: str
) -> None:
    """While the disk is full or fails, words are refused, by the log as its contract says; then they are taken."""
    writer = started(disk, tmp_path, kind)
    writer.until(lambda _, __: len(writer.words) >= 5)
    writer.fault.write_text(fault)
    said = writer.until(lambda state, _: state == "refused")
    assert said in {"log": ("Unavailable",), "archive": ("OperationalError",), "store": ("OSError",)}[kind]
    writer.fault.unlink()
    before = len(writer.words)
    writer.until(lambda _, __: len(writer.words) >= before + 5)
    writer.end()
    if kind in KINDS:
        assert set(writer.words) <= found(kind, writer.home)


def test_an_ingest_on_a_full_disk_says_so_and_goes_on_later(disk: Path, tmp_path: Path) -> None:
    """On a full disk `minutier ingest` ends with a sentence, not a trace; once there is room it takes what is left."""
    fault, lot, home = tmp_path / "fault", tmp_path / "lot", tmp_path / "home"
    lot.mkdir()

    def ingest() -> subprocess.CompletedProcess[str]:
        faults = {"LD_PRELOAD": str(disk), "DISK_HOME": str(home), "DISK_FAULT": str(fault)}
        return subprocess.run(
            [sys.executable, "-m", "portal.cli", "ingest", str(lot), "--json"],
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE,
            env={**os.environ, "MINUTIER_HOME": str(home), **faults},
        )

    (lot / "a.txt").write_text("Mémoire ampliatif", "utf-8")
    assert ingest().returncode == 0
    (lot / "b.txt").write_text("Mémoire en défense", "utf-8")
    fault.write_text("FULL")
    refused = ingest()
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "Rien n'est perdu" in refused.stderr
    assert "Traceback" not in refused.stderr
    fault.unlink()
    done = ingest()
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout)
    assert (tally["files"], tally["ingested"], tally["duplicates"]) == (2, 1, 1)
