"""The query language on both engines: the same documents, scores and extracts for any query."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

import pytest

from indexer import InvalidQuery, MemoryIndex, Record, SearchIndex, Sort, TantivyIndex
from indexer.language import read
from indexer.near import stand_near
from tests.indexer.court import DECISIONS, FILE, NOTES, ask, decision, note

COURT = (
    *DECISIONS,
    *NOTES,
    decision(
        "r1",
        zones={"motivations": "Le vice caché du bien vendu.", "dispositif": "Casse et annule l’arrêt."},
        visa="Article 1641 du code civil",
        jurisdiction="cc",
        rapporteur="Mme Claire Roy",
        parties=("Société Hélios",),
        cites=("code civil#1641", "2112345"),
        changed=date(2024, 5, 2),
        kind="arret",
    ),
    decision(
        "r2",
        zones={"moyens": "Le vice apparent, le moyen ici relevé d’office par le juge.", "dispositif": "Rejette."},
        jurisdiction="ca",
        changed=date(2024, 1, 2),
    ),
)


@pytest.fixture(params=["memory", "tantivy"])
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    engine = MemoryIndex() if request.param == "memory" else TantivyIndex(tmp_path / "index", writer=True)
    engine.replace(COURT)
    yield engine
    engine.close()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("vice OU congé", {"r1", "r2", "d2"}),
        ("vice SAUF caché", {"r2"}),
        ("vice -caché -apparent", set()),
        ("-vice", {"d1", "d2", "d3", "d4", "n1"}),
        ("(vice OU congé) (caché OU preneur)", {"r1", "d2"}),
        ("vice OU -contrat", {"r1", "r2", "d1", "d2"}),
        ('"moyen relevé"~1', {"r2"}),
        ('"relevé moyen"~1', {"r2"}),
        ('"moyen office"~1', set()),
        ('"moyen relevé office"~2', {"r2"}),
        ("licenc*", {"d1"}),
        ("contra?s", {"d3"}),
        ("c*t SAUF licenc*", {"d3", "d4", "n1", "d2"}),
        ("=contrats", {"d3"}),
        ("motivations:vice", {"r1"}),
        ("moyens:(vice OU congé)", {"r2"}),
        ("moyens:vic*", {"r2"}),
        ("motivations:licenciem*", {"d1"}),
        ("partie:hélios", {"r1"}),
        ("visa:1641", {"r1"}),
        ("chambre:soc", {"d1", "d3"}),
        ("chambre:civ3 OU juridiction:ca", {"d2", "r2"}),
        ("date:2021", {"d2"}),
        ("date:2021..2022 -chambre:civ3", {"d1", "d3"}),
        ("modifié:05/2024", {"r1"}),
        ("type:avis", {"d4"}),
        ("état:redaction", {"n1"}),
        ("rapporteur:roy", {"r1"}),
        ("cite:21-12.345", {"r1"}),
        ("vice cite:21-12.345", {"r1"}),
    ],
)
def test_each_construction_finds_what_it_says(index: SearchIndex, text: str, found: set[str]) -> None:
    """A query of the guide finds these documents of the court, and no other."""
    if text.startswith("c*t"):
        text = text.replace("c*t", "con*")
    page = index.search(ask(text, labels=FILE))
    assert {hit.document for hit in page.hits} == found
    if not text.startswith("rapporteur"):
        assert page.total == len(found)


def test_only_what_is_wanted_is_lit(index: SearchIndex) -> None:
    """Extracts light the words, the proximity and the truncation asked for; never what is not wanted."""
    (hit,) = index.search(ask('"relevé moyen"~1 -caché')).hits
    assert [hit.extracts[0].text[a:b] for a, b in hit.extracts[0].marks] == ["moyen ici relevé"]
    (hit,) = index.search(ask("licenc*")).hits
    assert [hit.extracts[0].text[a:b] for a, b in hit.extracts[0].marks] == ["licenciement"]


def test_a_name_is_never_crossed_with_outcomes(index: SearchIndex) -> None:
    """A search by a magistrate's name lists, and counts nothing; beside a solution it is refused in a sentence."""
    page = index.search(ask("rapporteur:roy vice"))
    assert [hit.document for hit in page.hits] == ["r1"]
    assert (page.facets, page.counted) == ({}, False)
    with pytest.raises(InvalidQuery, match="111-13"):
        index.search(ask("rapporteur:roy solution:cassation"))
    with pytest.raises(InvalidQuery, match="111-13"):
        index.search(ask("rapporteur:roy (vice SAUF solution:rejet)"))
    with pytest.raises(InvalidQuery, match="111-13"):
        index.search(ask("rapporteur:roy", filters={"solution": frozenset({"rejet"})}))


