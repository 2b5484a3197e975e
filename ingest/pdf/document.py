"""A PDF file (*document*) from its bytes to its text."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import BinaryIO

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.extraction import Extraction, Unreadable
from ingest.layout import Line, Sheet, compose, list_lines
from ingest.metadata import enrich
from ingest.ocr import DPI, MAX_PIXELS, Gray, Tesseract, Unrecognised, idle
from ingest.pdf.drawing import weigh
from ingest.pdf.frame import Frame
from ingest.pdf.lattice import find_tables
from ingest.pdf.page import PageText, everywhere, unfold
from ingest.pdf.running import strip_running
from ingest.pdf.tables import lay_out, outline, touch
from ingest.sandbox.programs import OwnPrograms

MAX_PAGES = 5_000
MAX_BYTES = 512 * 1024 * 1024
OCR_SECONDS = 600.0
"""Spent on a file's scanned pages; those left stand without text rather than lose the whole."""
ENCRYPTED = (
    "Ce PDF est protégé par un mot de passe : il est gardé tel quel, déposez-en une copie sans mot de passe "
    "pour qu'il soit lu."
)
UNKNOWN_LOCK = (
    "Ce PDF est protégé par un procédé inconnu : il est gardé tel quel, déposez-en une copie sans protection "
    "pour qu'il soit lu."
)
DAMAGED = "Ce PDF est abîmé : il est gardé tel quel, déposez-en une autre copie pour qu'il soit lu."
TOO_LARGE = "Ce PDF dépasse 512 Mo : il est gardé tel quel, déposez-le en plusieurs parties pour qu'il soit lu."
LONG = f"Seules les {MAX_PAGES} premières pages sont lues : le fichier est gardé entier, déposez la suite à part."
LOST = "{pages} : abîmé, rien n'a pu y être lu ; le reste est lu et le fichier est gardé entier."
EMPTY = "Aucun texte n'a été trouvé dans ce PDF : il est gardé entier, vérifiez que c'est bien le bon fichier."
LATE = "ce fichier a trop de pages numérisées pour être lu d'un seul tenant"
BLANK = "{pages} sans texte : {reason} ; le fichier est gardé entier, à relire plus tard."


class Pdf:
    """Reads a page at a time and calls `progress` after each; scanned pages go to the reader of images."""

    media_types = frozenset({"application/pdf"})

    def __init__(self, progress: Callable[[], None] = idle, reader: Tesseract | None = None) -> None:
        self._progress = progress
        self._reader = reader or Tesseract(OwnPrograms(progress))

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        sheets, warnings = self.read(file)
        text, pages = compose(strip_running(sheets))
        if not text and not warnings:
            warnings = (EMPTY,)
        return enrich(Extraction(media_type="application/pdf", text=text, pages=pages, warnings=warnings), name)

    def read(self, file: BinaryIO) -> tuple[tuple[Sheet, ...], tuple[str, ...]]:
        """The pages as they lie, running heads included, and what a person must know. Raises `Unreadable`."""
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Unreadable("too-large", TOO_LARGE)
        document = _open(data)
        sheets: list[Sheet] = []
        notes = _Notes()
        try:
            for number in range(min(len(document), MAX_PAGES)):
                sheets.append(self._page(document, number, notes))
                self._progress()
            if not sheets or len(notes.lost) == len(sheets):
                raise Unreadable("damaged", DAMAGED)
            return tuple(sheets), (*notes.sentences(), *((LONG,) if len(document) > MAX_PAGES else ()))
        finally:
            document.close()

    def measure(self, file: BinaryIO, pages: Sequence[int]) -> Extraction:
        """The lines of these pages as they lie, counted from zero, and each of their words. Raises `Unreadable`."""
        document = _open(file.read(MAX_BYTES + 1))
        try:
            sheets = [self._measured(document, number) for number in pages]
        finally:
            document.close()
        text, layouts = list_lines(sheets)
        return Extraction(media_type="application/pdf", text=text, pages=layouts)

    def _measured(self, document: pdfium.PdfDocument, number: int) -> Sheet:
        try:
            page = _unfolded(document, number)
            try:
                frame = Frame.of(page)
                text = PageText(page, frame)
                try:
                    return Sheet(*frame.size, text.lines(everywhere))
                finally:
                    text.close()
            finally:
                page.close()
                self._progress()
        except (pdfium.PdfiumError, IndexError):
            return Sheet(0, 0)

    def _page(self, document: pdfium.PdfDocument, number: int, notes: _Notes) -> Sheet:
        try:
            page = _unfolded(document, number)
        except pdfium.PdfiumError:
            notes.lost.append(number + 1)
            return Sheet(0, 0)
        try:
            return self._sheet(page, number, notes)
        except pdfium.PdfiumError:
            notes.lost.append(number + 1)
            return Sheet(*page.get_size())
        finally:
            page.close()

    def _sheet(self, page: pdfium.PdfPage, number: int, notes: _Notes) -> Sheet:
        frame = Frame.of(page)
        text = PageText(page, frame)
        try:
            lines = text.lines()
            drawing = weigh(page, frame)
            if drawing.rules and _upright(lines) and (tables := find_tables(drawing.rules)):
                return Sheet(
                    *frame.size, lay_out(text.lines(partial(touch, [outline(table) for table in tables])), tables)
                )
        finally:
            text.close()
        if not drawing.pictures_text(sum(len(line.text) for line in lines)):
            return Sheet(*frame.size, lines)
        begun = time.monotonic()
        try:
            return Sheet(*frame.size, self._recognise(page, notes.spent), scanned=True)
        except Unrecognised as error:
            notes.blank.setdefault(str(error), []).append(number + 1)
            return Sheet(*frame.size, lines)
        finally:
            notes.spent += time.monotonic() - begun

    def _recognise(self, page: pdfium.PdfPage, spent: float) -> tuple[Line, ...]:
        if spent > OCR_SECONDS:
            raise Unrecognised(LATE)
        return self._reader.read(_draw(page))


