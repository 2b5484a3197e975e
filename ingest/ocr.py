"""Images of pages read by Tesseract (*reconnaissance de caractères*): words, and where they stand."""

from __future__ import annotations

import struct
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO

import PIL.Image
from PIL import ImageOps

from ingest.extraction import Extraction, Unreadable
from ingest.layout import Line, Piece, Sheet, compose, make_line
from ingest.metadata import enrich
from ingest.sandbox.programs import OUT_OF_TIME, OwnPrograms, Programs

DPI = 300
MAX_PIXELS = 40_000_000
"""Four times an A4 page at 300 dpi; larger ones are read smaller."""
MAX_SOURCE_PIXELS = 200_000_000
MAX_FRAMES = 500
MAX_BYTES = 256 * 1024 * 1024
PAGE_SECONDS = 60.0

MISSING = "la reconnaissance de caractères n'est pas installée sur ce serveur"
SLOW = "la reconnaissance de caractères a pris trop de temps"
EMPTY = "Aucun texte n'a été trouvé dans cette image : elle est gardée entière, vérifiez que c'est bien la bonne."
BLANK = "Image sans texte : {reason} ; le fichier est gardé entier, à relire plus tard."
DAMAGED = "Cette image est abîmée : elle est gardée telle quelle, déposez-en une autre copie pour qu'elle soit lue."
TOO_LARGE = "Cette image est trop grande pour être lue : elle est gardée telle quelle, déposez-la en plus petit."


def idle() -> None:
    """No one watches."""


@dataclass(frozen=True, slots=True)
class Gray:
    """A page as shades of gray: `width` × `height` bytes, rows from the top."""

    pixels: bytes
    width: int
    height: int
    dpi: float

    @property
    def size(self) -> tuple[float, float]:
        """In points."""
        return self.width * 72 / self.dpi, self.height * 72 / self.dpi


class Unrecognised(Exception):
    """The page's words could not be read; says why, in French, as the middle of a sentence."""


class Tesseract:
    """Reads French with the program `tesseract`; raises `Unrecognised` where it or its French data is missing."""

    def __init__(self, programs: Programs | None = None) -> None:
        self._programs = programs or OwnPrograms()

    @cached_property
    def missing(self) -> bool:
        """True where the program or its French data is not installed."""
        asked = self._programs.run("tesseract", ["--list-langs"], seconds=10)
        return asked.code != 0 or "fra" not in asked.output.decode("utf-8", "replace").split()

    def read(self, page: Gray) -> tuple[Line, ...]:
        """Lines of words in points. Raises `Unrecognised`."""
        if self.missing:
            raise Unrecognised(MISSING)
        found = self._run(page, "3")
        if sum(len(line.pieces) for line in found) < 3:
            # Automatic layout gives up on a few words alone; one block of text does not.
            found = max(found, self._run(page, "6"), key=lambda lines: sum(len(line.text) for line in lines))
        return found

    def _run(self, page: Gray, layout: str) -> tuple[Line, ...]:
        words = ["stdin", "stdout", "-l", "fra", "--dpi", str(round(page.dpi)), "--psm", layout]
        words += ["-c", "tessedit_create_tsv=1"]
        image = b"P5\n%d %d\n255\n" % (page.width, page.height) + page.pixels
        ran = self._programs.run("tesseract", words, body=image, seconds=PAGE_SECONDS)
        if ran.code == OUT_OF_TIME:
            raise Unrecognised(SLOW)
        return _parse(ran.output.decode("utf-8", "replace"), 72 / page.dpi)


