"""Known paragraphs printed in the ways that a court's writers set them, and how well they come back."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from reportlab.lib.pagesizes import A4
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT = A4
MARGIN = 72.0


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set; points. `after` is left below a paragraph, `indent` before its first line."""

    name: str
    justified: bool = False
    indent: float = 0.0
    hanging: float = 0.0
    after: float = 0.0
    size: float = 11.0
    leading: float = 14.0
    font: str = "Times-Roman"


SETTINGS = (
    Setting("justified", justified=True),
    Setting("justified, apart", justified=True, after=8.0),
    Setting("ragged"),
    Setting("ragged, apart", after=8.0),
    Setting("indented", justified=True, indent=24.0),
    Setting("indented, ragged", indent=24.0),
    Setting("hanging", justified=True, hanging=24.0),
    Setting("wide", justified=True, leading=22.0, indent=30.0),
)


def typeset(paragraphs: Sequence[str], setting: Setting, head: str = "Mémoire ampliatif") -> bytes:
    """The paragraphs as a PDF, with a running head and the page's number."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    y, number = 0.0, 0
    for paragraph in paragraphs:
        rows = list(_rows(paragraph, setting))
        for rank, words in enumerate(rows):
            if y < MARGIN:
                if number:
                    canvas.showPage()
                number += 1
                canvas.setFont(setting.font, 8)
                canvas.drawString(MARGIN, HEIGHT - 36, head)
                canvas.drawRightString(WIDTH - MARGIN, 30, f"– {number} –")
                y = HEIGHT - MARGIN
            left = MARGIN + (setting.hanging if rank else setting.indent)
            canvas.setFont(setting.font, setting.size)
            free = WIDTH - MARGIN - left - stringWidth(" ".join(words), setting.font, setting.size)
            stretched = setting.justified and rank < len(rows) - 1 and len(words) > 1
            canvas.drawString(left, y, " ".join(words), wordSpace=free / (len(words) - 1) if stretched else 0)
            y -= setting.leading
        y -= setting.after
    canvas.save()
    return out.getvalue()


def _rows(paragraph: str, setting: Setting) -> Iterator[list[str]]:
    row: list[str] = []
    left = setting.indent
    for word in paragraph.split():
        if row and stringWidth(" ".join([*row, word]), setting.font, setting.size) > WIDTH - 2 * MARGIN - left:
            yield row
            row, left = [], setting.hanging
        row.append(word)
    yield row


@dataclass(frozen=True, slots=True)
class Score:
    """Boundaries between paragraphs: those found and true, those found, those true."""

    right: int = 0
    found: int = 0
    true: int = 0

    def __add__(self, other: Score) -> Score:
        return Score(self.right + other.right, self.found + other.found, self.true + other.true)

    @property
    def f1(self) -> float:
        return 2 * self.right / max(1, self.found + self.true)


def compare(known: Sequence[str], text: str) -> Score:
    """How far the boundaries in `text` are those between the known paragraphs, counted at the words they share."""
    true, true_words = _boundaries(known)
    found, words = _boundaries([line for line in text.splitlines() if line.strip()])
    if true_words == words:
        return Score(len(true & found), len(found), len(true))
    same: dict[int, int] = {}
    for block in SequenceMatcher(None, words, true_words, autojunk=False).get_matching_blocks():
        same.update({block.a + step: block.b + step for step in range(block.size)})
    return Score(len({same[at] for at in found if at in same} & true), len(found), len(true))


def _boundaries(paragraphs: Sequence[str]) -> tuple[set[int], list[str]]:
    """The number of each word that begins a paragraph, but for the first; and the words."""
    words: list[str] = []
    starts: set[int] = set()
    for paragraph in paragraphs:
        starts.add(len(words))
        words += paragraph.split()
    return starts - {0}, words
