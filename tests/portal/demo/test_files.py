from __future__ import annotations

import io
import json
from pathlib import Path

import pypdfium2
import pytest
from docx import Document

from portal.demo.court import generate
from portal.demo.files import render, write
from portal.demo.shapes import Court


@pytest.fixture(scope="module")
def court() -> Court:
    return generate()


def words_of(data: bytes) -> str:
    document = pypdfium2.PdfDocument(data)
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    return " ".join(text.split())


def test_every_deposited_piece_is_a_file(court: Court, tmp_path: Path) -> None:
    """Each deposited piece and published decision becomes one file, and no draft does."""
    written = write(court, tmp_path)
    deposited = [piece for piece in court.pieces if piece.deposited]
    assert [one.piece for one in written if one.piece] == deposited
    assert len([one for one in written if one.published]) == len(court.published)
    assert len({one.path for one in written}) == len(written)
    assert all(one.path.stat().st_size > 100 for one in written)
    assert {one.path.suffix for one in written} == {".pdf", ".docx", ".html", ".txt", ".json"}
    record = next(one for one in written if one.published)
    assert json.loads(record.path.read_text("utf-8"))["id"] == record.path.stem


def test_bytes_do_not_depend_on_the_clock(court: Court) -> None:
    """A piece of each medium renders to the same bytes twice, so that its digest is its own."""
    for media in ("pdf", "scan", "docx", "html", "txt"):
        piece = next(piece for piece in court.pieces if piece.media == media)
        assert render(piece) == render(piece)


def test_pdf_keeps_accents(court: Court) -> None:
    """A memorial's PDF gives back its French text, its running head and its pages' numbers."""
    piece = next(piece for piece in court.pieces if piece.kind == "memoire_ampliatif")
    text = words_of(render(piece)[1])
    assert "MÉMOIRE AMPLIATIF" in text
    assert "PRODUCTIONS" in text
    assert "– 2 –" in text
    assert "l'article" in text or "articles" in text


def test_embedded_font_keeps_accents(court: Court) -> None:
    """A defence, set in an embedded font, gives back its French text."""
    piece = next(piece for piece in court.pieces if piece.kind == "memoire_defense" and piece.media == "pdf")
    assert "MÉMOIRE EN DÉFENSE" in words_of(render(piece)[1])


def test_two_scans_hold_no_text(court: Court) -> None:
    """Two exhibits are one-page images without text, so that what cannot be read is shown as such."""
    scans = [piece for piece in court.pieces if piece.media == "scan"]
    assert len(scans) == 2
    for piece in scans:
        data = render(piece)[1]
        assert len(pypdfium2.PdfDocument(data)) == 1
        assert words_of(data) == ""


def test_word_document_has_styles(court: Court) -> None:
    """A deposited report opens in Word with its headings in heading styles."""
    piece = next(piece for piece in court.pieces if piece.kind == "rapport" and piece.deposited)
    document = Document(io.BytesIO(render(piece)[1]))
    headings = [
        one.text for one in document.paragraphs if one.style is not None and one.style.name.startswith("Heading")
    ]
    assert any("Discussion" in text for text in headings)
    assert document.core_properties.title == piece.title
