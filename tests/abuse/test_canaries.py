"""Case 1 in bulk: each canary is in one hidden document, somewhere in what is kept of it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from ingest.extraction import Metadata, Value
from tests.portal.web.conftest import World, serving

SEARCHES = (
    "/api/search?q={}",
    "/api/search?q={}&mode=lexical",
    "/api/search?q={}&mode=semantic",
    "/api/search?q=%22{}%22",
    "/api/search?q=faute+{}",
    "/recherche?q={}",
    "/recherche?q={}&tri=recent",
)
STRANGERS = ("autre", "admin")
_SYLLABLES = "ba", "ce", "di", "fo", "gu", "ja", "ke", "li", "mo", "nu", "pa", "re", "si", "to", "vu"


def canary(chance: random.Random) -> str:
    """A word of no language, which no analysis shortens to another."""
    return "".join(chance.choices(_SYLLABLES, k=6)) + "x"


def hidden(world: World, word: str, place: str, case: str) -> str:
    """A deposited piece of a case file that keeps the word in the place named."""
    said = f"Mémoire : la faute du salarié, {word if place == 'text' else 'sans plus'}."
    plain = Metadata(kind=Value("piece", False, "essai"))
    metadata = replace(plain, title=Value(f"Mémoire {word}", True, "essai")) if place == "title" else plain
    if place == "party":
        metadata = replace(plain, parties=(Value(word, True, "essai"),))
    name = f"{word}.txt" if place == "name" else "piece.txt"
    return world.deposit(said, case_file=case, metadata=metadata, name=name)


def seen(world: World, member: str, address: str, word: str) -> tuple[int, str]:
    """The answer, less the word itself: a page repeats what was asked."""
    answer = world.ask(member, "GET", address.format(word))
    return answer.status_code, answer.text.replace(word, "").replace(word.capitalize(), "")  # type: ignore[attr-defined]


@pytest.fixture
def wide(tmp_path: Path) -> Iterator[World]:
    """A portal that lets a member ask thousands of questions in a minute."""
    with serving(tmp_path, limits=1_000.0) as world:
        yield world


@pytest.mark.parametrize("member", STRANGERS)
def test_no_canary_is_felt_by_any_search(wide: World, soak: bool, member: str) -> None:
    """Whatever holds it (text, title, file name, party), a hidden word is answered as before it was there."""
    chance = random.Random(1)
    for number in range(5):
        text = f"Arrêt {number} sur la faute du salarié"
        wide.published(text, f"ECLI:FR:CCASS:2022:C10038{number}", f"211234{number}")
    case = wide.open_case("2199999", ("rapporteur", "rapporteur"))
    words = [canary(chance) for _ in range(1_000 if soak else 24)]
    places = [("text", "title", "name", "party")[at % 4] for at in range(len(words))]
    wide.index()
    before = {(word, address): seen(wide, member, address, word) for word in words for address in SEARCHES}
    kept = [hidden(wide, word, place, case) for word, place in zip(words, places, strict=True)]
    wide.index()
    for (word, address), answer in before.items():
        assert seen(wide, member, address, word) == answer, (word, address)
    for at in range(0, len(words), 4):
        found = wide.ask("rapporteur", "GET", f"/api/search?q={words[at]}&mode=lexical")
        assert [hit["id"] for hit in found.json()["hits"]] == [kept[at]]  # type: ignore[attr-defined]
