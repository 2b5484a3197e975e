"""Prints how many PDF pages a second ours reads and how many pdfplumber does, who keeps columns apart, and paragraphs.

Words are `legal`, `court` and `all`: French legal pages, the demo court's own, every PDF of the corpora with words that
all sides read. Each side reads a file in a fork of its own, with bounded memory and time: the files come from outside.
A side's time is its processor time, one core, the best of its rounds; both start from bytes in memory.
"""

from __future__ import annotations

import ctypes
import io
import json
import logging
import os
import resource
import signal
import sys
import tarfile
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import takewhile
from pathlib import Path

import pdfplumber
import pypdfium2.raw as pdfium
import zstandard
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.layout import compose
from ingest.ocr import Tesseract
from ingest.pdf import Pdf
from ingest.pdf.running import strip_running
from ingest.sandbox.limits import keep_memory
from ingest.sandbox.programs import NoPrograms
from portal.demo.court import generate
from portal.demo.printing import pdf
from portal.demo.shapes import numbered_lines
from tests.ingest.paragraphs import SETTINGS, Score, compare, typeset

MEMORY = 3 << 30
SECONDS = 20
"""For one side on one file."""
ENOUGH = 0.3
"""Seconds of rounds, after which a side has shown its best on a file."""
PATIENCE = 4.0
"""Seconds after which it is not asked a second time."""
WORDED = 25
"""Characters a page of a file that has text to find."""

Reading = tuple[float, int, str]
"""Seconds, pages, text."""


def main(names: Sequence[str]) -> None:
    corpora = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data")
    folder = corpora / "parser-files"
    if not folder.is_dir():
        print(f"no parser-files in {corpora}: set MINUTIER_CORPORA to the folder of real data")
    sets: dict[str, Callable[[], Iterator[bytes]]] = {
        "legal": lambda: _bodies([folder / "legal-fr.tar.zst"]),
        "court": _court,
        "all": lambda: _bodies(sorted(folder.glob("*.tar.zst"))),
    }
    for name in names or sets:
        _compare(name, list(sets[name]()))
    for side in ("ours", "pdfplumber"):
        _, _, text = _apart(SIDES[side], _columns()) or (0, 0, "")
        apart = text.find("gauche 29") < text.find("droite 0 ")
        print(f"columns      {side}: {'in order' if apart else 'interleaved'}")
    _paragraphs()


def _compare(name: str, bodies: Sequence[bytes]) -> None:
    kept = []
    for body in bodies:
        found = list(takewhile(lambda one: one is not None, (_apart(read, body) for read in SIDES.values())))
        worded = [one for one in found if one is not None and len(one[2]) >= WORDED * one[1] > 0]
        if len(worded) == len(SIDES):
            kept.append(worded)
    if not kept:
        print(f"{name}: no file that all sides read")
        return
    pages = sum(found[0][1] for found in kept)
    seconds = dict(zip(SIDES, map(sum, zip(*([one[0] for one in found] for found in kept), strict=True)), strict=True))
    print(f"{name}: {len(kept)} files, {pages} pages")
    for side, spent in seconds.items():
        ratio = seconds["pdfplumber"] / spent
        print(f"  {side:<20} {pages / spent:8.1f} pages/s {ratio:6.1f} × pdfplumber{' (aim: 60)' * (side == 'ours')}")


