"""French analysis, and the reading of what was typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.analysis import Lexicon, clean, fold, stem, words
from indexer.language import parse
from indexer.references import MOST, reference_key
from indexer.terms import Phrase, Reference, Word


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L'œuvre d’art", ["l", "oeuvre", "d", "art"]),
        ("Qu’il fût NOTIFIÉ", ["qu", "il", "fut", "notifie"]),
        ("non-lieu\u00a0; sous\u202frésérve", ["non", "lieu", "sous", "reserve"]),
        ("R*. 142‑24‑1, 3°", ["r", "142", "24", "1", "3"]),
        ("« mot² » nº 5", ["mot", "n", "5"]),
        ("ex æquo", ["ex", "aequo"]),
        ("Ελληνικά écrit", ["ελληνικα", "ecrit"]),
        ("a_b", ["a", "b"]),
        ("x" * 61 + " y", ["y"]),
        ("", []),
    ],
)
def test_words_are_folded(text: str, expected: list[str]) -> None:
    """Words come lower-cased, without accents, ligatures undone, cut at every apostrophe, hyphen and space."""
    assert words(clean(text)) == expected


@given(st.text())
def test_folding_keeps_offsets(text: str) -> None:
    """Whatever the text, the folded copy has one byte a code point of the cleaned text, and nothing raises."""
    cleaned = clean(text)
    assert len(fold(cleaned)) == len(cleaned)
    assert clean(cleaned) == cleaned
    assert all(word and word == word.strip() for word in words(cleaned))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("contrats", "contrat"),
        ("licenciement", "licencier"),
        ("salarie", "salaries"),
        ("procedures", "procedure"),
        ("civiles", "civil"),
    ],
)
def test_inflections_share_a_stem(one: str, other: str) -> None:
    """Number and gender do not hide a word."""
    assert stem(one) == stem(other)


def test_digits_are_no_words_to_inflect() -> None:
    """A number is its own stem."""
    assert stem("1242") == "1242"


def test_lexicon_counts_inflections_together() -> None:
    """Words of one stem have one number, grammatical words have 0."""
    lexicon = Lexicon()
    one, other, stop, third = lexicon.encode(["contrat", "contrats", "de", "bail"]).tolist()
    assert one == other != third
    assert stop == 0
    assert lexicon.names[third] == "bail"


APPEAL = Reference(("2112345",), (("21", "12", "345"), ("21", "12345"), ("2112345",)))


@pytest.mark.parametrize(
    "text",
    [
        "21-12.345",
        "21-12345",
        "21‑12.345",
        "21–12 345",
        "2112345",
        "C2112345",
        "C 21-12.345",
        "c 21-12.345",
        "n° 21-12.345",
        "nº 21-12.345",
        "pourvoi n° C 21-12.345",
        "Pourvois n° 21-12.345",
        "« 21-12.345 »",
    ],
)
def test_appeal_numbers_in_any_writing(text: str) -> None:
    """One appeal number, however written, is one reference and nothing else."""
    assert parse(text) == (APPEAL,)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("ecli:fr:ccass:2022:c100387", "ECLI:FR:CCASS:2022:C100387"),
        ("ECLI:FR:CC:2012:2012.270.QPC", "ECLI:FR:CC:2012:2012.270.QPC"),
        ("RG n° 18/04351", "18/04351"),
        ("R.G. 18/4351", "18/04351"),
        ("n° 19/025041", "19/02504"),
        ("RG 2016F01189", "2016F01189"),
        ("juritext000048430356", "JURITEXT000048430356"),
    ],
)
def test_other_references(text: str, key: str) -> None:
    """ECLI, RG and legacy identifiers are read in any writing."""
    (term,) = parse(text)
    assert isinstance(term, Reference)
    assert term.keys == (key,)


@pytest.mark.parametrize("text", ["12/2021", "article 700", "1 234 567", "L. 1242-2", "2022-02-01"])
def test_what_is_no_reference(text: str) -> None:
    """Months, articles, amounts and dates are words or phrases, not numbers of cases."""
    assert not any(isinstance(term, Reference) for term in parse(text))


def test_stored_numbers_meet_typed_ones() -> None:
    """A number as a record has it and as a person types it have one key."""
    for written in ("21-12.345", "2112345", "C 21-12.345"):
        assert reference_key(written) == "2112345"
    assert reference_key("RG 18/04351") == reference_key("18/4351") == "18/04351"
    assert reference_key("ecli:fr:ccass:2022:c100387") == "ECLI:FR:CCASS:2022:C100387"


def test_parts_of_a_query() -> None:
    """Quotation marks of all kinds make phrases; an unclosed one makes none; grammatical words drop out."""
    assert parse('le bail “de  chasse” "à" «cause réelle» « fin') == (
        Word("bail", "bail"),
        Phrase(("de", "chasse")),
        Phrase(("a",)),
        Phrase(("cause", "reelle")),
        Word("fin", "fin"),
    )
    assert parse("articles L. 1234-5") == (Word("articl", "articles"), Phrase(("1234", "5")))
    assert parse("de la") == (Phrase(("de",)), Phrase(("la",)))


@given(st.text(max_size=400))
def test_nothing_typed_raises(text: str) -> None:
    """Any text gives terms, not too many, each once."""
    terms = parse(text)
    assert len(terms) == len(set(terms)) <= MOST


def test_long_queries_are_bounded() -> None:
    """Ten thousand characters cost no more than `MOST` terms."""
    assert len(parse(" ".join(f"mot{n}" for n in range(2000)))) == MOST
    (phrase,) = parse('"' + "mot " * 2000 + '"')
    assert isinstance(phrase, Phrase)
    assert len(phrase.words) == MOST