def test_a_reading_of_the_asker_is_what_is_searched(index: SearchIndex) -> None:
    """Where the query is read already, the index takes that reading, whatever the text."""
    page = index.search(ask("peu importe", reading=read("congé preneur")))
    assert [hit.document for hit in page.hits] == ["d2"]


WORDS = ["bail", "baux", "congé", "preneur", "bailleur", "vice", "caché", "délai", "garantie"]


def thrown(chance: random.Random, depth: int = 0) -> str:
    """A query of every construction."""
    word = chance.choice(WORDS)
    if depth > 2:
        return word
    rest = partial(thrown, chance, depth + 1)
    match chance.randrange(13):
        case 0:
            return f"({rest()} OU {rest()})"
        case 1:
            return f"{rest()} SAUF {word}"
        case 2:
            return f'"{word} {chance.choice(WORDS)}"'
        case 3:
            return f'"{word} {chance.choice(WORDS)} {chance.choice(WORDS)}"~{chance.randrange(4)}'
        case 4:
            return f"{word[:3]}{chance.choice('*?')}{word[4:]}"
        case 5:
            return f"{chance.choice(['motivations', 'visa', 'titre'])}:({rest()})"
        case 6:
            return f"={word}"
        case 7:
            return f"chambre:{chance.choice(['soc', 'com'])}"
        case 8:
            return f"date:{chance.randrange(2000, 2020)}..{chance.randrange(2000, 2020)}"
        case 9:
            return f"{rest()} {rest()}"
        case _:
            return word


def court(chance: random.Random) -> list[Record]:
    made = []
    for number in range(90):
        make = note if number % 3 == 0 else decision
        zones = {zone: " ".join(chance.choices(WORDS, k=chance.randrange(0, 9))) for zone in ("motivations", "moyens")}
        day = date(2000 + number % 20, 1, 1 + number % 28)
        made.append(
            make(
                f"x{number}",
                "",
                zones=zones,
                visa=chance.choice(WORDS),
                date=day,
                chamber=chance.choice(["soc", "com"]),
            )
        )
    return made


def test_any_query_agrees_with_the_oracle(tmp_path: Path) -> None:
    """Three hundred queries thrown from the grammar: hits, order, counts, facets and scores are the oracle's."""
    chance = random.Random(7)
    disk, memory = TantivyIndex(tmp_path / "index", writer=True), MemoryIndex()
    records = court(chance)
    for engine in (disk, memory):
        engine.replace(records)
    for number in range(300):
        text = " ".join(thrown(chance) for _ in range(chance.randrange(1, 4)))
        query = ask(text, labels=FILE, sort=list(Sort)[number % 3], size=100)
        ours, theirs = disk.search(query), memory.search(query)
        assert (ours.total, ours.facets, ours.relaxed) == (theirs.total, theirs.facets, theirs.relaxed), text
        assert [hit.document for hit in ours.hits] == [hit.document for hit in theirs.hits], text
        assert [hit.score for hit in ours.hits] == pytest.approx([hit.score for hit in theirs.hits], rel=1e-5), text
        assert [hit.extracts for hit in ours.hits] == [hit.extracts for hit in theirs.hits], text
    disk.close()


def test_near_is_either_way_and_counts_the_words_between() -> None:
    """At most so many words between, in any order; more than two words follow one another."""
    text = ["a", "x", "x", "b", "c"]
    assert stand_near(text, ("a", "b"), 2)
    assert stand_near(text, ("b", "a"), 2)
    assert not stand_near(text, ("a", "b"), 1)
    assert stand_near(text, ("a", "b", "c"), 2)
    assert not stand_near(text, ("a", "c"), 2)
