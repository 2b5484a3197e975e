"""Similar cases: which, why, what the reader thinks of them; nothing of what is hidden from them has a part in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from ingest.citations import cite
from ingest.extraction import Extraction
from ingest.extraction import Value as Known
from portal.archive.documents import Deposit
from tests.portal.conftest import published
from tests.portal.web.conftest import World

LEASE = "Vu l'article 1719 du code civil. Le bailleur délivre un logement décent ; le preneur subit un trouble."
LABOUR = "Vu l'article L. 1235-3 du code du travail. Le licenciement du salarié est sans cause réelle et sérieuse."


def decision(world: World, text: str, number: str, solution: str = "rejet") -> str:
    metadata = replace(
        published(f"ECLI:FR:CCASS:2022:SO{number[2:]}", (number,)),
        date=Known(date(2022, 1, 5), True, "essai"),
        solution=Known(solution, True, "essai"),
    )
    digest = world.archive.documents.put(BytesIO(text.encode()))
    extraction = Extraction(media_type="text/plain", text=text, metadata=metadata, citations=cite(text))
    deposit = Deposit(digest=digest, size=len(text), name="a.txt", extraction=extraction, case_file=None, by="")
    return world.archive.documents.deposit([deposit])[0].document


@pytest.fixture
def court(world: World) -> dict[str, str]:
    made = {
        "lease": decision(world, LEASE, "2100001"),
        "same": decision(world, LEASE + " Le bailleur répond du trouble.", "2100002", "cassation"),
        "labour": decision(world, LABOUR, "2100003"),
        "labour too": decision(world, LABOUR + " L'employeur l'indemnise.", "2100004"),
    }
    world.index()
    return made


def page(world: World, document: str, member: str = "sder") -> str:
    answer = world.ask(member, "GET", f"/documents/{document}/semblables")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    return str(answer.text)  # type: ignore[attr-defined]


def mark(world: World, document: str, other: str, said: str, member: str = "sder") -> int:
    answer = world.ask(member, "POST", f"/documents/{document}/semblables", data={"autre": other, "avis": said})
    return int(answer.status_code)  # type: ignore[attr-defined]


def test_the_most_alike_comes_first_and_says_why(world: World, court: dict[str, str]) -> None:
    """The decision that says and cites the same leads, with what both cite; another outcome is flagged."""
    text = page(world, court["lease"])
    assert text.index(court["same"]) < min(text.find(court[name]) % 10**9 for name in ("labour", "labour too"))
    assert "article 1719, code civil" in text
    assert text.count("solution différente") == 1
    assert f'id="{court["lease"]}"' not in text
    assert "Passages qui se répondent" in text


def test_what_one_thinks_is_kept_and_is_one_s_own(world: World, court: dict[str, str]) -> None:
    """« Utile » stays pressed for its reader alone; said again, it is taken back; another word is refused."""
    assert mark(world, court["lease"], court["same"], "bon") == 303
    pressed = 'value="bon" class="plain" aria-pressed="true"'
    assert page(world, court["lease"]).count(pressed) == 1
    assert page(world, court["lease"], "rapporteur").count(pressed) == 0
    assert mark(world, court["lease"], court["same"], "mauvais") == 303
    assert page(world, court["lease"]).count(pressed) == 0
    assert page(world, court["lease"]).count('value="mauvais" class="plain" aria-pressed="true"') == 1
    assert mark(world, court["lease"], court["same"], "mauvais") == 303
    assert 'aria-pressed="true"' not in page(world, court["lease"])
    assert mark(world, court["lease"], court["same"], "peut-être") == 400


def test_a_hidden_text_has_no_part_in_it(world: World, court: dict[str, str]) -> None:
    """With a colleague's own draft that says the very same, the page of an outsider is the same bytes."""
    before = page(world, court["lease"])
    case = world.open_case("2299999", ("rapporteur", "rapporteur"))
    hidden = world.draft("rapporteur", LEASE, case)
    world.index()
    assert page(world, court["lease"]) == before
    assert hidden in page(world, court["lease"], "rapporteur")
    assert mark(world, court["lease"], hidden, "bon") == 404
    assert mark(world, court["lease"], "nulle-part", "bon") == 404


def test_a_draft_finds_what_is_like_it(world: World, court: dict[str, str]) -> None:
    """While it is being written, by its author."""
    case = world.open_case("2299998", ("rapporteur", "rapporteur"))
    draft = world.draft("rapporteur", LABOUR, case)
    world.index()
    text = page(world, draft, "rapporteur")
    assert text.index(court["labour"]) >= 0
    assert text.find(court["labour"]) < text.find(court["lease"]) % 10**9


def test_no_name_has_a_part_in_likeness(world: World, court: dict[str, str]) -> None:
    """Two decisions that share nothing but a rapporteur are no nearer for it (COJ, art. L. 111-13)."""
    del court
    shared = "Mme Extraordinaire"
    made = []
    for number, words in (("2100010", "Servitude de passage sur le fonds voisin."), ("2100011", "Brevet contrefait.")):
        metadata = replace(
            published(f"ECLI:FR:CCASS:2022:SO{number[2:]}", (number,)), rapporteur=Known(shared, True, "essai")
        )
        digest = world.archive.documents.put(BytesIO(words.encode()))
        extraction = Extraction(media_type="text/plain", text=words, metadata=metadata)
        deposit = Deposit(digest=digest, size=9, name="a.txt", extraction=extraction, case_file=None, by="")
        made.append(world.archive.documents.deposit([deposit])[0].document)
    world.index()
    text = page(world, made[0])
    assert (
        f'id="{made[1]}"' not in text or "cités par les deux" not in text.split(f'id="{made[1]}"')[1].split("</li>")[0]
    )
    assert shared not in text
