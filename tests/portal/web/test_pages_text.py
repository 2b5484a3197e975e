"""Texts as the pages show them: lit words, zones, citations, boxes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.language import parse
from indexer.page import Extract
from ingest.extraction import Citation, Extraction, PageLayout, Word, Zone
from portal.web.lighting import light
from portal.web.pages.documents import located
from portal.web.passages import LEAD, extract_pieces, sections


def lit(text: str, query: str) -> list[str]:
    return [text[start:end] for start, end in light(text, parse(query))]


@pytest.mark.parametrize(
    ("query", "text", "expected"),
    [
        ("licenciement", "Les licenciements et le licenciement.", ["licenciements", "licenciement"]),
        ("egalite", "L'égalité de traitement", ["égalité"]),
        ("œuvre", "l'OEUVRE et l'œuvre", ["OEUVRE", "œuvre"]),
        ('"vice du consentement"', "un Vice  du consentement ; vice caché", ["Vice  du consentement"]),
        ("J 21-20.723", "pourvoi n° J 21-20.723 ; 2120723 ; 21-20.724", ["21-20.723", "2120723"]),
        ("de la", "de la cour", ["de", "la"]),
        ("", "rien", []),
        ('"faute grave" grave', "une faute grave, grave", ["faute grave", "grave"]),
    ],
)
def test_the_words_asked_for_are_lit(query: str, text: str, expected: list[str]) -> None:
    """A page lights what the search found: inflections of words, phrases as they stand, numbers in any writing."""
    assert lit(text, query) == expected


def extraction(text: str, zones: tuple[Zone, ...] = (), citations: tuple[Citation, ...] = ()) -> Extraction:
    return Extraction(media_type="text/plain", text=text, zones=zones, citations=citations)


def words_of(found: Extraction, spans: list[tuple[int, int]] | None = None) -> str:
    shown = sections(found, spans or [])
    return "".join(p.text for s in shown for paragraph in s.paragraphs for p in paragraph.pieces)


@given(
    st.text(alphabet="abc é\n_1", max_size=120),
    st.lists(
        st.tuples(st.integers(0, 120), st.integers(0, 120), st.sampled_from(["moyens", "dispositif"])), max_size=4
    ),
    st.lists(st.tuples(st.integers(0, 120), st.integers(1, 9)), max_size=6),
)
def test_no_word_of_a_text_is_lost_or_doubled(
    text: str, zones: list[tuple[int, int, str]], marks: list[tuple[int, int]]
) -> None:
    """Whatever the zones and the lit spans, even crooked ones, every character but line ends is shown once."""
    spans: list[tuple[int, int]] = []
    for start, length in sorted(marks):
        if start + length <= len(text) and (not spans or start >= spans[-1][1]):
            spans.append((start, start + length))
    found = extraction(text, tuple(Zone(name, start, end) for start, end, name in zones))
    assert "".join(words_of(found, spans).split()) == "".join(text.split())


def test_zones_follow_one_another_with_what_stands_between() -> None:
    """Text outside every zone keeps its place between the zones."""
    found = extraction("Entre\nFaits\nFin", (Zone("expose", 6, 11),))
    assert [(section.zone, len(section.paragraphs)) for section in sections(found, [])] == [
        ("", 1),
        ("expose", 1),
        ("", 1),
    ]


def test_citations_lead_to_a_search() -> None:
    """What the text cites is a link to what bears it or cites it too; what the document calls itself is none."""
    text = "Voir n° 20-11.139 et l'article 1240."
    found = extraction(
        text,
        citations=(
            Citation(kind="pourvoi", text="20-11.139", start=8, end=17, value="2011139"),
            Citation(kind="article", text="article 1240", start=23, end=35, value="code civil#1240"),
        ),
    )
    pieces = sections(found, [(8, 10)])[0].paragraphs[0].pieces
    linked = [piece for piece in pieces if piece.address]
    assert [(piece.text, piece.lit, piece.address) for piece in linked] == [
        ("20", True, "/recherche?q=20-11.139"),
        ("-11.139", False, "/recherche?q=20-11.139"),
        ("article 1240", False, "/recherche?q=art.+1240+code+civil"),
    ]
    own = sections(found, [], {"2011139"})[0].paragraphs[0].pieces
    assert [piece.text for piece in own if piece.address] == ["article 1240"]


def test_a_line_of_underscores_is_drawn_as_a_rule() -> None:
    """Typed rules take no room as text."""
    paragraphs = sections(extraction("A\n______\nB"), [])[0].paragraphs
    assert [paragraph.rule for paragraph in paragraphs] == [False, True, False]


def test_the_first_lit_word_of_an_extract_shows_in_a_narrow_list() -> None:
    """A long lead-in is cut at a word, and the marks stay on their words."""
    text = "mot " * 40 + "vice du consentement allégué"
    at = text.index("vice")
    pieces = extract_pieces(Extract("motivations", text, ((at, at + 20),)))
    lead = "".join(piece.text for piece in pieces).index("vice")
    assert lead <= LEAD + 2
    assert [piece.text for piece in pieces if piece.lit] == ["vice du consentement"]


def test_underscores_leave_an_extract_with_its_marks_in_place() -> None:
    """Rules typed in the text do not eat the list's room."""
    text = "COUR ________ Audience"
    pieces = extract_pieces(Extract("introduction", text, ((0, 4), (14, 22))))
    assert "".join(piece.text for piece in pieces) == "COUR · Audience"
    assert [piece.text for piece in pieces if piece.lit] == ["COUR", "Audience"]


def test_hits_are_located_on_the_page() -> None:
    """A hit's words on one line share a box; a hit over two lines has two; pages without hits have none."""
    words = (
        Word(0, 4, 10, 100, 40, 112),
        Word(5, 7, 44, 100, 54, 112),
        Word(8, 20, 10, 116, 90, 128),
        Word(21, 25, 94, 116, 120, 128),
    )
    found = Extraction(
        media_type="application/pdf",
        text="vice du consentement faux",
        pages=(PageLayout(595, 842, words, scanned=True), PageLayout(595, 842)),
    )
    first, second = located(found, [(0, 20)])
    assert first["hits"] == [[[10, 100, 54, 112], [10, 116, 90, 128]]]
    assert first["scanned"] is True
    assert second["hits"] == []
