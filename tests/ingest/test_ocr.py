"""Scanned pages: read by Tesseract to within two characters in a hundred, and never lost where it is missing."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest
import reportlab
from PIL import Image as Picture
from PIL import ImageDraw, ImageFont
from rapidfuzz.distance import Levenshtein
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from ingest.extraction import Extraction, Unreadable
from ingest.ocr import Image, Tesseract
from ingest.pdf import Pdf
from ingest.sandbox.programs import OUT_OF_TIME, NoPrograms, Ran

FONT = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
WIDTH, HEIGHT = 2480, 3508
"""A4 at 300 dpi."""
DECISION = """\
La société Établissements Garnier, dont le siège est à Évreux, a formé le pourvoi
n° 21-12.345 contre l'arrêt rendu le 9 mars 2021 par la cour d'appel de Rouen, dans
le litige l'opposant à Mme Noëlle Lefèvre, défenderesse à la cassation.

Selon l'arrêt attaqué, la salariée, engagée le 1er août 2011 en qualité de comptable,
a été licenciée pour faute grave le 12 février 2018. Elle a saisi la juridiction
prud'homale d'une contestation de cette rupture, en demandant 14 250,80 euros.

L'employeur fait grief à l'arrêt de dire le licenciement dépourvu de cause réelle et
sérieuse, alors « que le juge ne peut méconnaître les termes du litige, tels qu'ils
sont fixés par les conclusions ; qu'en jugeant ainsi, la cour d'appel a violé
l'article 4 du code de procédure civile ».

Réponse de la Cour : vu l'article L. 1235-3 du code du travail, il résulte de ce
texte que l'indemnité à la charge de l'employeur est comprise entre des montants
minimaux et maximaux. PAR CES MOTIFS, la Cour casse et annule l'arrêt attaqué."""


@pytest.fixture(scope="module")
def reader() -> Tesseract:
    """The program, with its French data; the test is skipped where either is missing."""
    found = Tesseract()
    if found.missing:
        pytest.skip("tesseract or its French data is not installed")
    return found


def page(text: str = DECISION, scale: float = 1.0) -> Picture.Image:
    """The text set in 11 points, as a scanner gives it."""
    picture = Picture.new("L", (round(WIDTH * scale), round(HEIGHT * scale)), 255)
    font = ImageFont.truetype(str(FONT), round(46 * scale))
    ImageDraw.Draw(picture).multiline_text((250 * scale, 300 * scale), text, 20, font, spacing=24 * scale)
    return picture


