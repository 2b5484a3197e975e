"""Paragraphs of PDF files: those that were printed come back, however they were set."""

from __future__ import annotations

import io
from functools import cache
from itertools import pairwise

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.pdf import Pdf
from portal.demo.court import generate
from portal.demo.printing import pdf
from portal.demo.shapes import Piece, numbered_lines
from tests.ingest.paragraphs import SETTINGS, Score, Setting, compare, typeset
from tests.ingest.test_pdf import NO_OCR, column, draw, measure, read

KINDS = ("memoire_ampliatif", "memoire_defense", "arret_attaque")


@cache
def pieces() -> tuple[Piece, ...]:
    """A few long pieces of the demo court."""
    held = [piece for piece in generate().pieces if piece.media == "pdf" and piece.kind in KINDS]
    return tuple(piece for kind in KINDS for piece in [one for one in held if one.kind == kind][:3])


def paragraphs(piece: Piece) -> list[str]:
    return [part for line in numbered_lines(piece.blocks) for part in line.split("\n") if part.strip()]


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_paragraphs_come_back_as_they_were_set(setting: Setting) -> None:
    """Justified, ragged, indented, hanging, close or apart: 97 % of the boundaries are found and true."""
    known = [paragraph for piece in pieces() for paragraph in paragraphs(piece)]
    score = compare(known, read(typeset(known, setting)).text)
    assert score.true > 250
    assert score.f1 >= 0.97, score


def test_paragraphs_of_the_demo_court_come_back() -> None:
    """The demo court's own memorials and decisions, printed with columns and headings, keep their paragraphs."""
    score = Score()
    for piece in pieces():
        extraction = Pdf(reader=NO_OCR).extract(io.BytesIO(pdf(piece)), "pièce.pdf")
        if len(extraction.pages) > 1:  # on one page alone, a running head cannot be told from a title
            score += compare(paragraphs(piece), extraction.text)
    assert score.true > 150
    assert score.f1 >= 0.97, score


@pytest.mark.parametrize("mark", [":", ";", "»", "» ;", "?"])
def test_no_paragraph_begins_with_a_mark_that_ends_one(mark: str) -> None:
    """A mark that French sets off by a space, thrown to the next line by the width, goes with the line before."""
    lines = ["La cour d'appel a retenu que la clause était « réputée non écrite", f"{mark} le pourvoi est rejeté"]
    assert read(draw(column(lines))).text == " ".join(lines)
    assert read(draw(column([lines[0]]), column([lines[1]]))).text == " ".join(lines)


def test_a_title_and_an_ordinary_name_are_told_apart() -> None:
    """« M. » at the beginning of a line numbers nothing; a party's label and a ruling's verb open a paragraph."""
    lines = [
        "Le conseil de prud'hommes a été saisi le 3 mars par deux anciens salariés de la société.",
        "M. Lestrade demandait le paiement de ses heures supplémentaires, et Mme Lefaucheux,",
        "INFIRME le jugement rendu par le conseil de prud'hommes en toutes ses dispositions,",
        "APPELANT : M. Lestrade, domicilié à Tours, comparant en personne et assisté de conseil",
    ]
    assert read(draw(column(lines))).text == f"{lines[0]} {lines[1]}\n{lines[2]}\n{lines[3]}"


@pytest.mark.parametrize(
    ("drawn", "spacing", "read_as"),
    [
        ("R É P U B L I Q U E   F R A N Ç A I S E", 0.0, "RÉPUBLIQUE FRANÇAISE"),
        ("RÉPUBLIQUE FRANÇAISE", 5.0, "RÉPUBLIQUE FRANÇAISE"),
        ("RÉPUBLIQUE FRANÇAISE", 9.0, "RÉPUBLIQUE FRANÇAISE"),
        ("A R R Ê T   N ° 12", 0.0, "ARRÊT N ° 12"),
        ("hépatites A B C D", 0.0, "hépatites A B C D"),
    ],
)
def test_letters_set_apart_make_words(drawn: str, spacing: float, read_as: str) -> None:
    """A letter-spaced title is found by its words, each in its place; a list of letters stays one."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.setFont("Times-Roman", 14)
    canvas.drawString(72, 700, drawn, charSpace=spacing)
    canvas.save()
    extraction = measure(out.getvalue())
    assert extraction.text == read_as
    words = extraction.pages[0].words
    assert [extraction.text[word.start : word.end] for word in words] == read_as.split()
    assert all(before.right < after.left for before, after in pairwise(words))
