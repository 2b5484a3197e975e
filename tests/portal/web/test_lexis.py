"""What the court's vocabulary adds to the query language: citations, names of codes, and the doors that they open."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO
from urllib.parse import urlencode

import pytest

from indexer.terms import Citing, Days, Either, Every, Reference, Value, Within
from ingest.extraction import Citation, Extraction
from ingest.extraction import Value as Known
from portal.archive.documents import Deposit
from portal.web import doors
from portal.web.lexis import read_query
from tests.portal.conftest import published
from tests.portal.web.conftest import World


@pytest.mark.parametrize(
    ("written", "name", "code"),
    [
        ("chambre:sociale", "chamber", "soc"),
        ('chambre:"1re civile"', "chamber", "civ1"),
        ('chambre:"Civ. 2e"', "chamber", "civ2"),
        ("chambre:crim", "chamber", "cr"),
        ("chambre:commerciale", "chamber", "comm"),
        ("solution:cassation", "solution", "cassation"),
        ('solution:"non-lieu"', "solution", "nonlieu"),
        ("publication:bulletin", "publication", "b"),
        ("publication:inédit", "publication", "n"),
        ("formation:FS", "formation", "fs"),
        ('juridiction:"cour d’appel"', "jurisdiction", "ca"),
        ("type:arrêt", "kind", "arret"),
        ('type:"mémoire en d"', "kind", "memoire_defense"),
        ("état:déposé", "state", "depose"),
    ],
)
def test_codes_are_read_by_any_of_their_names(written: str, name: str, code: str) -> None:
    """A field takes the code, its label or the court's usual words for it."""
    reading = read_query(written)
    assert reading.terms == (Value(name, (code,)),)
    assert reading.slips == ()


def test_an_unknown_value_says_which_there_are() -> None:
    """The value stays as a word, and the sentence gives examples."""
    reading = read_query("chambre:lune")
    assert "écrivez par exemple" in reading.slips[0].sentence
    assert [chip.shown for chip in reading.chips] == ["lune"]


def test_citations_are_read_anywhere_in_a_query() -> None:
    """An article, a chamber with its day, a number with a wrong letter: each is what it says, beside words."""
    article, _ = read_query("art. 1240 C. civ. préjudice").terms
    assert isinstance(article, Citing)
    assert article.keys == ("code civil#1240",)
    assert read_query("art. 1240 C. civ. préjudice").spoken
    (decision,) = read_query("Civ. 1re, 12 janv. 2022").terms
    day = date(2022, 1, 12)
    itself = Every((Value("chamber", ("civ1",)), Days("day", day, day)))
    assert decision == Either((itself, Citing(("civ1@2022-01-12",))))
    wrong = read_query("A 21-12.345 licenciement")
    assert isinstance(wrong.terms[0], Reference)
    assert "la bonne lettre est C" in wrong.slips[0].sentence
    (visa,) = read_query('visa:"art. 700 CPC"').terms
    assert isinstance(visa, Within)
    assert isinstance(visa.part, Citing)


def test_which_queries_are_doors() -> None:
    """A query that is citations of decisions alone names them; any word beside makes it a search."""
    assert doors.appeal(read_query("pourvoi n° C 21-12.345")) == "2112345"
    assert doors.appeal(read_query("21-12.345 licenciement")) == ""
    for text in ("ECLI:FR:CCASS:2022:SO00387", "RG 18/04351", "Soc., 2 mars 2022", "Soc., 2 mars 2022, n° 21-12.345"):
        assert doors.named(read_query(text)) is not None, text
    for text in ("art. 1240 C. civ.", "Soc., 2 mars 2022 licenciement", "licenciement", '"faute grave"'):
        assert doors.named(read_query(text)) is None, text


