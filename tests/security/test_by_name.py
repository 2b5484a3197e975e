"""COJ, art. L. 111-13: nothing evaluates, analyses, compares or predicts by the name of a magistrate or a clerk."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import date
from typing import Any

import pytest

from indexer.record import FACETS, Record
from indexer.tantivy.schema import build_schema
from ingest.extraction import Value
from portal.web.openapi import description
from portal.web.words import FACETS as SHOWN
from tests.portal.conftest import published
from tests.portal.web.conftest import World, serving

NAMES = ("rapporteur", "president", "advocate_general", "avocat_general", "judge", "magistrat", "clerk", "greffier")
ROY = "Mme Zéphirine Roy"


def test_no_facet_is_a_person_s_name() -> None:
    """What is counted, filtered and sorted by holds no name; the index keeps no column to count one by."""
    for known in (FACETS, tuple(SHOWN)):
        assert not set(known) & set(NAMES)
    fast = {field for field in NAMES if f'"{field}"' in json.dumps(FACETS)}
    assert fast == set()
    held = {one.name for one in fields(Record)} & set(NAMES)
    assert held == {"rapporteur"}, "a name that is indexed needs its own line in this test"
    assert build_schema() is not None


def test_the_api_offers_no_name_to_count_by() -> None:
    """No parameter and no field of an answer is a magistrate's or a clerk's name."""
    told = json.dumps(description())
    offered = {
        parameter["name"]
        for path in description()["paths"].values()
        for one in path.values()
        for parameter in one.get("parameters", [])
    }
    assert not offered & set(NAMES)
    assert '"rapporteur"' not in told.replace('"rapporteur", "description"', "")


@pytest.fixture
def decided(tmp_path: Any) -> Any:
    """Twenty decisions of one rapporteur, of either outcome."""
    with serving(tmp_path, limits=100.0) as world:
        for number in range(20):
            _decide(world, number)
        world.index()
        yield world


def _decide(world: World, number: int) -> None:
    metadata = replace(
        published(f"ECLI:FR:CCASS:2022:SO{number:05}", (f"21{number:05}",)),
        chamber=Value("soc", True, "essai"),
        date=Value(date(2020 + number % 3, 1, 1 + number), True, "essai"),
        solution=Value("rejet" if number % 2 else "cassation", True, "essai"),
        rapporteur=Value(ROY, True, "essai"),
    )
    world.deposit(f"Arrêt {number}. Sur le rapport de {ROY}, conseiller.", metadata=metadata, by="")


OUTCOMES = (
    "solution:rejet", "-solution:rejet", "(faute OU solution:cassation)", "SAUF (solution:rejet OU solution:cassation)",
)  # fmt: skip


@pytest.mark.parametrize("outcome", OUTCOMES)
@pytest.mark.parametrize(
    "address",
    ["/api/search?q={}", "/api/search?q={}&mode=lexical", "/api/search?q={}&mode=semantic", "/recherche?q={}"],
)
def test_a_name_and_an_outcome_are_never_crossed(decided: World, address: str, outcome: str) -> None:
    """However the two are written together, the search is refused in a sentence that names the law."""
    answer: Any = decided.ask("sder", "GET", address.format(f"rapporteur:Roy {outcome}"))
    assert answer.status_code == 400
    assert "111-13" in answer.text


@pytest.mark.parametrize(
    "address", ["/api/search?q=rapporteur:Roy&solution=rejet", "/recherche?q=rapporteur:Roy&solution=rejet"]
)
def test_nor_by_a_filter(decided: World, address: str) -> None:
    """A filter beside the name is refused like a field."""
    answer: Any = decided.ask("sder", "GET", address)
    assert answer.status_code == 400
    assert "111-13" in answer.text


@pytest.mark.parametrize("mode", ["hybrid", "lexical", "semantic"])
@pytest.mark.parametrize(
    "query", ["rapporteur:Roy", "rapporteur:Roy arrêt", "(rapporteur:Roy OU bail)", "-rapporteur:Roy"]
)
def test_a_name_lists_and_counts_nothing(decided: World, mode: str, query: str) -> None:
    """No total beyond the page, no facet; the list itself is the law's publicity, and stays."""
    answer: Any = decided.ask("sder", "GET", f"/api/search?q={query}&mode={mode}&size=5")
    found = answer.json()
    assert found["facets"] == {}
    assert found["counted"] is False
    assert found["total"] == len(found["hits"]) <= 5


def test_the_page_plots_nothing_by_name(decided: World) -> None:
    """Neither a count, nor years, nor solutions stand beside a list by name."""
    answer: Any = decided.ask("sder", "GET", "/recherche?q=rapporteur:Roy")
    assert answer.status_code == 200
    assert 'class="years"' not in answer.text
    assert "solution=rejet" not in answer.text
    assert "20 résultats" not in answer.text.replace("\u00a0", " ")
