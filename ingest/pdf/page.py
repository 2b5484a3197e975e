"""One PDF page (*page*) read by PDFium: its lines, and the place of each word where somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from ctypes import CFUNCTYPE, addressof, c_float, c_int, c_uint, c_ushort, c_void_p, cast
from itertools import repeat

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.layout import HYPHENS, Line, Piece
from ingest.pdf.frame import Box, Frame
from ingest.pdf.spacing import SPACED, THIN, close_up

CUT = "\ufffe\x02"
"""What PDFium makes of the hyphen of a word cut at a line's end; no line end follows it."""

_LINE = re.compile(rf"[^\s{CUT}](?:[^\r\n{CUT}]*[^\s{CUT}])?[{CUT}]?|[{CUT}]")
_WORD = re.compile(r"\S+")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]|\u00ad(?!$)")

_code_point = CFUNCTYPE(c_uint, c_void_p, c_int)(cast(raw.FPDFText_GetUnicode, c_void_p).value or 0)
# A plain address for four floats (left, top, right, bottom): asked for thousands of times a second.
_measure = CFUNCTYPE(c_int, c_void_p, c_int, c_void_p)(cast(raw.FPDFText_GetLooseCharBox, c_void_p).value or 0)


def unfold(page: pdfium.PdfPage) -> bool:
    """Write what was typed into forms and free notes onto the page; True where it must be opened anew."""
    for index in range(raw.FPDFPage_GetAnnotCount(page)):
        note = raw.FPDFPage_GetAnnot(page, index)
        kind = raw.FPDFAnnot_GetSubtype(note)
        raw.FPDFPage_CloseAnnot(note)
        if kind in (raw.FPDF_ANNOT_WIDGET, raw.FPDF_ANNOT_FREETEXT):
            return bool(raw.FPDFPage_Flatten(page, raw.FLAT_NORMALDISPLAY) == raw.FLATTEN_SUCCESS)
    return False


def nowhere(_: Box) -> bool:
    return False


def everywhere(_: Box) -> bool:
    return True


class PageText:
    """A page's characters, in the order in which its maker wrote them (columns one after the other)."""

    def __init__(self, page: pdfium.PdfPage, frame: Frame) -> None:
        self._text_page = page.get_textpage()
        self._place = frame.place
        self._handle = cast(self._text_page.raw, c_void_p).value
        self._sides = (c_float * 12)()
        self._at = addressof(self._sides)

    def close(self) -> None:
        self._text_page.close()

    def lines(self, wanted: Callable[[Box], bool] = nowhere) -> tuple[Line, ...]:
        """Lines in reading order; with the box of each word where `wanted` says so of a line's box as shown.

        Words take as long to place as all the rest.
        """
        text = _characters(self._text_page)
        found = (self._line(match.start(), match.group(), wanted) for match in _LINE.finditer(text))
        return tuple(line for line in found if line is not None)

    def _line(self, start: int, drawn: str, wanted: Callable[[Box], bool]) -> Line | None:
        cut = drawn[-1] in CUT
        bare = drawn[:-1].rstrip() if cut else drawn
        texts = bare.split()
        if not texts:
            return None
        lead = len(bare.split(" ", 1)[0])  # a space that does not break is no place to break a line
        spans: list[tuple[int, int]] = []
        if len(texts) >= SPACED and len(bare) < THIN * len(texts):
            spans = close_up(bare, self._character, start)
            texts = ["".join(bare[first:last].split()) for first, last in spans]
            lead = spans[0][1]
        text = _shown(" ".join(texts))
        if not text:
            return None
        if len(text) > 2 and text[-1] in HYPHENS and text[-2].isalnum():
            text, cut = text[:-1], True
        box, width = self._ends(start, start + lead - 1, start + len(bare) - 1)
        shown = self._place(*box)
        pieces = tuple(self._pieces(start, bare, spans, cut=cut)) if wanted(shown) else ()
        return Line(text, *shown, width, cut, None, False, pieces)

    def _ends(self, first: int, lead: int, last: int) -> tuple[Box, float]:
        """A line's box and its first word's width, from the ends of both: all characters would take ten times as long.

        As high as the higher of its ends: a note's raised number may be one of them.
        """
        handle, at = self._handle, self._at
        if not (_measure(handle, first, at) and _measure(handle, lead, at + 16) and _measure(handle, last, at + 32)):
            return self._stretch(first, last), 0.0
        left, top, _, bottom, _, _, middle, _, _, other_top, right, other_bottom = self._sides[:]
        if left < middle <= right and right - left > top - bottom:
            if top - bottom < other_top - other_bottom:
                return (left, other_bottom, right, other_top), middle - left
            return (left, bottom, right, top), middle - left
        word, whole = self._stretch(first, lead), self._stretch(first, last)
        wide = whole[2] - whole[0] > whole[3] - whole[1]
        return whole, word[2] - word[0] if wide else word[3] - word[1]

    def _pieces(self, start: int, bare: str, spans: Sequence[tuple[int, int]], *, cut: bool) -> Iterator[Piece]:
        spans = spans or [match.span() for match in _WORD.finditer(bare)]
        for first, last in spans:
            shown = _shown("".join(bare[first:last].split()))
            ends = cut and last == spans[-1][1]
            if ends and len(shown) > 1 and shown[-1] in HYPHENS:
                shown = shown[:-1]
            if shown:
                yield Piece(shown, *self._place(*self._stretch(start + first, start + last - 1)), ends)

    def _character(self, index: int) -> Box:
        """One character's box, as high as its font."""
        if not _measure(self._handle, index, self._at):
            return 0.0, 0.0, 0.0, 0.0
        left, top, right, bottom = self._sides[:4]
        return left, bottom, right, top

    def _stretch(self, first: int, last: int) -> Box:
        """The box around a word, from its first character's to its last's."""
        box = self._character(first)
        return box if last == first else _union(box, self._character(last))


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _shown(text: str) -> str:
    """Without what no reader sees, but for a soft hyphen at the end: it cuts a word."""
    return text if text.isprintable() else " ".join(_CONTROL.sub("", text).split())


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
    codes = map(_code_point, repeat(cast(text_page.raw, c_void_p).value, count), range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)
