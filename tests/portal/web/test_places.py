"""Words found on the pages of an original, when somebody looks for them."""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from ingest import Extraction, PageLayout, Word, Workers
from portal.archive.documents import Deposit
from portal.intake.places import Places
from portal.web.pages.documents import located, unmeasured
from tests.portal.web.conftest import World

TEXT = "Le licenciement pour faute grave est contesté"
FONT, SIZE, LEFT, TOP = "Helvetica", 11, 72, 300


@pytest.fixture(scope="module")
def original() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for line in ("Page de garde", TEXT):
        canvas.setFont(FONT, SIZE)
        canvas.drawString(LEFT, A4[1] - TOP, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


@pytest.fixture(scope="module")
def reading(original: bytes) -> Iterator[Extraction]:
    with Workers(count=1) as workers:
        yield workers.extract(original, "mémoire.pdf")


def deposit(world: World, body: bytes, reading: Extraction) -> tuple[str, str]:
    """The document's id and the digest of its bytes."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    digest = world.archive.documents.put(io.BytesIO(body))
    piece = Deposit(digest=digest, size=len(body), name="m.pdf", extraction=reading, case_file=case)
    return world.archive.documents.deposit([piece])[0].document, digest


def test_a_hit_is_marked_where_its_word_stands(world: World, original: bytes, reading: Extraction) -> None:
    """The page that shows a PDF hears where each lit word is, to the point, and nothing for other pages."""
    document, _ = deposit(world, original, reading)
    answer: Any = world.ask("rapporteur", "GET", f"/documents/{document}/pages?q=faute")
    first, second = answer.json()["pages"]
    assert first["hits"] == []
    (((left, top, right, bottom),),) = second["hits"]
    before, through = (stringWidth(TEXT[:end], FONT, SIZE) for end in (TEXT.index("faute"), TEXT.index(" grave")))
    assert (left, right) == pytest.approx((LEFT + before, LEFT + through), abs=1)
    assert top < TOP < bottom + 1


def test_a_page_that_cannot_be_measured_marks_the_line(world: World, original: bytes, reading: Extraction) -> None:
    """Where the original does not open again, the whole line is marked: a hit never goes missing."""
    _, digest = deposit(world, b"%PDF-1.7 rien", reading)
    places = Places(world.archive.documents)
    try:
        found = places.place(reading, digest, [1])
    finally:
        places.close()
    at, line = reading.text.index("faute"), reading.pages[1].lines[0]
    assert located(found, [(at, at + 5)])[1]["hits"] == [[[line.left, line.top, line.right, line.bottom]]]


def test_only_pages_with_hits_are_measured() -> None:
    """A page without a hit, or whose words are known, is left alone."""
    line, word = Word(0, 10, 1, 1, 9, 2), Word(12, 15, 1, 1, 9, 2)
    pages = (
        PageLayout(9, 9, lines=(line,)),
        PageLayout(9, 9, (word,)),
        PageLayout(9, 9, lines=(Word(16, 20, 1, 1, 9, 2),)),
    )
    reading = Extraction(media_type="application/pdf", text="x" * 20, pages=pages)
    assert unmeasured(reading, [(3, 4), (12, 15)]) == [0]
    assert unmeasured(reading, []) == []
