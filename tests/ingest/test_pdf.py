"""PDF files: reading order, cut words, running heads, tables, places of words, and files that do not open."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from ingest.codec import dumps, loads
from ingest.extraction import Extraction, Unreadable
from ingest.ocr import Tesseract
from ingest.pdf import Pdf
from ingest.pdf.specimen import FONTS, specimen
from ingest.placing import place_words
from ingest.sandbox.programs import NoPrograms

WIDTH, HEIGHT = A4
LEADING = 14
NO_OCR = Tesseract(NoPrograms())


def draw(
    *pages: Sequence[tuple[float, float, str]], rotation: int = 0, encrypt: StandardEncryption | None = None
) -> bytes:
    """A PDF of lines: left and top in points from the top left."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=encrypt)
    for page in pages:
        canvas.setPageRotation(rotation)
        canvas.setFont("Helvetica", 11)
        for left, top, text in page:
            canvas.drawString(left, HEIGHT - top, text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def column(lines: Sequence[str], left: float = 72, top: float = 150) -> list[tuple[float, float, str]]:
    return [(left, top + LEADING * number, line) for number, line in enumerate(lines)]


def read(body: bytes) -> Extraction:
    return Pdf(reader=NO_OCR).extract(io.BytesIO(body), "pièce.pdf")


def measure(body: bytes) -> Extraction:
    """As `read`, kept and opened again, with the place of each word as the page that shows it asks for them."""
    reading = loads(dumps(read(body)))
    numbers = range(len(reading.pages))
    found = loads(dumps(Pdf(reader=NO_OCR).measure(io.BytesIO(body), numbers)))
    return replace(reading, pages=tuple(place_words(reading, number, found, number) for number in numbers))


def test_lines_of_a_paragraph_become_one() -> None:
    """Lines that the page's width broke are joined; a short line or an empty one ends its paragraph."""
    body = draw(
        [
            *column(
                [
                    "Le moyen fait grief à l'arrêt de rejeter la demande de l'employeur tendant à ce",
                    "que le licenciement soit jugé fondé sur une cause réelle et sérieuse, alors que la",
                    "lettre le disait.",
                    "La cour d'appel a retenu que la lettre ne comportait aucun motif précis et que le",
                    "salarié n'avait pas été entendu.",
                ]
            ),
            (72, 260, "PAR CES MOTIFS, la Cour :"),
        ]
    )
    assert read(body).text == (
        "Le moyen fait grief à l'arrêt de rejeter la demande de l'employeur tendant à ce que le licenciement soit jugé "
        "fondé sur une cause réelle et sérieuse, alors que la lettre le disait.\n"
        "La cour d'appel a retenu que la lettre ne comportait aucun motif précis et que le salarié n'avait pas été "
        "entendu.\n\nPAR CES MOTIFS, la Cour :"
    )


def test_each_recital_is_a_paragraph() -> None:
    """« Attendu » after a semicolon opens a paragraph, even where the line before it is full."""
    lines = [
        "Attendu que la société a formé un pourvoi contre l'arrêt de la cour d'appel de Lyon ;",
        "Attendu que ce pourvoi est recevable au regard des articles du code qui sont cités",
        "au mémoire ampliatif ;",
    ]
    assert read(draw(column(lines))).text == f"{lines[0]}\n{lines[1]} {lines[2]}"


@pytest.mark.parametrize(
    ("head", "tail", "whole"),
    [
        ("le juge a vérifié la juridic-", "tion saisie du litige", "juridiction"),
        ("le juge a vérifié que celui-", "ci avait bien été saisi", "celui-ci"),
        ("le juge a vérifié avec Jean-", "Pierre que tout y était", "Jean-Pierre"),
        ("le juge a visé l'article L. 1235-", "3 du code du travail", "1235-3"),
        ("le juge a vérifié, c'est-à-", "dire qu'il a tout relu", "c'est-à-dire"),
        ("le juge a lu le procès-", "verbal dressé ce jour-là", "procès-verbal"),
        ("le juge a vérifié la juridic\u00ad", "tion saisie du litige", "juridiction"),
    ],
)
def test_a_word_cut_at_a_line_end_is_whole_again(head: str, tail: str, whole: str) -> None:
    """A hyphen that only the line's end called for goes; one of the word's own stays."""
    text = read(draw(column([head, tail]))).text
    assert whole in text
    assert not set(text) & {"\ufffe", "\x02", "\u00ad", "\n"}


def test_a_cut_word_has_a_box_on_each_line() -> None:
    """Both halves of a rejoined word can be shown on the page."""
    extraction = measure(draw(column(["le juge a vérifié la juridic-", "tion saisie du litige"])))
    halves = {extraction.text[word.start : word.end]: word for word in extraction.pages[0].words}
    assert halves["juridic"].end == halves["tion"].start
    assert halves["juridic"].top < halves["tion"].top


def test_columns_come_one_after_the_other() -> None:
    """Two columns written one after the other are not interleaved."""
    left = [f"gauche {number} du premier exposé" for number in range(12)]
    right = [f"droite {number} du second exposé" for number in range(12)]
    text = read(draw(column(left, 60) + column(right, 320))).text
    assert text.index("gauche 11") < text.index("droite 0")


def test_running_heads_feet_and_page_numbers_go() -> None:
    """What repeats at one place on each page is no part of the text; the pages' own words stay."""
    pages = [
        [
            (72, 40, "Pourvoi n° 21-12.345"),
            (300, 40, "Première chambre civile"),
            *column([f"Voici le motif numéro {number} de cette décision de la cour."]),
            (250, 800, f"Page {number} sur 5"),
            (72, 815, f"- {number} -"),
        ]
        for number in range(1, 6)
    ]
    text = read(draw(*pages)).text
    assert [f"motif numéro {number} " in text for number in range(1, 6)] == [True] * 5
    assert not any(gone in text for gone in ("Pourvoi", "chambre", "Page", "sur 5", "- "))


def test_numbered_articles_at_the_top_of_pages_stay() -> None:
    """A line that differs from page to page by more than the page's number is text."""
    pages = [[(72, 100, f"Article {number}"), *column(["Il est ainsi jugé."])] for number in (3, 7, 8, 12, 20)]
    text = read(draw(*pages)).text
    assert all(f"Article {number}" in text for number in (3, 7, 8, 12, 20))


def test_a_sentence_goes_on_over_the_page() -> None:
    """A page's end within a sentence is a space."""
    text = read(draw(column(["la cour d'appel a violé le texte"]), column(["susvisé en ne répondant pas."]))).text
    assert text == "la cour d'appel a violé le texte susvisé en ne répondant pas."


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_each_word_has_its_place(rotation: int) -> None:
    """Offsets name the words in the text, and boxes lie where the page shows them, however it is turned."""
    extraction = measure(draw([(72, 300, "Éléments d'appréciation"), (72, 700, "fin")], rotation=rotation))
    page = extraction.pages[0]
    words = {extraction.text[word.start : word.end]: word for word in page.words}
    assert set(words) == {"Éléments", "d'appréciation", "fin"}
    assert (page.width, page.height) == pytest.approx((WIDTH, HEIGHT), abs=1)
    first, up = words["Éléments"], HEIGHT - 300
    start = {0: first.left, 90: first.top, 180: WIDTH - first.right, 270: HEIGHT - first.bottom}[rotation]
    foot = {0: HEIGHT - first.bottom, 90: first.left, 180: first.top, 270: WIDTH - first.right}[rotation]
    assert (start, foot) == pytest.approx((72, up), abs=4)


def test_a_ruled_table_is_read_by_row() -> None:
    """Cells of a ruled table stand side by side in their row, even where the file wrote them by column."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    rows = [("Chef de demande", "Montant"), ("Rappel de salaire", "3 200 euros"), ("Dommages-intérêts", "8 000 euros")]
    canvas.drawString(72, HEIGHT - 150, "Le salarié demande :")
    canvas.grid([72, 250, 400], [HEIGHT - 180 - 25 * number for number in range(4)])
    for column_number, left in enumerate((76, 254)):
        for number, row in enumerate(rows):
            canvas.drawString(left, HEIGHT - 197 - 25 * number, row[column_number])
    canvas.save()
    extraction = read(out.getvalue())
    assert extraction.text.split("\n\n")[0] == "Le salarié demande :"
    assert [line for line in extraction.text.splitlines() if "|" in line] == [" | ".join(row) for row in rows]
    assert "|" not in {extraction.text[word.start : word.end] for word in extraction.pages[0].words}


def test_a_locked_file_says_so() -> None:
    """A file that asks for a password is refused by name; one that opens without is read."""
    with pytest.raises(Unreadable) as caught:
        read(draw(column(["secret"]), encrypt=StandardEncryption("clef", ownerPassword="maître")))
    assert (caught.value.reason, "mot de passe" in caught.value.sentence) == ("encrypted", True)
    opened = read(
        draw(column(["Imprimable seulement"]), encrypt=StandardEncryption("", ownerPassword="maître", canModify=0))
    )
    assert opened.text == "Imprimable seulement"


def test_a_damaged_file_gives_what_opens() -> None:
    """A file cut before its index, or behind other bytes, is still read; one of noise is refused by name."""
    whole = draw(*(column([f"Voici le motif {number} retenu."]) for number in range(3)))
    assert "motif 2 retenu" in read(whole[: whole.rindex(b"xref")]).text
    assert "motif 2 retenu" in read(b"\r\n" * 4000 + whole).text
    for noise in (b"", b"%PDF-1.7\n", b"%PDF-1.4\n" + bytes(range(256)) * 20):
        with pytest.raises(Unreadable) as caught:
            read(noise)
        assert caught.value.reason == "damaged"


def test_each_page_is_reported_and_none_is_lost() -> None:
    """Whoever watches hears of each page; a blank page keeps its place."""
    seen: list[int] = []
    body = draw(column(["un"]), [], column(["trois"]))
    extraction = Pdf(lambda: seen.append(1), reader=NO_OCR).extract(io.BytesIO(body), "pièce.pdf")
    assert (len(seen), len(extraction.pages), extraction.warnings) == (3, 3, ())


def test_what_was_typed_into_a_form_is_read() -> None:
    """A form's fields are part of what its page says."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    canvas.drawString(72, 600, "Nom du demandeur :")
    canvas.acroForm.textfield(name="nom", value="Lefrançois", x=200, y=594, width=200, height=20)
    canvas.save()
    assert {"demandeur", "Lefrançois"} <= set(read(out.getvalue()).text.split())


def test_a_file_without_words_says_so() -> None:
    """A PDF of blank pages is kept, with a sentence for the person who deposited it."""
    extraction = read(draw([], []))
    assert (extraction.text, len(extraction.pages), len(extraction.warnings)) == ("", 2, 1)


def test_our_own_page_is_read_without_a_fault() -> None:
    """The page that warms a worker holds its line once for each font, and asks for no other reader."""
    extraction = read(specimen())
    assert extraction.warnings == ()
    assert extraction.text.count("arrêt du 3 mars 2021, pourvoi n° 21-12.345") == len(FONTS)


def test_french_legal_files_keep_their_paragraphs(corpora: Path) -> None:
    """Real conditions of use come out in whole paragraphs, without the feet of their pages."""
    zstandard = pytest.importorskip("zstandard")
    import tarfile

    archive = corpora / "parser-files" / "legal-fr.tar.zst"
    if not archive.is_file():
        pytest.skip(f"no {archive.name} in {archive.parent}")
    plain = io.BytesIO(zstandard.ZstdDecompressor().stream_reader(archive.read_bytes()).read())
    with tarfile.open(fileobj=plain) as files:
        body = files.extractfile("legal-fr/docs/raw/legifrance/cgu-legifrance-api.pdf").read()
    text = read(body).text
    assert (
        "\n« DILA » : la Direction de l’information légale et administrative (DILA) est une direction d’administration "
        "centrale des services du Premier ministre, placée sous l’autorité du secrétaire général du Gouvernement "
        "français.\n"
    ) in text
