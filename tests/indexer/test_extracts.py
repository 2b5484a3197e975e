"""The lines shown of a document, and what is lit in them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import clean
from indexer.extracts import LENGTH, Highlighter
from indexer.language import parse
from indexer.page import Extract

FILLER = "La cour statue sur le moyen unique présenté par le demandeur au pourvoi. " * 12


def lit(text: str, query: str, most: int = 1) -> list[str]:
    return [e.text[a:b] for e in Highlighter(parse(query)).extracts([("texte", text)], most) for a, b in e.marks]


def extracts(text: str, query: str, most: int = 1) -> tuple[Extract, ...]:
    return Highlighter(parse(query)).extracts([("texte", text)], most)


@pytest.mark.parametrize(
    ("text", "query", "marks"),
    [
        ("Les contrats de travail", "contrat", ["contrats"]),
        ("L’œuvre et l'œuvre", "oeuvre", ["œuvre", "œuvre"]),
        ("L’oeuvre", "œuvres", ["oeuvre"]),
        ("LA PROCÉDURE", "procedure", ["PROCÉDURE"]),
        ("aujourd'hui l’employeur, qu’employeur", "l'employeur", ["employeur", "employeur"]),
        ("la cause réelle ; réelle cause ; cause\u00a0réelle", '"cause reelle"', ["cause réelle", "cause\u00a0réelle"]),
        ("Le pourvoi n° C 21-12.345 et 2112345", "21-12.345", ["21-12.345", "2112345"]),
        ("article L. 1234-5, 1234, 5", "L. 1234-5", ["1234-5", "1234, 5"]),
        ("contrat contraire contrainte", "contrat", ["contrat"]),
        ("bail rural, bail commercial", 'bail "bail rural"', ["bail rural", "bail"]),
        ("fréquemment fréquente", "fréquent", ["fréquemment", "fréquente"]),
        ("Cœur de cœurs", '"cœur de coeurs"', ["Cœur de cœurs"]),
    ],
)
def test_what_is_lit(text: str, query: str, marks: list[str]) -> None:
    """Inflections, accents, ligatures and numbers are lit as found; of a phrase, the phrase alone."""
    assert lit(text, query) == marks


def test_best_place_is_chosen() -> None:
    """Where the words stand together is shown rather than where one stands alone, however far it is."""
    text = "Le bail est ancien. " + FILLER * 3 + "Le congé du bail rural est nul. " + FILLER + "Le congé."
    (extract,) = extracts(text, "congé bail")
    assert "Le congé du bail rural est nul." in extract.text
    assert [extract.text[a:b] for a, b in extract.marks] == ["congé", "bail"]


def test_rare_word_beside_a_frequent_one() -> None:
    """A word found hundreds of times does not hide where the rare one stands beside it."""
    text = "Le bail court. " * 200 + "Le bail est une emphytéose. " + "Le bail court. " * 200
    (extract,) = extracts(text, "bail emphytéose")
    assert "emphytéose" in extract.text
    assert sum(extract.text[a:b] == "bail" for a, b in extract.marks) == extract.text.count("bail")


def test_second_extract_shows_something_else() -> None:
    """The second extract stands elsewhere and prefers words not yet shown."""
    text = "Le congé est donné. " + FILLER + "Le congé est reçu. " + FILLER + "Le loyer est dû. " + FILLER
    first, second = extracts(text, "congé loyer", most=2)
    assert {"congé", "loyer"} == {e.text[a:b] for e in (first, second) for a, b in e.marks}


def test_cut_at_sentences_and_words() -> None:
    """An extract opens with a sentence where it can, shows its cuts by ellipses, and never cuts a word."""
    text = FILLER + "M. Dupont, art. L. 1234-5, a donné congé au preneur. " + FILLER
    (extract,) = extracts(text, "congé")
    assert extract.text.startswith("M. Dupont, art. L. 1234-5, a donné")
    assert len(extract.text) <= LENGTH + 4
    (extract,) = extracts("mot " * 300 + "congé " + "mot " * 300, "congé")
    assert extract.text.startswith("… mot")
    assert extract.text.endswith("mot …")


def test_french_punctuation_stays_with_its_word() -> None:
    """No extract opens with a closing mark, or closes on an opening one."""
    text = "avant « guillemets » ; suite : encore ! " * 40
    for query in ("guillemets", "suite", "encore", "avant"):
        for extract in extracts(text, query, most=3):
            bare = extract.text.strip("… ")
            assert bare[0] not in "»;:!?"
            assert bare[-1] != "«"


def test_no_mark_where_words_stand_in_the_title_alone() -> None:
    """A document found otherwise shows how it opens, summary first."""
    body = [("introduction", "Audience publique du 3 mars."), ("summary", "Le bail rural est un contrat.")]
    (extract,) = Highlighter(parse("hélicoptère")).extracts(body, 2)
    assert extract == Extract("summary", "Le bail rural est un contrat.")
    assert Highlighter(parse("bail")).extracts([("texte", " \n ")], 2) == ()
    assert Highlighter(parse("bail")).extracts(body, 0) == ()


def test_extract_names_its_zone_and_stays_in_it() -> None:
    """Words on both sides of a border between zones make two places."""
    body = [("moyens", "Le bail est nul."), ("motivations", "Le congé est tardif.")]
    found = Highlighter(parse("bail congé")).extracts(body, 3)
    assert {(e.zone, e.text) for e in found} == {
        ("moyens", "Le bail est nul."),
        ("motivations", "Le congé est tardif."),
    }


@given(st.text(alphabet="abé’ œ.\n«»-12", max_size=600), st.integers(0, 10_000))
def test_marks_are_exact(text: str, seed: int) -> None:
    """Whatever the text, marks are disjoint, in order, within the extract, and light whole words of it."""
    text = clean(text)
    rng = random.Random(seed)
    query = " ".join(rng.sample(text.split() or ["a"], k=min(3, len(text.split()) or 1)))
    for extract in extracts(text, query, most=3):
        previous = 0
        for a, b in extract.marks:
            assert previous <= a < b <= len(extract.text)
            assert extract.text[a:b].strip() == extract.text[a:b]
            assert a == 0 or not extract.text[a - 1].isalnum()
            assert b == len(extract.text) or not extract.text[b].isalnum()
            previous = b
        shown = extract.text.removeprefix("… ").removesuffix(" …")
        assert shown in text.replace("\n", " ")
