"""Pages of placed words (*mise en page*) made into running text: paragraphs rebuilt, cut words rejoined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import NamedTuple

from ingest.extraction import PageLayout, Word

HYPHENS = "-\u00ad\u2010\ufffe\x02"
"""What stands at the end of a line where a word was cut; the last two are what PDFium makes of it."""

_CLITIC = re.compile(
    r"(?:ci|là|ce|je|tu|il|elle|on|ils|elles|nous|vous|moi|toi|leur|lui|les|y|en|même|mêmes|t|dire|vis|être)\b",
    re.IGNORECASE,
)
_COMPOUND = re.compile(
    r"(?:^|.*[^\w])(?:celui|celle|ceux|celles|c'est-à|c’est-à|vis-à|peut|non|quasi|sous|vice|demi|semi|lui|elle|eux"
    r"|moi|soi|là|au|par|ci|susdit|procès|avant|après|ex|garde|porte|chef|compte|main|mi|nu|sus)$",
    re.IGNORECASE,
)
_LETTERS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_ENDS, _STARTS = re.compile(r"[\w'’-]*$"), re.compile(r"[\w-]*")
_ITEM = re.compile(r"(?:[-–—•▪●◦*]|\d{1,3}[.)°]|[A-Za-z][.)]|[IVX]+[.)]|§)$")
_LEADER = re.compile(r"(?:[.…_]{3,}|(?:\. ){3,})\s*\d{1,4}$")
_ENDED = re.compile(r"[.;:!?…»)]$")


class Piece(NamedTuple):
    """A word and its place: points, origin top left of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    cut: bool = False
    """True where it goes on in the next piece, its hyphen left out."""


BAR = Piece("|", 0, 0, 0, 0)
"""Stands between two cells of a table's row: no word, so no box."""


class Line(NamedTuple):
    """Words side by side, never empty, set apart by single spaces; box in points, origin top left of the page."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    lead: float
    """The width of its first word."""
    cut: bool = False
    """True where its last word goes on at the next line; the hyphen is left out."""
    begins: bool | None = None
    """Whether a paragraph begins here, where the source knows."""
    row: bool = False
    """True for the row of a table, its cells set apart by `BAR`."""
    pieces: tuple[Piece, ...] = ()
    """Its words one by one, where they were measured."""


def make_line(pieces: Sequence[Piece], begins: bool | None = None, *, row: bool = False) -> Line:
    """A line of measured words, the last of them cut where a hyphen ends it."""
    last = pieces[-1]
    if len(last.text) > 2 and last.text[-1] in HYPHENS and last.text[-2].isalnum():
        pieces = [*pieces[:-1], last._replace(text=last.text[:-1], cut=True)]
    placed = [piece for piece in pieces if piece is not BAR]
    _, lefts, tops, rights, bottoms, _ = zip(*placed, strict=True)
    return Line(
        "".join(piece.text + gap for piece, gap in zip(pieces, _gaps(pieces), strict=True)),
        min(lefts),
        min(tops),
        max(rights),
        max(bottoms),
        lead=placed[0].right - placed[0].left,
        cut=pieces[-1].cut,
        begins=begins,
        row=row,
        pieces=tuple(pieces),
    )


def _gaps(pieces: Sequence[Piece]) -> Iterator[str]:
    """What stands behind each word of a line; a cell of a table may hold a cut word whole."""
    for piece, after in pairwise(pieces):
        yield glue(piece.text, after.text, frozenset()) if piece.cut else " "
    yield ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page before its words are put into the text; lines in reading order."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    scanned: bool = False


def compose(sheets: Sequence[Sheet]) -> tuple[str, tuple[PageLayout, ...]]:
    """The whole text, and each page's lines or, where they were measured, words, with code point offsets into it.

    A word cut at a line's end gives one word of text and two boxes, one for each of its parts.
    """
    joiner = _Joiner(sheets)
    parts: list[str] = []
    pages: list[PageLayout] = []
    at = 0
    before: Line | None = None
    opened = True
    for sheet in sheets:
        words: list[Word] = []
        lines: list[Word] = []
        rhythm = _Rhythm(sheet.lines)
        for number, line in enumerate(sheet.lines):
            gap = ""
            if before is not None:
                gap = rhythm.gap(before, line, opened) if number else _turn(before, line)
                opened = gap != " "
                if before.cut:
                    gap = f"-{gap}" if "\n\n" in gap else joiner.glue(before.text, line.text)
            start = at + len(gap)
            at = start + len(line.text)
            parts += (gap, line.text)
            if line.pieces:
                words += _words(line, start)
            else:
                lines.append(Word(start, at, line.left, line.top, line.right, line.bottom))
            before = line
        pages.append(PageLayout(sheet.width, sheet.height, tuple(words), sheet.scanned, tuple(lines)))
    if before is not None and before.cut:
        parts.append("-")
    return "".join(parts), tuple(pages)


def list_lines(sheets: Sequence[Sheet]) -> tuple[str, tuple[PageLayout, ...]]:
    """Every line of the pages as it lies, one under the other, with its place and the places of its words."""
    parts: list[str] = []
    pages: list[PageLayout] = []
    at = 0
    for sheet in sheets:
        words: list[Word] = []
        lines: list[Word] = []
        for line in sheet.lines:
            words += _words(line, at)
            lines.append(Word(at, at + len(line.text), *line[1:5]))
            at += len(line.text) + 1
            parts.append(line.text)
        pages.append(PageLayout(sheet.width, sheet.height, tuple(words), sheet.scanned, tuple(lines)))
    return "\n".join(parts), tuple(pages)


def _words(line: Line, start: int) -> Iterator[Word]:
    for piece, gap in zip(line.pieces, _gaps(line.pieces), strict=True):
        end = start + len(piece.text)
        if piece.right > piece.left:
            yield Word(start, end, *piece[1:5])
        start = end + len(gap)


def _turn(before: Line, line: Line) -> str:
    """Between two pages or columns: a sentence goes on where nothing ended it."""
    if before.cut:
        return " "
    return " " if line.text[0].islower() and not _ENDED.search(before.text) else "\n\n"


class _Rhythm:
    """The page's leading and right edges, against which a new paragraph shows."""

    def __init__(self, lines: Sequence[Line]) -> None:
        steps = [
            below.top - above.top
            for above, below in pairwise(lines)
            if 0 < below.top - above.top < 4 * (above.bottom - above.top)
        ]
        self._step = median(steps) if steps else 0.0
        self._edges = _edges(lines)

    def gap(self, before: Line, line: Line, opened: bool) -> str:
        """What stands between two lines of a page: a space, a line end or an empty line."""
        height = max(before.bottom - before.top, 0.1)
        if line.top < before.top - 0.5 * height:
            return _turn(before, line)
        if line.top < before.top + 0.5 * height:
            return " "
        step = line.top - before.top
        if step > 1.35 * self._step or abs((line.bottom - line.top) - height) > 0.2 * height:
            return "\n\n"
        if line.begins is not None:
            return "\n\n" if line.begins else " "
        if line.row or before.row:
            return "\n"
        return "\n" if self._begins(before, line, height, opened) else " "

    def _begins(self, before: Line, line: Line, height: float, opened: bool) -> bool:
        first = line.text.partition(" ")[0]
        item = _ITEM.match(first) is not None
        if item and (not first[0].isalnum() or _ENDED.search(before.text)):
            return True
        if before.cut:
            return False
        if before.text[-1] in ";:" and first[0].isupper():
            # « …la demande ; / ATTENDU QUE… »: each recital is a paragraph of its own.
            return True
        if _LEADER.search(before.text[-24:]):
            return True
        room = self._edges.get(id(before), before.right) - before.right
        # The next word would have fitted on the line before: someone chose to end it there.
        if room > line.lead + 0.45 * height:
            return True
        shift = line.left - before.left
        if _ITEM.match(before.text.partition(" ")[0]):
            return shift < -0.5 * height
        if shift > 0.8 * height:
            return bool(_ENDED.search(before.text)) or not first[0].islower()
        return shift < -0.8 * height and not opened


