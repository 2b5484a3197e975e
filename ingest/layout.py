"""Pages of placed words (*mise en page*) made into running text: paragraphs rebuilt, cut words rejoined."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
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
_ITEM = re.compile(r"(?:[-–—•▪●◦*]|\d{1,3}[.)°]|[A-Za-z][.)]|[IVX]+[.)]|§)$")
_LEADER = re.compile(r"(?:[.…_]{3,}|(?:\. ){3,})\s*\d{1,4}$")
_ENDED = re.compile(r"[.;:!?…»)]$")


class Piece(NamedTuple):
    """A word on a line: points, origin top left of the page. `cut` where it goes on at the next line."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    cut: bool = False


BAR = Piece("|", 0, 0, 0, 0)
"""Stands between two cells of a table's row: no word, so no box."""


class Line(NamedTuple):
    """Words side by side, never empty. `begins` is True or False where the source knows of paragraphs."""

    pieces: tuple[Piece, ...]
    left: float
    top: float
    right: float
    bottom: float
    begins: bool | None = None
    row: bool = False
    """True for the row of a table, its cells set apart by `BAR`."""

    @property
    def text(self) -> str:
        return " ".join(piece.text for piece in self.pieces)


def make_line(pieces: list[Piece], begins: bool | None = None) -> Line:
    """A line of words, the last of them cut where a hyphen ends it."""
    last = pieces[-1]
    if len(last.text) > 2 and last.text[-1] in HYPHENS and last.text[-2].isalnum():
        pieces = [*pieces[:-1], last._replace(text=last.text[:-1], cut=True)]
    _, lefts, tops, rights, bottoms, _ = zip(*pieces, strict=True)
    return Line(tuple(pieces), min(lefts), min(tops), max(rights), max(bottoms), begins)


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page before its words are put into the text; lines in reading order."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    scanned: bool = False


def compose(sheets: Sequence[Sheet]) -> tuple[str, tuple[PageLayout, ...]]:
    """The whole text, and each page's words with code point offsets into it.

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
        rhythm = _Rhythm(sheet.lines)
        for number, line in enumerate(sheet.lines):
            gap = ""
            if before is not None:
                gap = rhythm.gap(before, line, opened) if number else _turn(before, line)
            opened = gap != " "
            last = before.pieces[-1] if before is not None else None
            for piece in line.pieces:
                if last is not None and last.cut:
                    gap = joiner.glue(last.text, piece.text) if "\n\n" not in gap else f"-{gap}"
                end = at + len(gap) + len(piece.text)
                parts += (gap, piece.text)
                if piece.right > piece.left:
                    words.append(Word(end - len(piece.text), end, *piece[1:5]))
                at, gap, last = end, " ", piece
            before = line
        pages.append(PageLayout(sheet.width, sheet.height, tuple(words), sheet.scanned))
    if before is not None and before.pieces[-1].cut:
        parts.append("-")
    return "".join(parts), tuple(pages)


def _turn(before: Line, line: Line) -> str:
    """Between two pages or columns: a sentence goes on where nothing ended it."""
    first = line.pieces[0].text
    if before.pieces[-1].cut:
        return " "
    return " " if first[0].islower() and not _ENDED.search(before.pieces[-1].text) else "\n\n"


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
        first, last = line.pieces[0], before.pieces[-1]
        item = _ITEM.match(first.text) is not None
        if item and (not first.text[0].isalnum() or _ENDED.search(last.text)):
            return True
        if last.cut:
            return False
        if last.text[-1] in ";:" and first.text[0].isupper():
            # « …la demande ; / ATTENDU QUE… »: each recital is a paragraph of its own.
            return True
        if _LEADER.search(before.text[-24:]):
            return True
        room = self._edges.get(id(before), before.right) - before.right
        # The next word would have fitted on the line before: someone chose to end it there.
        if room > (first.right - first.left) + 0.45 * height:
            return True
        shift = line.left - before.left
        if _ITEM.match(before.pieces[0].text):
            return shift < -0.5 * height
        if shift > 0.8 * height:
            return bool(_ENDED.search(last.text)) or not first.text[0].islower()
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
    """Decides whether the hyphen at a line's end belongs to the word; the document's own words say it best."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._known: set[str] | None = None

    def glue(self, head: str, tail: str) -> str:
        """Empty to join the two parts, `-` where the hyphen is the word's own, `- ` where it was a dash."""
        known = self._vocabulary()
        ends, starts = re.search(r"[\w'’-]*$", head), re.match(r"[\w-]*", tail)
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

    def _vocabulary(self) -> set[str]:
        if self._known is None:
            self._known = {
                word.lower()
                for sheet in self._sheets
                for line in sheet.lines
                for piece in line.pieces
                if not piece.cut
                for word in _LETTERS.findall(piece.text)
            }
        return self._known
