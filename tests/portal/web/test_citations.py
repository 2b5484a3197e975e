"""What a decision cites, what cites it, and the other decisions of its affair; each as its reader may see it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from ingest.citations import cite
from ingest.extraction import Extraction
from ingest.extraction import Value as Known
from portal.archive.documents import Deposit
from portal.nouns.document import Description
from portal.web.citations import address_of, decisions, sources
from portal.web.lexis import read_query
from tests.portal.conftest import published
from tests.portal.web.conftest import World

DAY = date(2024, 1, 1)
TEXT = (
    "Vu les articles 1240 et 1241 du code civil et l'article L. 1234-5 du code du travail ; l'article 1240 du code "
    "civil encore. Voir 1re Civ., 12 janvier 2022, pourvoi n° 20-11.139, et l'arrêt n° 387 FS-B. RG n° 18/04351."
)


def decision(world: World, text: str, ecli: str, numbers: tuple[str, ...], day: date) -> str:
    """A published decision whose citations are read as ingest reads them."""
    metadata = replace(published(ecli, numbers), chamber=Known("soc", True, "essai"), date=Known(day, True, "essai"))
    digest = world.archive.documents.put(BytesIO(text.encode()))
    extraction = Extraction(media_type="text/plain", text=text, metadata=metadata, citations=cite(text))
    deposit = Deposit(digest=digest, size=len(text), name="a.txt", extraction=extraction, case_file=None, by="")
    return world.archive.documents.deposit([deposit])[0].document


def page(world: World, document: str, member: str = "sder") -> str:
    answer = world.ask(member, "GET", f"/documents/{document}/citations")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    return str(answer.text)  # type: ignore[attr-defined]


def part(text: str, heading: str) -> str:
    """A section of the page."""
    return text.split(f'aria-labelledby="{heading}"', 1)[1].split("</section>", 1)[0]


@pytest.fixture
def court(world: World) -> dict[str, str]:
    made = {
        "cited": decision(world, TEXT, "ECLI:FR:CCASS:2021:SO00100", ("2012345",), date(2021, 3, 3)),
        "number": decision(
            world, "Soc., 3 mars 2021, pourvoi n° 20-12.345, dit le contraire.", "ECLI:FR:CCASS:2022:SO00200",
            ("2154321",), date(2022, 5, 4),
        ),
        "ecli": decision(
            world, "Voir ECLI:FR:CCASS:2021:SO00100 sur ce point.", "ECLI:FR:CCASS:2023:SO00300", ("2254322",),
            date(2023, 6, 7),
        ),
        "correction": decision(
            world, "Rectifie l'arrêt rendu sur le pourvoi n° 20-12.345.", "ECLI:FR:CCASS:2021:SO00101", ("2012345",),
            date(2021, 9, 1),
        ),
        "other": decision(world, "Rien à voir.", "ECLI:FR:CCASS:2022:SO00400", ("2254323",), date(2022, 1, 5)),
    }  # fmt: skip
    world.index()
    return made


def test_each_citation_of_a_text_is_a_search_that_names_it() -> None:
    """Numbers, ECLI, articles with their code, chambers with a day; what names nothing for sure is no link."""
    found = {citation.value: address_of(citation) for citation in cite(TEXT)}
    assert found["2011139"] == "/recherche?q=20-11.139"
    assert found["18/04351"] == "/recherche?q=RG+18%2F04351"
    assert found["code du travail#L1234-5"] == "/recherche?q=art.+L1234-5+code+du+travail"
    assert found["387 FS-B"] == ""
    assert read_query("art. L1234-5 code du travail").terms == read_query("article L. 1234-5 du code du travail").terms
    day = next(citation for citation in cite(TEXT) if citation.value == "civ1@2022-01-12")
    assert address_of(day).startswith("/recherche?q=1re+Civ.")


def test_what_a_text_cites_is_gathered() -> None:
    """Its own number apart, each decision once; articles by code, the most cited first."""
    cited = cite(TEXT + " Pourvoi n° 21-12.345, pourvoi n° 20-11.139.")
    found = {one.shown: one.count for one in decisions(cited, Description(numbers=("2112345",)))}
    assert found["n°\u00a020-11.139"] == 2
    assert not any("21-12.345" in shown for shown in found)
    civil, labour = sources(cited)
    assert (civil.name, [(one.shown, one.count) for one in civil.articles]) == (
        "code civil",
        [("1240", 2), ("1241", 1)],
    )
    assert labour.name == "code du travail"


def test_what_cites_a_decision_is_listed(world: World, court: dict[str, str]) -> None:
    """By its number in any writing and by its ECLI, the newest first, with the sentence lit; not the same affair."""
    text = page(world, court["cited"])
    citing = part(text, "cite-par")
    assert "2\u00a0documents" in citing
    assert citing.index(court["ecli"]) < citing.index(court["number"])
    assert "<mark>20-12.345</mark>" in citing
    assert court["correction"] not in citing
    assert court["other"] not in citing
    assert court["correction"] in part(text, "affaire")
    assert court["cited"] not in part(text, "affaire")
    assert "code civil" in part(text, "cite")
    assert "Aucun document que vous pouvez lire ne cite cette décision." in page(world, court["other"])
    document = world.ask("sder", "GET", f"/documents/{court['cited']}")
    assert "Cité par 2" in document.text  # type: ignore[attr-defined]


def test_a_hidden_text_that_cites_is_neither_listed_nor_counted(world: World, court: dict[str, str]) -> None:
    """An outsider's pages are the same bytes with and without a colleague's draft that cites the decision."""
    before = page(world, court["cited"]), world.ask("sder", "GET", f"/documents/{court['cited']}").text  # type: ignore[attr-defined]
    case = world.open_case("2299999", ("rapporteur", "rapporteur"))
    hidden = world.draft("rapporteur", "Une note cite le pourvoi n° 20-12.345 et rien d'autre.", case)
    world.index()
    after = page(world, court["cited"]), world.ask("sder", "GET", f"/documents/{court['cited']}").text  # type: ignore[attr-defined]
    assert after == before
    assert hidden in page(world, court["cited"], "rapporteur")


def test_a_long_list_goes_on(world: World, court: dict[str, str]) -> None:
    """Twenty at a time, none twice, none left out; a cursor that is not ours is a sentence."""
    made = {
        decision(world, f"N° 20-12.345, rang {rank}.", f"ECLI:FR:CCASS:2024:SO{rank:05}", (f"24{rank:05}",), DAY)
        for rank in range(1, 25)
    }
    world.index()
    first = page(world, court["cited"])
    assert "26\u00a0documents" in first
    cursor = first.split("?suite=", 1)[1].split('"', 1)[0]
    rest = world.ask("sder", "GET", f"/documents/{court['cited']}/citations?suite={cursor}").text  # type: ignore[attr-defined]
    listed = [name for name in {*made, court["number"], court["ecli"]} if (name in first) != (name in rest)]
    assert len(listed) == 26
    refused = world.ask("sder", "GET", f"/documents/{court['cited']}/citations?suite=autre")
    assert refused.status_code in (400, 409)  # type: ignore[attr-defined]