class _Notes:
    """Pages, from one, that could not be read, and why; and the seconds that scanned ones took."""

    def __init__(self) -> None:
        self.spent = 0.0
        self.lost: list[int] = []
        self.blank: dict[str, list[int]] = {}

    def sentences(self) -> tuple[str, ...]:
        blank = (BLANK.format(pages=_name(pages), reason=reason) for reason, pages in self.blank.items())
        return (*blank, *((LOST.format(pages=_name(self.lost)),) if self.lost else ()))


def _name(pages: list[int]) -> str:
    """« Page 3 », « Pages 1 à 4, 7 »."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][-1] + 1:
            spans[-1][1:] = [page]
        else:
            spans.append([page])
    named = ", ".join(" à ".join(map(str, span)) for span in spans)
    return f"Page{'s' if len(pages) > 1 else ''} {named}"


def _open(data: bytes) -> pdfium.PdfDocument:
    """The document; one with an empty password opens by itself. Raises `Unreadable`."""
    start = data.find(b"%PDF-")
    for body in (data, data[start:] if start > 0 else b"%PDF-1.7\n" + data):
        try:
            return pdfium.PdfDocument(body)
        except pdfium.PdfiumError as error:
            if error.err_code == raw.FPDF_ERR_PASSWORD:
                raise Unreadable("encrypted", ENCRYPTED) from error
            if error.err_code == raw.FPDF_ERR_SECURITY:
                raise Unreadable("encrypted", UNKNOWN_LOCK) from error
    raise Unreadable("damaged", DAMAGED)


def _unfolded(document: pdfium.PdfDocument, number: int) -> pdfium.PdfPage:
    page = document[number]
    if not unfold(page):
        return page
    page.close()
    return document[number]


def _upright(lines: Sequence[Line]) -> bool:
    """Whether the words run from left to right on the page as shown."""
    return sum(line.right - line.left for line in lines) > sum(line.bottom - line.top for line in lines)


def _draw(page: pdfium.PdfPage) -> Gray:
    """The page at 300 dpi, less where it is larger than `MAX_PIXELS` allow."""
    width, height = page.get_size()
    scale = min(DPI / 72, (MAX_PIXELS / max(1.0, width * height)) ** 0.5)
    bitmap = page.render(scale=scale, grayscale=True)
    try:
        rows = memoryview(bytes(bitmap.buffer))
        pixels = b"".join(rows[at * bitmap.stride : at * bitmap.stride + bitmap.width] for at in range(bitmap.height))
        return Gray(pixels, bitmap.width, bitmap.height, scale * 72)
    finally:
        bitmap.close()
