"""`minutier ingest --watch` over a folder into which files drop, in every way that files do."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

from sqlmodel import select

from portal.app import open_archive
from portal.settings import read_settings
from portal.store.tables import VersionRow
from tests.faults import process

SLOWLY = 4
"""Parts of the file that is written slowly, a second apart."""


def test_whatever_drops_is_ingested_once(tmp_path: Path) -> None:
    """Files one after another, one written slowly, one renamed in, and a kill -9 in between: each once, and whole."""
    home, folder = tmp_path / "home", tmp_path / "folder"
    folder.mkdir()
    home.mkdir()
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))

    def sizes() -> list[int]:
        with archive.database.read() as session:
            return sorted(session.exec(select(VersionRow.size)).all())

    def drop(name: str, folder_: Path = folder) -> None:
        (folder_ / name).write_text(f"Mémoire {name}", "utf-8")

    drop("premier.txt")
    follower = process.start(home, ["ingest", str(folder), "--watch"])
    try:
        process.until(lambda: len(sizes()) == 1, "the first file was not ingested")
        drop("deux.txt")
        drop("trois.txt")
        process.until(lambda: len(sizes()) == 3, "what was dropped was not ingested")
        with (folder / "lent.txt").open("w", encoding="utf-8") as slow:
            for part in range(SLOWLY):
                slow.write(f"Partie {part} du mémoire. ")
                slow.flush()
                written = time.monotonic()
                process.until(lambda: time.monotonic() - written > 1, "time stands still")  # noqa: B023
        process.until(lambda: len(sizes()) == 4, "the slow file was not ingested")
        drop("venu.txt", tmp_path)
        process.kill(follower)
        (tmp_path / "venu.txt").rename(folder / "venu.txt")
        follower = process.start(home, ["ingest", str(folder), "--watch"])
        process.until(lambda: len(sizes()) == 5, "what came while nobody watched was not ingested")
        drop("autre.txt", tmp_path)
        (tmp_path / "autre.txt").rename(folder / "autre.txt")
        process.until(lambda: len(sizes()) == 6, "the renamed file was not ingested")
    finally:
        process.kill(follower)
    assert Counter(sizes()) == Counter(path.stat().st_size for path in folder.iterdir())
    archive.close()
