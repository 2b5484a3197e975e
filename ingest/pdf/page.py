"""One PDF page (*page*) read by PDFium: its lines, and the place of each word where somebody asks for it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from ctypes import CFUNCTYPE, addressof, c_float, c_int, c_ushort, c_void_p, cast

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

# A plain address for the four floats (left, top, right, bottom): asked for thousands of times a second.
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


class PageText:
    """A page's characters, in the order in which its maker wrote them (columns one after the other)."""

    def __init__(self, page: pdfium.PdfPage, frame: Frame) -> None:
        self._text_page = page.get_textpage()
        self._place = frame.place
        self._handle = cast(self._text_page.raw, c_void_p).value
        self._sides = (c_float * 4)()
        self._at = addressof(self._sides)

    def close(self) -> None:
        self._text_page.close()

    def lines(self, *, words: bool = False) -> tuple[Line, ...]:
        """Lines in reading order; `words`: with the box of each word, which takes as long as all the rest."""
        text = _characters(self._text_page)
        found = (self._line(match.start(), match.group(), words=words) for match in _LINE.finditer(text))
        return tuple(line for line in found if line is not None)

    def _line(self, start: int, drawn: str, *, words: bool) -> Line | None:
        cut = drawn[-1] in CUT
        bare = drawn[:-1].rstrip() if cut else drawn
        texts = bare.split()
        if not texts:
            return None
        lead = len(texts[0])
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
        # Three boxes a line, of its first word's ends and its own: asking for each character would take as long as
        # all the rest.
        head = sides = self._place(*self._stretch(start, start + lead - 1))
        if lead < len(bare):
            sides = _along(head, self._place(*self._character(start + len(bare) - 1)))
        pieces = self._pieces(start, bare, spans, cut=cut) if words else ()
        return Line(text, *sides, lead=head[2] - head[0], cut=cut, pieces=tuple(pieces))

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
        left, top, right, bottom = self._sides
        return left, bottom, right, top

    def _stretch(self, first: int, last: int) -> Box:
        """The box around a word, from its first character's to its last's."""
        box = self._character(first)
        return box if last == first else _union(box, self._character(last))


def _union(one: Box, other: Box) -> Box:
    return min(one[0], other[0]), min(one[1], other[1]), max(one[2], other[2]), max(one[3], other[3])


def _along(head: Box, tail: Box) -> Box:
    """The box around a line's two ends; as high as the higher: a note's raised number may be one of them."""
    left, top, right, bottom = _union(head, tail)
    if right - left > bottom - top:
        high = head if head[3] - head[1] >= tail[3] - tail[1] else tail
        return left, high[1], right, high[3]
    return left, top, right, bottom


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
    codes = (raw.FPDFText_GetUnicode(text_page, index) for index in range(count))
    return "".join(chr(code) if 0 < code < 0x110000 and not 0xD800 <= code < 0xE000 else " " for code in codes)
