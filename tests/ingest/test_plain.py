"""Plain text in any encoding."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.encoding import clean, decode
from ingest.extraction import Unreadable
from ingest.plain import PlainText, looks_like

SENTENCE = "Arrêt de la Cour : « l'été » à Évreux, où naquît le garçon, l'a dit-on reçu ; forêt, noël, maïs."


@pytest.mark.parametrize(
    "encoding",
    [
        "utf-8",
        "utf-8-sig",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "cp1252",
        "latin-1",
        "mac_roman",
        "cp850",
    ],
)
def test_every_old_encoding_gives_the_same_letters(encoding: str) -> None:
    """The same sentence in each encoding, with or without a mark, is read alike."""
    body = SENTENCE.encode(encoding)
    assert decode(body).text == SENTENCE
    assert looks_like(body)
    assert PlainText().extract(io.BytesIO(body), "lettre.txt").text == SENTENCE


def test_windows_signs_survive() -> None:
    """Dashes, apostrophes, œ and € of Windows are read as such, also where they came as control characters."""
    words = "l’œuvre – 1 000 €…"
    assert decode(words.encode("cp1252")).text == words
    assert clean("ma\u0153uvre d'\u009cuvre (\u0085)") == "maœuvre d'œuvre (…)"


def test_line_ends_become_one() -> None:
    """Lines of any machine end alike; form feeds part pages."""
    assert clean("a\r\nb\rc\fd\u2028e\0") == "a\nb\nc\nd\ne"


def test_some_bad_bytes_are_repaired_with_a_warning() -> None:
    """A UTF-8 text with a Windows byte in it is read, and the person is warned."""
    extraction = PlainText().extract(io.BytesIO((SENTENCE * 3).encode() + b"caf\xe9"), "a.txt")
    assert extraction.text.endswith("café")
    assert extraction.warnings


@pytest.mark.parametrize("body", [b"", bytes(range(256)) * 8, b"\x7fELF\x02\x01\x01" + b"\0\1\2\3" * 200, b"\0" * 500])
def test_what_is_no_text_is_unreadable(body: bytes) -> None:
    """Binary content and empty files end as a sentence in French for a clerk."""
    assert not looks_like(body)
    with pytest.raises(Unreadable) as refused:
        PlainText().extract(io.BytesIO(body), "a.txt")
    assert refused.value.sentence.endswith(".")


def test_white_space_alone_is_a_text_without_words() -> None:
    """A file of spaces opens, and holds no word."""
    assert not PlainText().extract(io.BytesIO(b"  \n \n"), "a.txt").text.strip()


@given(st.binary(max_size=400))
def test_no_bytes_crash_the_reader(body: bytes) -> None:
    """Any bytes become a text that can be encoded again, or a refusal."""
    looks_like(body)
    try:
        text = PlainText().extract(io.BytesIO(body), "a.txt").text
    except Unreadable:
        return
    assert text.encode("utf-8").decode("utf-8") == text
    assert "\0" not in text
