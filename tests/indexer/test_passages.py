"""Passages cover a record and say where they stand."""

from __future__ import annotations

import random
import unicodedata
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from indexer.passages import LEAST, OVERLAP, WORDS, passages, spans
from tests.indexer.court import decision


def sentences(count: int, words: int, seed: int = 1) -> str:
    draw = random.Random(seed)
    return " ".join(
        " ".join(draw.choice(["cour", "arrêt", "société", "l’employeur", "2022"]) for _ in range(words)) + "."
        for _ in range(count)
    )


@given(st.text(st.sampled_from("aé. \n\t«»;:!?1’"), max_size=3000))
def test_every_word_stands_in_a_passage(text: str) -> None:
    """Nothing of a text is left out, passages begin and end with a word, and each begins after the one before."""
    found = list(spans(text, words=20, overlap=4))
    covered = bytearray(len(text))
    for start, end in found:
        covered[start:end] = b"\x01" * (end - start)
        assert text[start:end] == text[start:end].strip() != ""
        assert len(text[start:end].split()) <= 24
    assert all(covered[at] or character.isspace() for at, character in enumerate(text))
    assert [start for start, _ in found] == sorted({start for start, _ in found})


def test_cuts_fall_on_sentences_and_repeat_the_last_of_them() -> None:
    """A passage ends with a sentence, and the next one begins with a sentence within the overlap."""
    text = sentences(60, 20)
    found = list(spans(text))
    assert len(found) > 5
    for (_, end), (start, _) in pairwise(found):
        assert text[end - 1] == "."
        assert text[start - 2] == "."
        assert 0 < len(text[start:end].split()) <= OVERLAP
    assert all(len(text[start:end].split()) <= WORDS + LEAST for start, end in found)


def test_paragraphs_are_better_cuts_than_sentences() -> None:
    """Where a paragraph ends in reach, the passage ends with it."""
    text = sentences(8, 20) + "\n\n" + sentences(8, 20, seed=2)
    first = next(iter(spans(text)))
    assert text[first[1] :].startswith("\n\n")


def test_an_abbreviation_ends_no_sentence() -> None:
    """« art. » and « L. » are followed by what they announce."""
    text = " ".join(["vu l’art. L. 1234-5 du code"] * 40)
    assert all(not text[start:end].endswith(("art.", "L.")) for start, end in spans(text, words=50, overlap=5))


def test_first_passage_says_what_the_record_is() -> None:
    """The summary leads, under title and themes; then the zones in reading order, each with its own offsets."""
    record = decision(
        "a",
        sentences(30, 20),
        title="Soc., 2 mars 2022",
        themes="contrat de travail",
        summary="Le licenciement est nul.",
    )
    first, *rest = passages(record)
    assert first.text == "Soc., 2 mars 2022\ncontrat de travail\nLe licenciement est nul."
    assert (first.zone, record.summary[first.start : first.end]) == ("summary", "Le licenciement est nul.")
    assert len(rest) > 2
    for passage in rest:
        assert passage.zone == "motivations"
        assert record.zones["motivations"][passage.start : passage.end] == passage.text


def test_a_title_alone_is_a_passage_and_nothing_is_none() -> None:
    """A record without a text is found by its title; one without either has no vector."""
    (only,) = passages(decision("a", title="Note en délibéré"))
    assert (only.zone, only.text) == ("title", "Note en délibéré")
    assert passages(decision("a", title=" ")) == ()


def test_offsets_are_those_of_the_text_that_the_full_text_keeps() -> None:
    """Decomposed accents and soft hyphens are undone before cutting, as they are before indexing."""
    written = unicodedata.normalize("NFD", "La dé\u00adcision rendue à l’été.")
    (only,) = passages(decision("a", written, title=""))
    assert only.text == "La décision rendue à l’été."
    assert (only.start, only.end) == (0, len(only.text))
