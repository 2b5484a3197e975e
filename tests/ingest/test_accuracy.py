"""Accuracy on real decisions: floors that no change may fall below."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.ingest import court

pytestmark = pytest.mark.corpora
FLOOR = 0.995
ZONE_FLOOR = 0.97
PUBLICATION_FLOOR = 0.95
"""Some arrêts were published after their letters were written: FS-D in the text, published all the same."""
PROSE_FLOORS = {"date": 0.99, "chamber": 0.99, "solution": 0.97, "formation": 0.97}


@pytest.fixture(scope="module")
def caselaw(corpora: Path) -> Path:
    folder = corpora / "caselaw"
    if not (folder / "decisions.jsonl.gz").is_file():
        pytest.skip(f"no real decisions at {folder}")
    return folder


@pytest.fixture(scope="module")
def truths(caselaw: Path) -> list[dict[str, Any]]:
    return court.truths(caselaw)


def test_files_give_the_metadata_that_they_state(caselaw: Path, truths: list[dict[str, Any]]) -> None:
    """Numbers, date, chamber, ECLI and solution of every source are at least 99.5 % right."""
    total = court.score(court.from_files(caselaw, truths))
    assert {name: total.share(name) for name in court.FIELDS if total.share(name) < FLOOR} == {}, total.mistakes


def test_the_text_of_files_is_whole(caselaw: Path, truths: list[dict[str, Any]]) -> None:
    """Every decision's text is all there, word for word, in order."""
    for truth, extraction in court.from_files(caselaw, truths):
        if truth["source"] != "judilibre_api":
            assert _letters(extraction.text) == _letters(truth["text"]), truth["id"]


def _letters(text: str) -> str:
    """Without white space and control characters, which the truth keeps where pages hold Windows signs."""
    return "".join(c for c in text if c.isascii() and not c.isspace() and c.isprintable())


def test_bare_text_gives_nearly_as_much(truths: list[dict[str, Any]]) -> None:
    """The same decisions as text alone: what prose says is read, and what it does not say is not made up."""
    total = court.score(court.from_prose(truths))
    assert {name: total.share(name) for name, floor in PROSE_FLOORS.items() if total.share(name) < floor} == {}
    with_header = court.score(
        court.from_prose(t for t in truths if "Pourvoi" in t["text"][:1500] or "N° " in t["text"][:300])
    )
    assert with_header.share("numbers") >= FLOOR, with_header.mistakes
    assert with_header.share("ecli") >= FLOOR, with_header.mistakes
    assert with_header.share("publication") >= PUBLICATION_FLOOR, with_header.mistakes


def test_prose_makes_up_no_number(truths: list[dict[str, Any]]) -> None:
    """A decision whose text holds no number of its own gets none from the decisions that it cites."""
    for truth, extraction in court.from_prose(truths):
        got = {number.value for number in extraction.metadata.numbers}
        assert got <= set(court.wanted(truth)["numbers"]), truth["id"]  # type: ignore[call-overload]  # a tuple of digits


def test_zones_read_from_structure_meet_the_courts_own(truths: list[dict[str, Any]]) -> None:
    """Boundaries read from bare text agree with the court's zoning, F1 at least .97."""
    reached, mistakes = court.zone_f1((truth, extraction.zones) for truth, extraction in court.from_prose(truths))
    assert reached >= ZONE_FLOOR, mistakes


def test_every_decision_is_cut_into_zones(truths: list[dict[str, Any]]) -> None:
    """Old and new arrêts, of all chambers, have a dispositif; those of 2018 keep their annexes apart."""
    for truth, extraction in court.from_prose(truths):
        names = [zone.name for zone in extraction.zones]
        if truth["zones"] or truth["source"] == "dila_cass":
            assert "dispositif" in names, truth["id"]
        if "MOYEN ANNEXE au présent" in truth["text"] or "MOYENS ANNEXES au présent" in truth["text"]:
            assert "annexes" in names, truth["id"]


def test_two_files_with_one_ecli_are_both_read(caselaw: Path, truths: list[dict[str, Any]]) -> None:
    """ECLI:FR:CCASS:2023:C201000 is carried by two files: each keeps its own identifier."""
    twins = [truth for truth in truths if truth["ecli"] == "ECLI:FR:CCASS:2023:C201000"]
    identifiers = {extraction.metadata.source_id for _, extraction in court.from_files(caselaw, twins)}
    assert len(identifiers) == len(twins) >= 1


def test_real_citations_stand_where_they_say(truths: list[dict[str, Any]]) -> None:
    """In real texts every citation is the text at its offsets, and no keyed number of the court's is warned about."""
    for truth, extraction in court.from_prose(truths):
        for citation in extraction.citations:
            assert truth["text"][citation.start : citation.end] == citation.text
            assert "lettre clé" not in citation.note, (truth["id"], citation)
