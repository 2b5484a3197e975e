"""Pages of placed words (*mise en page*) made into running text: paragraphs rebuilt, cut words rejoined."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
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
_ENDING, _BEGINNING = re.compile(r"[\w'’-]*$"), re.compile(r"[\w-]*")
_ITEM = re.compile(r"(?:[-–—•▪●◦*]|\d{1,3}[.)°]|[A-LN-Za-z][.)]|M\)|[IVX]+[.)]|§)$")
_LABEL = re.compile(r"[A-ZÀ-Ý][A-ZÀ-Ý’'-]{2,}(?: [A-ZÀ-Ý’'-]+){0,3} ?:")
_RULING = re.compile(
    r"(?:PAR CES MOTIFS|ATTENDU|VU|CONSIDÉRANT|STATUANT|CASSE|REJETTE|ANNULE|RENVOIE|CONDAMNE|CONFIRME|INFIRME|DIT"
    r"|DÉCLARE|ORDONNE|CONSTATE|DÉBOUTE|REÇOIT|FIXE|LAISSE|RAPPELLE|DONNE ACTE)\b"
)
"""Words in capitals that open a paragraph of a decision."""
_LEADER = re.compile(r"(?:[.…_]{3,}|(?:\. ){3,})\s*\d{1,4}$")
ENDS = ".;:!?…»)"
"""What a paragraph's last line ends in."""
HANGERS = ":;»?!"
"""French sets a space before these, and no line should begin with one: it belongs to the line before."""


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
        yield ("-" if compound(piece.text, after.text) else "") if piece.cut else " "
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
                gap = rhythm.gap(number, before, line, opened) if number else _turn(before, line)
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
    if before.cut or line.text[0] in HANGERS:
        return " "
    return " " if line.text[0].islower() and before.text[-1] not in ENDS else "\n\n"


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

    def gap(self, number: int, before: Line, line: Line, opened: bool) -> str:
        """What stands between a line, the page's `number`th, and the one before: a space, a line end, an empty line."""
        height = max(before.bottom - before.top, 0.1)
        step = line.top - before.top
        if line.text[0] in HANGERS and -0.5 * height <= step < 3 * height:
            return " "
        if step < -0.5 * height:
            return _turn(before, line)
        if step < 0.5 * height:
            return " "
        if step > 1.35 * self._step or abs((line.bottom - line.top) - height) > 0.2 * height:
            return "\n\n"
        if line.begins is not None:
            return "\n\n" if line.begins else " "
        if line.row or before.row:
            return "\n"
        return "\n" if self._begins(number, before, line, height, opened) else " "

    def _begins(self, number: int, before: Line, line: Line, height: float, opened: bool) -> bool:
        first = line.text.partition(" ")[0]
        end = before.text[-1]
        item = _ITEM.match(first)
        listed = _ITEM.match(before.text.partition(" ")[0])
        if item and (listed or not first[0].isalnum() or end in ENDS):
            return True
        if before.cut:
            return False
        if end.isdigit() and _LEADER.search(before.text[-24:]):
            return True
        if _opens(line.text, end) or (before.text.isupper() and not line.text.isupper()):
            return True
        room = self._edges[number - 1] - before.right
        if end not in ENDS and not item and (first[0].islower() or (first[0].isdigit() and room < 8 * height)):
            return False
        # The next word would have fitted on the line before: someone chose to end it there.
        if room > line.lead + 0.45 * height:
            return True
        shift = line.left - before.left
        if abs(shift) < 0.5 * height:
            return False
        if listed:
            return shift < 0
        if shift > 0.8 * height:
            return end in ENDS or not (opened or first[0].islower())
        return shift < -0.8 * height and not opened


def _opens(text: str, end: str) -> bool:
    """Whether a line's own words open a paragraph, behind a line that ends in `end`."""
    if end in ";:" and text[0].isupper():
        # « …la demande ; / ATTENDU QUE… »: each recital is a paragraph of its own.
        return True
    if not text[:2].isupper():
        return False
    return bool(_LABEL.match(text) or (not end.isalnum() and (_RULING.match(text) or (end in ENDS and text.isupper()))))


def _edges(lines: Sequence[Line]) -> list[float]:
    """The right edge of each line's block: lines that follow each other downwards and overlap sideways."""
    edges: list[float] = []
    held = 0
    top = left = right = widest = 0.0
    for line in lines:
        if held and (line.top < top - 1 or line.left > right or line.right < left):
            edges += [widest] * held
            held, widest = 0, 0.0
        top, left, right = line.top, line.left, line.right
        widest = max(widest, right) if held else right
        held += 1
    return edges + [widest] * held


class _Joiner:
    """Puts the two parts of a cut word together, as the document's own words do."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = sheets
        self._hyphened: set[str] | None = None
        self._plain: set[str] | None = None

    def glue(self, head: str, tail: str) -> str:
        """Empty to join the two parts, `-` where the hyphen is the word's own, `- ` where it was a dash."""
        ends, starts = _ENDING.search(head), _BEGINNING.match(tail)
        left, right = ends.group() if ends else "", starts.group() if starts else ""
        if left[-1:].isdigit() and not right[:1].isalnum():
            return "- "
        if not left or not right[:1].islower() or left[-1].isdigit():
            return "-"
        plain = left.rsplit("'", 1)[-1].rsplit("’", 1)[-1]
        if not (self._writes(f"{plain}-{right}") or compound(left, right)):
            return ""
        return "" if self._knows(f"{plain}{right}") else "-"

    def _writes(self, word: str) -> bool:
        """Whether the document writes the word with its hyphen in the middle of a line."""
        if self._hyphened is None:
            found = (part for line in self._whole() for part in line.split() if "-" in part)
            self._hyphened = {word for part in found for word in _LETTERS.findall(part.lower())}
        return word.lower() in self._hyphened

    def _knows(self, word: str) -> bool:
        if self._plain is None:
            self._plain = {word for line in self._whole() for word in _LETTERS.findall(line.lower())}
        return word.lower() in self._plain

    def _whole(self) -> Iterator[str]:
        """Each line, but for a word cut at its end."""
        lines = (line for sheet in self._sheets for line in sheet.lines)
        return (line.text.rpartition(" ")[0] if line.cut else line.text for line in lines)


def compound(left: str, right: str) -> bool:
    """Whether two parts are written with a hyphen anywhere: « celui-ci », « L. 1235-3 », « Jean-Pierre »."""
    if left[-1:].isdigit() or not right[:1].islower():
        return True
    if "-" in left and _CLITIC.match(right):
        return True
    return bool(_COMPOUND.match(left) or (_CLITIC.fullmatch(right) and len(left) > 2))