def _apart(read: Callable[[bytes], tuple[int, str]], body: bytes) -> Reading | None:
    """What one side made of one file in a fork; None where it raised, crashed or took too long."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.close(reading)
            with os.fdopen(writing, "w") as out:
                json.dump(_rounds(read, body), out)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    try:
        seconds, pages, text = json.loads(told)
    except ValueError:
        return None
    return seconds, pages, text


def _rounds(read: Callable[[bytes], tuple[int, str]], body: bytes) -> Reading:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    keep_memory()  # as a worker does
    signal.alarm(SECONDS)
    logging.disable(logging.CRITICAL)
    best, total, rounds = float("inf"), 0.0, 0
    while total < (ENOUGH if rounds > 1 else PATIENCE) and rounds < 15:
        begun = time.thread_time()
        pages, text = read(body)
        spent = time.thread_time() - begun
        best, total, rounds = min(best, spent), total + spent, rounds + 1
    return best, pages, text


NO_OCR = Tesseract(NoPrograms())


def _ours(body: bytes) -> tuple[int, str]:
    """Text in paragraphs, without running heads, cut words joined, tables by row; the place of each line."""
    text, pages = compose(strip_running(Pdf(reader=NO_OCR).read(io.BytesIO(body))[0]))
    return len(pages), text


def _whole(body: bytes) -> tuple[int, str]:
    """All that an arriving file costs: with metadata, zones and citations."""
    extraction = Pdf(reader=NO_OCR).extract(io.BytesIO(body), "texte.pdf")
    return len(extraction.pages), extraction.text


def _words(body: bytes) -> tuple[int, str]:
    """The place of each word, which only a page shown with hits asks for."""
    extraction = Pdf(reader=NO_OCR).measure(io.BytesIO(body), range(_ours(body)[0]))
    return len(extraction.pages), extraction.text


def _bare(body: bytes) -> tuple[int, str]:
    """What PDFium takes to open pages and hand over their characters as they lie: no more can be had from it."""
    texts = []
    document = pdfium.FPDF_LoadMemDocument64(body, len(body), None)
    for number in range(pdfium.FPDF_GetPageCount(document)):
        page = pdfium.FPDF_LoadPage(document, number)
        text_page = pdfium.FPDFText_LoadPage(page)
        count = pdfium.FPDFText_CountChars(text_page)
        buffer = (ctypes.c_ushort * (count + 1))()
        pdfium.FPDFText_GetText(text_page, 0, count, buffer)
        texts.append(bytes(buffer).decode("utf-16-le", "replace"))
        pdfium.FPDFText_ClosePage(text_page)
        pdfium.FPDF_ClosePage(page)
    pdfium.FPDF_CloseDocument(document)
    return len(texts), "\n".join(texts)


def _pdfplumber(body: bytes) -> tuple[int, str]:
    with pdfplumber.open(io.BytesIO(body)) as opened:
        texts = [page.extract_text() for page in opened.pages]
    return len(texts), "\n".join(texts)


SIDES: dict[str, Callable[[bytes], tuple[int, str]]] = {
    "ours": _ours,
    "ours, with metadata": _whole,
    "ours, words' places": _words,
    "PDFium alone": _bare,
    "pdfplumber": _pdfplumber,
}


def _bodies(archives: Sequence[Path]) -> Iterator[bytes]:
    for archive in archives:
        if not archive.is_file():
            continue
        with zstandard.open(archive, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as files:
            for member in files:
                held = files.extractfile(member) if member.isfile() and member.name.lower().endswith(".pdf") else None
                if held is not None:
                    yield held.read()


def _court() -> Iterator[bytes]:
    """One of twelve of the demo court's printed pieces."""
    return (pdf(piece) for piece in [one for one in generate().pieces if one.media == "pdf"][::12])


def _columns() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for name, left in (("gauche", 60), ("droite", 320)):
        for number in range(30):
            canvas.drawString(left, 700 - 16 * number, f"{name} {number} de cette colonne du bulletin")
    canvas.save()
    return out.getvalue()


def _paragraphs() -> None:
    """F1 of paragraph boundaries against the text that was printed."""
    pieces = [piece for piece in generate().pieces if piece.media == "pdf" and piece.kind == "memoire_ampliatif"][:8]
    known = [
        part for piece in pieces for line in numbered_lines(piece.blocks) for part in line.split("\n") if part.strip()
    ]
    total = Score()
    for setting in SETTINGS:
        score = compare(known, _ours(typeset(known, setting))[1])
        total += score
        print(f"paragraphs   {setting.name:<18} F1 {score.f1:.3f}")
    print(f"paragraphs   all                F1 {total.f1:.3f} over {total.true} boundaries")


if __name__ == "__main__":
    main(sys.argv[1:])