def saved(picture: Picture.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def scan(*pictures: Picture.Image) -> bytes:
    """A PDF that holds pictures alone."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for picture in pictures:
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def errors(text: str, wanted: str = DECISION) -> float:
    """Wrong characters in a hundred; how the lines are broken does not count, nor the shape of an apostrophe."""
    got, truth = (" ".join(each.replace("’", "'").split()) for each in (text, wanted))
    return 100 * Levenshtein.distance(got, truth) / len(truth)


@pytest.mark.ocr
def test_a_scanned_page_is_read_to_two_in_a_hundred(reader: Tesseract) -> None:
    """A page at 300 dpi inside a PDF gives its French text, whole paragraphs, and the place of each word."""
    extraction = Pdf().extract(io.BytesIO(scan(page())), "numérisé.pdf")
    assert errors(extraction.text) <= 2
    assert "la cour d'appel de Rouen, dans le litige" in extraction.text.replace("’", "'")
    layout = extraction.pages[0]
    assert (layout.scanned, extraction.warnings) == (True, ())
    assert (layout.width, layout.height) == pytest.approx(A4, abs=1)
    societe = next(word for word in layout.words if extraction.text[word.start : word.end] == "société")
    assert 60 < societe.left < societe.right < 140
    assert 70 < societe.top < societe.bottom < 95


@pytest.mark.ocr
@pytest.mark.parametrize(("kind", "scale"), [("PNG", 1.0), ("JPEG", 1.0), ("PNG", 0.5)])
def test_an_image_is_read_as_well(reader: Tesseract, kind: str, scale: float) -> None:
    """PNG and JPEG are read alike, and a picture of half the fineness still to within three in a hundred."""
    options = {"dpi": (300 * scale, 300 * scale)} | ({"quality": 80} if kind == "JPEG" else {})
    extraction = Image().extract(io.BytesIO(saved(page(scale=scale), kind, **options)), "page")
    assert errors(extraction.text) <= (2 if scale == 1 else 3)
    assert (extraction.media_type, extraction.pages[0].width) == (f"image/{kind.lower()}", pytest.approx(A4[0], abs=1))


@pytest.mark.ocr
def test_each_page_of_a_tiff_is_read_and_reported(reader: Tesseract) -> None:
    """A TIFF of two pages gives both in order, and whoever watches hears of each."""
    first, second = page("Premier feuillet du dossier"), page("Second feuillet du dossier")
    seen: list[int] = []
    body = saved(first, "TIFF", save_all=True, append_images=[second], dpi=(300, 300))
    extraction = Image(lambda: seen.append(1)).extract(io.BytesIO(body), "fax.tiff")
    assert extraction.text.split("\n\n") == ["Premier feuillet du dossier", "Second feuillet du dossier"]
    assert (len(seen) >= 2, extraction.media_type, len(extraction.pages)) == (True, "image/tiff", 2)


def test_without_the_program_nothing_is_lost() -> None:
    """Where no OCR is installed, the file stands without text and says so."""
    none = Tesseract(NoPrograms())
    pdf = Pdf(reader=none).extract(io.BytesIO(scan(page(), page())), "numérisé.pdf")
    image = Image(reader=none).extract(io.BytesIO(saved(page(), "PNG")), "page.png")
    assert (pdf.text, image.text, len(pdf.pages)) == ("", "", 2)
    assert [len(each.warnings) for each in (pdf, image)] == [1, 1]
    assert pdf.warnings[0].startswith("Pages 1 à 2 sans texte : la reconnaissance de caractères n'est pas installée")
    assert "gardé entier" in image.warnings[0]


class Answering:
    """Programs in memory: knows French, and reads each page as told."""

    def __init__(self, page: Ran) -> None:
        self._page = page

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:
        return Ran(0, b"eng\nfra\n") if "--list-langs" in words else self._page


def test_a_page_that_takes_too_long_is_named() -> None:
    """A page on which OCR ran out of time leaves the others, and a sentence that names it."""
    extraction = Pdf(reader=Tesseract(Answering(Ran(OUT_OF_TIME)))).extract(io.BytesIO(scan(page())), "numérisé.pdf")
    assert extraction.text == ""
    assert extraction.warnings[0].startswith("Page 1 sans texte : la reconnaissance de caractères a pris trop de temps")


def test_too_many_scanned_pages_leave_the_first_ones_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Once a file's time for OCR is spent, its other pages stand without text and are named."""
    monkeypatch.setattr("ingest.pdf.document.OCR_SECONDS", 0.0)
    row = "\t".join(["5", *"11111", "300", "300", "90", "30", "96", "enfin"])
    reader = Tesseract(Answering(Ran(0, f"level\n{row}\n".encode())))
    extraction = Pdf(reader=reader).extract(io.BytesIO(scan(page(), page(), page())), "numérisé.pdf")
    assert (extraction.text, len(extraction.pages)) == ("enfin", 3)
    assert extraction.warnings[0].startswith("Pages 2 à 3 sans texte")


def test_a_word_cut_at_the_end_of_a_scanned_line_is_whole_again() -> None:
    """What a page says over two lines is joined as in a PDF's own text, in one paragraph."""
    rows = [("1", "la"), ("1", "juridic-"), ("2", "tion"), ("2", "saisie")]
    table = "level\n" + "".join(
        f"5\t1\t1\t1\t{line}\t{number}\t{300 * number}\t{50 * int(line)}\t200\t40\t96\t{text}\n"
        for number, (line, text) in enumerate(rows)
    )
    reader = Tesseract(Answering(Ran(0, table.encode())))
    assert Image(reader=reader).extract(io.BytesIO(saved(page(), "PNG")), "page").text == "la juridiction saisie"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
def test_a_damaged_image_is_refused_by_name(kind: str) -> None:
    """A picture cut short, or of another kind altogether, is refused with a sentence."""
    whole = saved(page(), kind)
    for body in (b"", whole[: len(whole) // 3], b"GIF89a" + bytes(50)):
        with pytest.raises(Unreadable) as caught:
            read_without_words(body)
        assert caught.value.reason == "damaged"


def test_a_bomb_is_refused_before_it_unfolds() -> None:
    """A few bytes that claim a billion pixels are refused by their size alone."""
    with pytest.raises(Unreadable) as caught:
        read_without_words(saved(Picture.new("1", (40_000, 30_000)), "PNG"))
    assert caught.value.reason == "too-large"


def read_without_words(body: bytes) -> Extraction:
    return Image(reader=Tesseract(NoPrograms())).extract(io.BytesIO(body), "page")
