"""One PDF page (*page*) read by PDFium into lines of placed words."""

from __future__ import annotations

import re
from ctypes import c_float, c_ushort
from dataclasses import dataclass

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.layout import Line, Piece, make_line

MAX_OBJECTS = 20_000
"""Objects looked at on a page, when its images and rules are weighed."""

MARGIN = 0.14
"""Share of the page's height, above and below, where running heads and feet may stand, framed or not."""

MAX_SEGMENTS = 2_000
"""A path of more is a drawing, not a table's rules."""

FEW_CHARACTERS = 25
"""A page with fewer, and with images over half of it, is the picture of a page."""

_UNIT = re.compile(r"[^\s\ufffe\x02]+[\ufffe\x02]?|[\ufffe\x02]|[\r\n]+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|\u00ad(?!$)")


@dataclass(frozen=True, slots=True)
class Frame:
    """The part of the page that shows, and how it is turned; maps PDF space to points from the top left."""

    left: float
    bottom: float
    right: float
    top: float
    rotation: int

    @classmethod
    def of(cls, page: pdfium.PdfPage) -> Frame:
        left, bottom, right, top = page.get_bbox()
        return cls(left, bottom, right, top, page.get_rotation() % 360)

    @property
    def size(self) -> tuple[float, float]:
        width, height = self.right - self.left, self.top - self.bottom
        return (height, width) if self.rotation in (90, 270) else (width, height)

    def plain(self, page: pdfium.PdfPage) -> bool:
        """True where every reader places the page alike: upright, whole, its corner at zero."""
        whole = page.get_mediabox() == (self.left, self.bottom, self.right, self.top)
        return whole and self.rotation == 0 and abs(self.left) + abs(self.bottom) < 0.01

    def place(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom as shown."""
        if self.rotation == 90:
            return bottom - self.bottom, left - self.left, top - self.bottom, right - self.left
        if self.rotation == 180:
            return self.right - right, bottom - self.bottom, self.right - left, top - self.bottom
        if self.rotation == 270:
            return self.top - top, self.right - right, self.top - bottom, self.right - left
        return left - self.left, self.top - top, right - self.left, self.top - bottom


def unfold(page: pdfium.PdfPage) -> bool:
    """Write what was typed into forms and free notes onto the page; True where it must be opened anew."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT):
            return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)
    return False


def read_lines(page: pdfium.PdfPage, frame: Frame) -> tuple[Line, ...]:
    """The page's lines in reading order, as its maker wrote them (columns one after the other)."""
    text_page = page.get_textpage()
    try:
        return _lines(text_page, frame)
    finally:
        text_page.close()


def _lines(text_page: pdfium.PdfTextPage, frame: Frame) -> tuple[Line, ...]:
    lines: list[Line] = []
    pieces: list[Piece] = []
    box, end = raw.FS_RECTF(), raw.FS_RECTF()
    handle, measure, place = text_page.raw, raw.FPDFText_GetLooseCharBox, frame.place
    for unit in _UNIT.finditer(_characters(text_page)):
        found = unit.group()
        if found[0] in "\r\n":
            if pieces:
                lines.append(make_line(pieces))
                pieces = []
            continue
        cut = found[-1] in "\ufffe\x02"
        shown = found if found.isprintable() else _CONTROL.sub("", found)
        if not shown:
            continue
        # Two boxes a word, its first and its last character's: asking for each would take as long as all the rest.
        measure(handle, unit.start(), box)
        measure(handle, unit.end() - 1 - cut, end)
        sides = place(
            min(box.left, end.left), min(box.bottom, end.bottom), max(box.right, end.right), max(box.top, end.top)
        )
        pieces.append(Piece(shown, *sides, cut))
        if cut:
            lines.append(make_line(pieces))
            pieces = []
    if pieces:
        lines.append(make_line(pieces))
    return tuple(lines)


def _characters(text_page: pdfium.PdfTextPage) -> str:
    """One code point for each of PDFium's characters, so that an index in the string is theirs."""
    count = text_page.count_chars()
    if count <= 0:
        return ""
    buffer = (c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(text_page, 0, count, buffer)
    text = bytes(memoryview(buffer)[: max(0, written - 1)]).decode("utf-16-le", "surrogatepass")
    if len(text) == count and written == count + 1:
        return text
    # Some characters have no place in PDFium's text, or need two units: ask for each.
    codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What a page holds beside text: the share of it that images cover, its paths, and its ruled lines."""

    covered: float
    paths: int
    level: int
    upright: int

    def pictures_text(self, characters: int) -> bool:
        """True where a page of so few characters is a picture of words, scanned or drawn letter by letter."""
        if characters >= FEW_CHARACTERS:
            return False
        return self.covered > 0.5 or (not characters and (self.covered > 0.05 or self.paths > 100))

    @property
    def ruled(self) -> bool:
        """True where rules cross each other often enough for a table."""
        return self.level >= 3 and self.upright >= 2


def weigh(page: pdfium.PdfPage, frame: Frame) -> Drawing:
    """Look at the page's images, and at the straight rules of its body, without drawing it."""
    width, height = frame.right - frame.left, frame.top - frame.bottom
    area = max(1.0, width * height)
    covered, paths = 0.0, 0
    level: set[int] = set()
    upright: set[int] = set()
    sides = (c_float(), c_float(), c_float(), c_float())
    handle = page.raw
    for index in range(min(raw.FPDFPage_CountObjects(handle), MAX_OBJECTS)):
        item = raw.FPDFPage_GetObject(handle, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind in (raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_SHADING):
            continue
        if not raw.FPDFPageObj_GetBounds(item, *sides):
            continue
        left, bottom, right, top = (side.value for side in sides)
        wide, high = min(right, frame.right) - max(left, frame.left), min(top, frame.top) - max(bottom, frame.bottom)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
            if top < frame.bottom + MARGIN * height or bottom > frame.top - MARGIN * height:
                continue
            for box in _strokes(item) or ((left, bottom, right, top),):
                _note_rules(level, upright, box)
        elif wide > 0 and high > 0:
            covered += wide * high / area
    return Drawing(covered, paths, len(level), len(upright))


def _strokes(path: raw.FPDF_PAGEOBJECT) -> list[tuple[float, float, float, float]]:
    """The straight strokes of a path drawn in one go, such as a grid; empty for a plain box or rule."""
    count = raw.FPDFPath_CountSegments(path)
    if not 5 < count <= MAX_SEGMENTS:
        return []
    matrix, x, y = raw.FS_MATRIX(), c_float(), c_float()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    strokes = []
    before = (0.0, 0.0)
    for index in range(count):
        segment = raw.FPDFPath_GetPathSegment(path, index)
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        here = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        if raw.FPDFPathSegment_GetType(segment) == raw.FPDF_SEGMENT_LINETO:
            (left, right), (bottom, top) = sorted((before[0], here[0])), sorted((before[1], here[1]))
            if right - left < 4 or top - bottom < 4:
                strokes.append((left, bottom, right, top))
        before = here
    return strokes or [(0.0, 0.0, 0.0, 0.0)]


def _note_rules(level: set[int], upright: set[int], box: tuple[float, float, float, float]) -> None:
    """A thin path is a rule; a box gives its four sides."""
    left, bottom, right, top = box
    wide, high = right - left, top - bottom
    if wide > 20 and high < 4:
        level.add(round(bottom / 4))
    elif high > 8 and wide < 4:
        upright.add(round(left / 4))
    elif wide > 20 and high > 8:
        level.update((round(bottom / 4), round(top / 4)))
        upright.update((round(left / 4), round(right / 4)))
