"""Pieces as printed pages: PDF with running heads and page numbers, and scans that hold no text."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from random import Random

from PIL import Image, ImageDraw, ImageFilter, ImageFont
from reportlab import __file__ as reportlab_home
from reportlab.lib.pagesizes import A4
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from portal.demo.shapes import Block, Piece, numbered_lines

WIDTH, HEIGHT = A4
MARGIN = 70.0
"""Points left free on each side of the page."""
LEADING = 1.35
KEEP = 60.0
"""Points that must be left under a heading: it never stands alone at the foot of a page."""
VERA = str(reportlab_home).replace("__init__.py", "fonts/Vera{}.ttf")


@dataclass(frozen=True, slots=True)
class Face:
    """The two fonts of a document and their size in points."""

    body: str
    bold: str
    size: float


TIMES = Face("Times-Roman", "Times-Bold", 11.5)
SANS = Face("Helvetica", "Helvetica-Bold", 10)
EMBEDDED = Face("DemoVera", "DemoVera-Bold", 9.5)
FACES = {"memoire_ampliatif": TIMES, "arret_attaque": TIMES, "jugement": SANS, "memoire_defense": EMBEDDED}


def _embed() -> None:
    if EMBEDDED.body not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(EMBEDDED.body, VERA.format("")))
        pdfmetrics.registerFont(TTFont(EMBEDDED.bold, VERA.format("Bd")))


@dataclass(slots=True)
class _Page:
    """A pen on a canvas that turns pages, with a running head and the page's number."""

    canvas: Canvas
    face: Face
    head: str
    left: float = MARGIN
    width: float = WIDTH - 2 * MARGIN
    top: float = HEIGHT - MARGIN
    y: float = field(default=HEIGHT - MARGIN)
    number: int = 1
    widths: dict[tuple[str, str, float], float] = field(default_factory=dict)

    def _measure(self, word: str, font: str, size: float) -> float:
        key = (word, font, size)
        if key not in self.widths:
            self.widths[key] = pdfmetrics.stringWidth(word, font, size)
        return self.widths[key]

    def lines(self, text: str, font: str, size: float) -> list[list[str]]:
        space = self._measure(" ", font, size)
        found: list[list[str]] = [[]]
        used = 0.0
        for word in text.split(" "):
            wide = self._measure(word, font, size)
            if found[-1] and used + space + wide > self.width:
                found.append([])
                used = 0.0
            used += wide + (space if found[-1] else 0)
            found[-1].append(word)
        return found

    def draw(self, text: str, *, bold: bool = False, centred: bool = False, size: float | None = None) -> None:
        """A paragraph, justified but for its last line."""
        size = size or self.face.size
        font = self.face.bold if bold else self.face.body
        rows = self.lines(text, font, size)
        for rank, words in enumerate(rows):
            if self.y < MARGIN + size * LEADING:
                self.turn()
            line = " ".join(words)
            self.canvas.setFont(font, size)
            if centred:
                self.canvas.drawCentredString(self.left + self.width / 2, self.y, line)
            elif rank < len(rows) - 1 and len(words) > 1:
                free = self.width - sum(self._measure(word, font, size) for word in words)
                space = self._measure(" ", font, size)
                self.canvas.drawString(self.left, self.y, line, wordSpace=free / (len(words) - 1) - space)
            else:
                self.canvas.drawString(self.left, self.y, line)
            self.y -= size * LEADING
        self.y -= size * 0.55

    def turn(self) -> None:
        self.finish()
        self.canvas.showPage()
        self.number += 1
        self.y = self.top

    def finish(self) -> None:
        small = 8.0
        self.canvas.setFont(self.face.body, small)
        self.canvas.drawString(MARGIN, HEIGHT - MARGIN / 2, self.head)
        self.canvas.drawRightString(WIDTH - MARGIN, MARGIN / 2, f"– {self.number} –")


def _draw_block(page: _Page, block: Block, line: str) -> None:
    if block.type == "heading":
        page.y -= 4
        if page.y < MARGIN + KEEP:
            page.turn()
        page.draw(line, bold=True, centred=block.level <= 1, size=page.face.size + (2 if block.level <= 1 else 0))
    else:
        page.draw(line)


def _columns(page: _Page, rows: list[str]) -> None:
    """The list of exhibits in two columns, read down the first and then down the second."""
    half = (len(rows) + 1) // 2
    left, width, top = page.left, page.width, page.y
    if top < MARGIN + half * 3 * page.face.size * LEADING:
        page.turn()
        top = page.y
    lowest = top
    page.width = width / 2 - 12
    for rank, part in enumerate((rows[:half], rows[half:])):
        page.left, page.y = left + rank * (width / 2 + 12), top
        for row in part:
            page.draw(row)
        lowest = min(lowest, page.y)
    page.left, page.width, page.y = left, width, lowest


def _exhibit_list(piece: Piece) -> tuple[int, int] | None:
    """Where the list of a memorial's exhibits begins and ends, in blocks."""
    for rank, block in enumerate(piece.blocks):
        if block.type == "heading" and block.text == "PRODUCTIONS":
            return rank + 1, len(piece.blocks) - 1
    return None


def pdf(piece: Piece) -> bytes:
    """The piece as PDF; the same bytes at every call."""
    _embed()
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1, pageCompression=1)
    canvas.setTitle(piece.title)
    canvas.setAuthor(piece.counsel or "Cour de cassation (démonstration)")
    page = _Page(canvas, FACES.get(piece.kind, SANS), piece.title)
    lines = numbered_lines(piece.blocks)
    listed = _exhibit_list(piece) if piece.kind == "memoire_ampliatif" else None
    for rank, (block, line) in enumerate(zip(piece.blocks, lines, strict=True)):
        if listed and listed[0] <= rank < listed[1]:
            if rank == listed[0]:
                _columns(page, lines[listed[0] : listed[1]])
            continue
        _draw_block(page, block, line)
    page.finish()
    canvas.save()
    return buffer.getvalue()


def scan(piece: Piece) -> bytes:
    """The piece as a scanner gives it: a grey, slightly turned image on a page, with no text underneath."""
    rng = Random(piece.id)  # noqa: S311
    scale = 150 / 72
    width, height = int(WIDTH * scale), int(HEIGHT * scale)
    image = Image.new("L", (width, height), 246)
    draw = ImageDraw.Draw(image)
    font, bold = (ImageFont.truetype(VERA.format(style), int(10 * scale)) for style in ("", "Bd"))
    page = _Page(Canvas(io.BytesIO()), EMBEDDED, "", width=WIDTH - 2.6 * MARGIN)
    _embed()
    y = MARGIN * scale
    for block, line in zip(piece.blocks, numbered_lines(piece.blocks), strict=True):
        heavy = block.type == "heading"
        for words in page.lines(line, EMBEDDED.bold if heavy else EMBEDDED.body, 10):
            draw.text((MARGIN * scale, y), " ".join(words), font=bold if heavy else font, fill=rng.randint(25, 60))
            y += 14.5 * scale
        y += 7 * scale
    for _ in range(400):
        x, spot = rng.randrange(width), rng.randrange(height)
        draw.point((x, spot), fill=rng.randint(90, 200))
    turned = image.rotate(rng.uniform(-1.1, 1.1), fillcolor=238, resample=Image.Resampling.BICUBIC)
    picture = io.BytesIO()
    turned.filter(ImageFilter.GaussianBlur(0.5)).save(picture, "JPEG", quality=60)
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.setTitle(piece.title)
    canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, WIDTH, HEIGHT)
    canvas.save()
    return buffer.getvalue()
