"""The pages of clearances: told before they are changed, changed once confirmed, open to those in charge alone."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from portal.nouns.member import Member
from tests.portal.web.conftest import World
from tests.portal.web.test_pages import Markup, get, post, text_of

CHANGES = "/habilitations/changements"
NEXT_MONTH = (datetime.now(UTC) + timedelta(days=30)).date().isoformat()


@pytest.fixture
def officer(world: World) -> str:
    member = Member("habil", "Mme", "Vidal", frozenset({"habilitations", "greffe"}))
    world.archive.people.add([member])
    world.tokens["habil"] = world.archive.tokens.create("habil")
    return "habil"


def sees(world: World, member: str, piece: str) -> bool:
    answer: Any = get(world, member, f"/documents/{piece}")
    return bool(answer.status_code == 200)


def test_a_change_is_shown_before_it_is_made(world: World, officer: str) -> None:
    """The effect is told in pieces opened and closed; only the confirmation changes anything."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    piece = world.deposit("Mémoire", case_file=case)
    asked = {"nature": "deport", "membre": "rapporteur", "numero": "21-12.345", "motif": "Lien de parenté"}
    told = post(world, officer, CHANGES, data=asked)
    assert "Fermera : pièce (1)" in text_of(told)
    assert sees(world, "rapporteur", piece)
    assert post(world, officer, CHANGES, data={**asked, "confirme": "1"}).status_code == 303
    assert not sees(world, "rapporteur", piece)
    page = text_of(get(world, officer, "/habilitations"))
    assert "Lien de parenté" in page
    assert "Écartés par un mur de déport" in text_of(get(world, officer, f"/documents/{piece}/habilitations"))


@pytest.mark.parametrize(
    "asked",
    [
        {"nature": "attribution", "membre": "autre", "numero": "2112345", "part": "conseiller"},
        {
            "nature": "exception",
            "membre": "autre",
            "numero": "C 21-12.345",
            "qualite": "siege",
            "motif": "Examen",
            "fin": NEXT_MONTH,
        },
        {
            "nature": "delegation",
            "pour": "rapporteur",
            "membre": "autre",
            "numero": "2112345",
            "motif": "Suppléance",
            "fin": NEXT_MONTH,
        },
    ],
)
def test_each_road_opens_the_file(world: World, officer: str, asked: dict[str, str]) -> None:
    """An attribution, an exception and a delegation each open the file's pieces, and say why on the person's page."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    piece = world.deposit("Mémoire", case_file=case)
    assert not sees(world, "autre", piece)
    assert "Ouvrira : pièce (1)" in text_of(post(world, officer, CHANGES, data=asked))
    assert post(world, officer, CHANGES, data={**asked, "confirme": "1"}).status_code == 303
    assert sees(world, "autre", piece)
    assert "21-12.345" in text_of(get(world, officer, "/habilitations/membres/autre"))


@pytest.mark.parametrize("member", ["rapporteur", "greffe", "sder", "admin"])
def test_others_change_nothing(world: World, member: str) -> None:
    """Whoever is not in charge finds no page of another's clearances and changes none."""
    world.open_case("2112345", ("rapporteur", "rapporteur"))
    assert get(world, member, "/habilitations/membres/autre").status_code == 404
    asked = {"nature": "attribution", "membre": member, "numero": "2112345", "part": "conseiller", "confirme": "1"}
    assert post(world, member, CHANGES, data=asked).status_code == 403
    assert "Alerte" not in text_of(get(world, member, "/habilitations"))


def test_one_lends_and_takes_back_a_part(world: World) -> None:
    """A magistrate lends their part in a file from their own page, and withdraws it there."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    piece = world.deposit("Mémoire", case_file=case)
    asked = {
        "nature": "delegation",
        "membre": "autre",
        "numero": "2112345",
        "motif": "Suppléance",
        "fin": NEXT_MONTH,
        "confirme": "1",
    }
    assert post(world, "rapporteur", CHANGES, data=asked).status_code == 303
    assert sees(world, "autre", piece)
    page = get(world, "rapporteur", "/habilitations").text
    grant = page.split('name="id" value="')[1].split('"')[0]
    ended = post(world, "rapporteur", "/habilitations/retraits", data={"nature": "habilitation", "id": grant})
    assert ended.status_code == 303
    assert not sees(world, "autre", piece)


def test_an_emergency_is_seen_by_the_bench(world: World, officer: str) -> None:
    """The file opens at once; its bench reads who, when and why, and answers for it."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    secret = world.archive.sign_ins.open("autre")
    asked = {"numero": "21-12.345", "motif": "Requête en suspension"}
    taken: Any = world.in_person(secret, "POST", "/urgence", asked)
    assert taken.headers["location"] == f"/dossiers/{case}"
    assert get(world, "autre", f"/dossiers/{case}").status_code == 200
    page = get(world, "rapporteur", "/habilitations")
    assert "Requête en suspension" in text_of(page)
    grant = page.text.split('action="/habilitations/alertes/')[1].split('"')[0]
    assert post(world, "doyen", f"/habilitations/alertes/{grant}", data={}).status_code == 404
    assert post(world, "rapporteur", f"/habilitations/alertes/{grant}", data={}).status_code == 303
    assert "Requête en suspension" not in text_of(get(world, "rapporteur", "/habilitations"))
    refused = post(world, "sder", "/urgence", data={"numero": "21-12.345", "motif": "Curiosité"})
    assert refused.status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {"nature": "deport", "membre": "personne", "numero": "2112345", "motif": "Déport"},
        {"nature": "deport", "membre": "autre", "numero": "99-99.999", "motif": "Déport"},
        {
            "nature": "exception",
            "membre": "autre",
            "numero": "2112345",
            "qualite": "siege",
            "motif": "X y",
            "fin": "demain",
        },
        {"nature": "autre"},
    ],
)
def test_a_slip_gets_a_sentence(world: World, officer: str, asked: dict[str, str]) -> None:
    """A name, a number or a day that cannot be read is refused in a sentence that says what to do."""
    world.open_case("2112345", ("rapporteur", "rapporteur"))
    answer = post(world, officer, CHANGES, data=asked)
    assert answer.status_code == 400
    assert any(word in text_of(answer) for word in ("Choisissez", "Vérifiez", "Indiquez"))


def test_nothing_of_these_pages_runs(world: World, officer: str) -> None:
    """Names and reasons that are attacks stay text on every page of clearances."""
    attack = "<script>alert(1)</script>"
    world.archive.people.add([Member("pirate", "M.", attack, frozenset({"conseiller"}))])
    world.open_case("2112345", ("rapporteur", "rapporteur"))
    asked = {"nature": "deport", "membre": "pirate", "numero": "2112345", "motif": attack}
    pages = [post(world, officer, CHANGES, data=asked)]
    post(world, officer, CHANGES, data={**asked, "confirme": "1"})
    pages += [get(world, officer, address) for address in ("/habilitations", "/habilitations/membres/pirate")]
    for page in pages:
        assert "alert(1)" in page.text
        assert Markup(page.text).dangers == []
