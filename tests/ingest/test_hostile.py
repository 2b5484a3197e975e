"""No file can hurt: hostile files end as text, or in quarantine with a reason that a clerk understands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ingest import Workers
from tests.ingest.hostile import SKIPPED, TEXT, TEXTLESS, Outcome, counts, read_all

pytestmark = pytest.mark.corpora

SHARE = 0.35
"""Part of the files read in every run: about 300 of 838; all of them with --soak."""
READINGS = {TEXT, TEXTLESS, SKIPPED}
OPENED, WORDS = 0.85, 0.65
"""Least parts that must open, and that must give words: the rest are protected, broken on purpose, or pictures."""


@pytest.fixture(scope="module")
def archives(corpora: Path) -> list[Path]:
    found = sorted((corpora / "parser-files").glob("*.tar.zst"))
    if not found:
        pytest.skip("no hostile files under parser-files")
    return found


@pytest.fixture(scope="module")
def outcomes(archives: list[Path], soak: bool) -> Iterator[list[Outcome]]:
    with Workers(2) as workers:
        yield read_all(workers, 2, archives, 1.0 if soak else SHARE)


def test_every_file_ends_as_text_or_with_a_sentence(outcomes: list[Outcome]) -> None:
    """Each hostile file ends as text, « sans texte », skipped, or refused with a reason and a French sentence."""
    print(f"\n{len(outcomes)} files: {counts(outcomes)}")
    assert len(outcomes) > 200
    for outcome in outcomes:
        assert not outcome.ending.startswith("bug"), outcome
        assert outcome.ending in READINGS or is_sentence(outcome.sentence), outcome


def test_most_files_are_read(outcomes: list[Outcome]) -> None:
    """Most of the hostile files open all the same, and two in three give their words."""
    endings = [outcome.ending for outcome in outcomes]
    assert sum(ending in READINGS for ending in endings) >= OPENED * len(endings), counts(outcomes)
    assert endings.count(TEXT) >= WORDS * len(endings), counts(outcomes)


def test_the_pool_reads_on_after_hostile_files(archives: list[Path]) -> None:
    """Workers that met bombs and crashes still read the next file, with nothing left over from the last."""
    corkami = [path for path in archives if path.name.startswith("corkami")]
    with Workers(1) as workers:
        read_all(workers, 1, corkami, 0.2)
        assert workers.extract("Attendu que la requête est fondée.".encode(), "note.txt").text.strip() == (
            "Attendu que la requête est fondée."
        )


def test_each_file_of_the_manifest_is_accounted_for(archives: list[Path], outcomes: list[Outcome], soak: bool) -> None:
    """With --soak, every file that the manifest names appears as a leaf, or as the archive that holds one."""
    if not soak:
        pytest.skip("reads all files: run with --soak")
    names = [outcome.name for outcome in outcomes]
    rows = (archives[0].parent / "manifest.tsv").read_text(encoding="utf-8").splitlines()[1:]
    paths = [row.split("\t")[1] for row in rows if row.split("\t")[0] in {path.name for path in archives}]
    assert [path for path in paths if not any(path in name for name in names)] == []


def is_sentence(text: str) -> bool:
    """Words that begin with a capital, end with a full stop and hold neither traceback nor path."""
    return len(text) > 20 and text[0].isupper() and text.rstrip().endswith(".") and "Traceback" not in text