def _parse(table: str, scale: float) -> tuple[Line, ...]:
    """Tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""
    lines: list[Line] = []
    pieces: list[Piece] = []
    here = paragraph = None
    begins = True
    for row in table.splitlines()[1:]:
        field = row.split("\t")
        if len(field) < 12 or field[0] != "5" or not field[11].strip():
            continue
        if field[2:5] != here:
            if pieces:
                lines.append(make_line(pieces, begins))
                pieces = []
            begins = field[2:4] != paragraph
            here, paragraph = field[2:5], field[2:4]
        left, top, width, height = (int(number) * scale for number in field[6:10])
        pieces.append(Piece(field[11].strip(), left, top, left + width, top + height))
    if pieces:
        lines.append(make_line(pieces, begins))
    return tuple(lines)


class Image:
    """A picture of one page or, in a TIFF, of several."""

    media_types = frozenset({"image/png", "image/jpeg", "image/tiff"})

    def __init__(self, progress: Callable[[], None] = idle, reader: Tesseract | None = None) -> None:
        self._progress = progress
        self._reader = reader or Tesseract(OwnPrograms(progress))

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        data = file.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise Unreadable("too-large", TOO_LARGE)
        file.seek(0)
        kind, sheets, reasons = "", [], dict[str, None]()
        for kind, page in _frames(file):  # noqa: B007 - the kind is that of the file
            lines: tuple[Line, ...] = ()
            try:
                lines = self._reader.read(page)
            except Unrecognised as error:
                reasons[str(error)] = None
            sheets.append(Sheet(*page.size, lines, scanned=bool(lines)))
            self._progress()
        text, pages = compose(sheets)
        notes = tuple(
            f"Image sans texte : {reason} ; le fichier est gardé entier, à relire plus tard." for reason in reasons
        )
        return enrich(Extraction(media_type=kind, text=text, pages=pages, warnings=notes), name)


def _frames(file: BinaryIO) -> Iterator[tuple[str, Gray]]:
    """The media type and each page in gray. Raises `Unreadable`."""
    with _judged():
        image = PIL.Image.open(file, formats=("PNG", "JPEG", "TIFF"))
        count = min(getattr(image, "n_frames", 1), MAX_FRAMES)
        kind = f"image/{(image.format or 'png').lower()}"
    with image:
        for number in range(count):
            with _judged():
                image.seek(number)
                if image.width * image.height > MAX_SOURCE_PIXELS:
                    raise Unreadable("too-large", TOO_LARGE)
                gray = _gray(image)
            yield kind, gray


@contextmanager
def _judged() -> Iterator[None]:
    """What Pillow makes of a hostile image, in a clerk's words."""
    try:
        with warnings.catch_warnings():
            # The size is judged by a number of our own; a crooked tag is no reason to refuse a picture.
            warnings.simplefilter("ignore")
            yield
    except PIL.Image.DecompressionBombError as error:
        raise Unreadable("too-large", TOO_LARGE) from error
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, KeyError, IndexError, struct.error) as error:
        raise Unreadable("damaged", DAMAGED) from error


def _gray(image: PIL.Image.Image) -> Gray:
    """Upright, flattened on white, and near 300 dpi: small letters are read best when enlarged."""
    upright = ImageOps.exif_transpose(image)
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        colour = upright.convert("RGBA")
        upright = PIL.Image.alpha_composite(PIL.Image.new("RGBA", colour.size, "white"), colour)
    gray = upright.convert("L")
    dpi = _dpi(image)
    scale = min(DPI / dpi if dpi < 200 else 1.0, (MAX_PIXELS / (gray.width * gray.height)) ** 0.5)
    if scale < 0.99 or scale > 1.01:
        gray = gray.resize((max(1, round(gray.width * scale)), max(1, round(gray.height * scale))))
        dpi *= scale
    return Gray(gray.tobytes(), gray.width, gray.height, dpi)


def _dpi(image: PIL.Image.Image) -> float:
    """What the file states where that is likely; otherwise as if the picture were an A4 page, within reason."""
    stated = image.info.get("dpi")
    if stated and 60 <= float(stated[0]) <= 1200:
        return float(stated[0])
    return min(max(min(image.size) / 8.27, 96.0), 600.0)