def decided(world: World, text: str, ecli: str, number: str, chamber: str, day: date, *cited: str) -> str:
    """A published decision with its chamber, its day, and what it cites."""
    metadata = replace(
        published(ecli, (number,)),
        chamber=Known(chamber, True, "essai"),
        date=Known(day, True, "essai"),
        rapporteur=Known("Mme Roy", True, "essai"),
        solution=Known("rejet", True, "essai"),
    )
    citations = tuple(Citation(kind="article", text=value, start=0, end=1, value=value) for value in cited)
    digest = world.archive.documents.put(BytesIO(text.encode()))
    extraction = Extraction(media_type="text/plain", text=text, metadata=metadata, citations=citations)
    deposit = Deposit(digest=digest, size=len(text), name="a.txt", extraction=extraction, case_file=None, by="")
    return world.archive.documents.deposit([deposit])[0].document


@pytest.fixture
def court(world: World) -> dict[str, str]:
    day = date(2022, 3, 2)
    made = {
        "a": decided(world, "Faute grave", "ECLI:FR:CCASS:2022:SO00387", "2112345", "soc", day, "code civil#1240"),
        "b": decided(world, "Faute inexcusable", "ECLI:FR:CCASS:2022:SO00388", "2112346", "soc", day),
        "c": decided(world, "Faute", "ECLI:FR:CCASS:2021:C100001", "2012347", "civ1", date(2021, 1, 6), f"soc@{day}"),
    }
    world.index()
    return made


def at(world: World, query: str) -> tuple[int, str, str]:
    answer = world.ask("sder", "GET", "/recherche?" + urlencode({"q": query}))
    return answer.status_code, answer.headers.get("location", ""), answer.text  # type: ignore[attr-defined]


def test_one_candidate_opens_and_several_are_listed(world: World, court: dict[str, str]) -> None:
    """An ECLI in any case and a chamber with a day that only one decision has lead to it; an ambiguous day lists."""
    for query in ("ecli:fr:ccass:2022:so00387", "Civ. 1re, 6 janvier 2021", "Soc., 2 mars 2022, n° 21-12.345"):
        status, location, _ = at(world, query)
        named = court["c"] if "Civ" in query else court["a"]
        assert (status, location.split("?")[0]) == (303, f"/documents/{named}"), query
    status, _, page = at(world, "Soc., 2 mars 2022")
    assert status == 200
    assert court["a"] in page
    assert court["b"] in page
    assert court["c"] not in page


def test_articles_are_found_by_their_citation(world: World, court: dict[str, str]) -> None:
    """The decision that cites the article is found, though its words do not say it so."""
    _, _, page = at(world, "art. 1240 C. civ. faute")
    assert court["a"] in page
    assert "article 1240, code civil" in page


def test_slips_are_said_on_the_page(world: World, court: dict[str, str]) -> None:
    """The results of what could be read stand under a sentence on what could not."""
    status, _, page = at(world, 'faute OU "grave')
    assert status == 200
    assert "Un guillemet est resté ouvert" in page
    assert court["a"] in page


def test_a_rapporteur_s_name_lists_without_counting(world: World, court: dict[str, str]) -> None:
    """No total, no facet by name (COJ, art. L. 111-13); with a solution the search is refused in a sentence."""
    status, _, page = at(world, "rapporteur:Roy")
    assert status == 200
    assert court["a"] in page
    assert "résultat" not in page.split("<h1", 1)[1].split("</h1>", 1)[0].lower().replace("résultats", "")
    assert "f-annee" not in page
    status, _, page = at(world, "rapporteur:Roy solution:rejet")
    assert status == 400
    assert "111-13" in page
    answer = world.ask("sder", "GET", "/api/search?q=rapporteur:Roy").json()  # type: ignore[attr-defined]
    assert (answer["counted"], answer["facets"]) == (False, {})


def test_the_api_says_its_slips(world: World, court: dict[str, str]) -> None:
    """A client learns what could not be read, beside the hits of what could."""
    answer = world.ask("sder", "GET", "/api/search?q=faute+chambre:lune").json()  # type: ignore[attr-defined]
    assert "n’existe pas" in answer["slips"][0]
    del court