def _edges(lines: Sequence[Line]) -> dict[int, float]:
    """The right edge of each line's block: lines that follow each other downwards and overlap sideways."""
    edges: dict[int, float] = {}
    block: list[Line] = []
    for line in lines:
        if block and (line.top < block[-1].top - 1 or line.left > block[-1].right or line.right < block[-1].left):
            _close(block, edges)
            block = []
        block.append(line)
    _close(block, edges)
    return edges


def _close(block: Iterable[Line], edges: dict[int, float]) -> None:
    held = list(block)
    right = max((line.right for line in held), default=0.0)
    edges.update((id(line), right) for line in held)


class _Joiner:
    """Puts the two parts of a cut word together, as the document's own words do."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._known: set[str] | None = None

    def glue(self, head: str, tail: str) -> str:
        if self._known is None:
            lines = (line for sheet in self._sheets for line in sheet.lines)
            whole = (line.text.rpartition(" ")[0] if line.cut else line.text for line in lines)
            self._known = set(_LETTERS.findall("\n".join(whole).lower()))
        return glue(head, tail, self._known)


def glue(head: str, tail: str, known: AbstractSet[str]) -> str:
    """Empty to join the two parts, `-` where the hyphen is the word's own, `- ` where it was a dash."""
    ends, starts = _ENDS.search(head), _STARTS.match(tail)
    left, right = ends.group() if ends else "", starts.group() if starts else ""
    if not left or not right or not right[0].islower() or left[-1].isdigit():
        return "- " if left[-1:].isdigit() and not right[:1].isalnum() else "-"
    plain = left.rsplit("'", 1)[-1].rsplit("’", 1)[-1]
    if f"{plain}{right}".lower() in known:
        return ""
    if f"{plain}-{right}".lower() in known:
        return "-"
    if "-" in left and _CLITIC.match(right):
        return "-"
    if _COMPOUND.match(left) or (_CLITIC.fullmatch(right) and len(left) > 2):
        return "-"
    return ""
