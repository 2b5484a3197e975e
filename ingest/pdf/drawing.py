"""What a PDF page (*page*) holds beside text: pictures, and the straight rules that a table is made of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from ctypes import CFUNCTYPE, addressof, c_float, c_int, c_void_p, cast
from dataclasses import dataclass
from typing import NamedTuple

import pypdfium2 as pdfium
from pypdfium2 import raw

from ingest.pdf.frame import Box, Frame

MAX_OBJECTS = 20_000
"""Objects looked at on a page."""

MARGIN = 0.14
"""Share of the page's height, above and below, where running heads and feet may stand, framed or not."""

MAX_SEGMENTS = 2_000
"""A path of more is a drawing, not a table's rules."""

FEW_CHARACTERS = 25
"""A page with fewer, and with images over half of it, is the picture of a page."""

THIN, SHORT = 4.0, 3.0
"""Points: a rule is thinner than the first and longer than the second."""

LEVEL, UPRIGHT = 20.0, 8.0
"""Points from which a level or an upright rule may frame a cell."""

# Plain addresses in and out: a typed pointer for each of a page's hundreds of objects would take twice the time.
_object_at = CFUNCTYPE(c_void_p, c_void_p, c_int)(cast(raw.FPDFPage_GetObject, c_void_p).value or 0)
_kind_of = CFUNCTYPE(c_int, c_void_p)(cast(raw.FPDFPageObj_GetType, c_void_p).value or 0)
_bound = CFUNCTYPE(c_int, *[c_void_p] * 5)(cast(raw.FPDFPageObj_GetBounds, c_void_p).value or 0)
_PLAIN = frozenset((raw.FPDF_PAGEOBJ_TEXT, raw.FPDF_PAGEOBJ_SHADING))


class Rule(NamedTuple):
    """A thin straight stroke; points, origin top left of the page as shown."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def level(self) -> bool:
        return self.right - self.left >= self.bottom - self.top


@dataclass(frozen=True, slots=True)
class Drawing:
    """The share of the page that images cover, its count of paths, and its rules where they may frame a table."""

    covered: float = 0.0
    paths: int = 0
    rules: tuple[Rule, ...] = ()

    def pictures_text(self, characters: int) -> bool:
        """True where a page of so few characters is a picture of words, scanned or drawn letter by letter."""
        if characters >= FEW_CHARACTERS:
            return False
        return self.covered > 0.5 or (not characters and (self.covered > 0.05 or self.paths > 100))


def weigh(page: pdfium.PdfPage, frame: Frame) -> Drawing:
    """Look at the page's images, and at the straight rules of its body, without drawing it."""
    handle = cast(page.raw, c_void_p).value
    held = [_object_at(handle, index) for index in range(min(raw.FPDFPage_CountObjects(page.raw), MAX_OBJECTS))]
    drawn = [(kind, item) for item in held if (kind := _kind_of(item)) not in _PLAIN]
    if not drawn:
        return Drawing()
    area = max(1.0, (frame.right - frame.left) * (frame.top - frame.bottom))
    covered, paths = 0.0, 0
    strokes: list[Box] = []
    sides = (c_float * 4)()
    corners = [addressof(sides) + 4 * place for place in range(4)]
    for kind, item in drawn:
        if not _bound(item, *corners):
            continue
        left, bottom, right, top = box = tuple(sides)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            paths += 1
            strokes += _strokes(item, box)
        else:
            wide, high = (
                min(right, frame.right) - max(left, frame.left),
                min(top, frame.top) - max(bottom, frame.bottom),
            )
            covered += max(0.0, wide) * max(0.0, high) / area
    return Drawing(covered, paths, _framing(strokes, frame))


def _framing(strokes: list[Box], frame: Frame) -> tuple[Rule, ...]:
    """All rules, where those of the page's body cross each other often enough for a table; else none."""
    low, high = (frame.bottom + MARGIN * (frame.top - frame.bottom), frame.top - MARGIN * (frame.top - frame.bottom))
    level, upright = set[int](), set[int]()
    kept = []
    for left, bottom, right, top in strokes:
        wide, tall = right - left, top - bottom
        if min(wide, tall) >= THIN or max(wide, tall) < SHORT:
            continue
        kept.append((left, bottom, right, top))
        if top >= low and bottom <= high:
            if wide > LEVEL:
                level.add(round(bottom / THIN))
            elif tall > UPRIGHT:
                upright.add(round(left / THIN))
    if len(level) < 3 or len(upright) < 2:
        return ()
    return tuple(Rule(*frame.place(*box)) for box in kept)


def _strokes(item: int, box: Box) -> Sequence[Box]:
    """The straight strokes of a path: the four sides of a plain box, each stroke of a grid drawn in one go."""
    left, bottom, right, top = box
    if right - left < THIN or top - bottom < THIN:
        return (box,)
    path = cast(item, raw.FPDF_PAGEOBJECT)
    count = raw.FPDFPath_CountSegments(path)
    if count <= 5:  # a box is closed by its fifth point
        level = ((left, bottom, right, bottom), (left, top, right, top))
        return (*level, (left, bottom, left, top), (right, bottom, right, top))
    return tuple(_segments(path, count)) if count <= MAX_SEGMENTS else ()


def _segments(path: raw.FPDF_PAGEOBJECT, count: int) -> Iterator[Box]:
    matrix, x, y = raw.FS_MATRIX(), c_float(), c_float()
    raw.FPDFPageObj_GetMatrix(path, matrix)
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
            yield left, bottom, right, top
        before = here
