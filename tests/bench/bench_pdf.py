"""Prints how many PDF pages a second ours reads, how many pdfplumber reads, and who keeps columns apart.

Each side runs in a process of its own with bounded memory and time: the files come from outside.
"""

from __future__ import annotations

import io
import json
import os
import resource
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pdfplumber
import zstandard
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from ingest.layout import compose
from ingest.pdf import Pdf
from ingest.pdf.running import strip_running

ARCHIVE = Path("parser-files") / "legal-fr.tar.zst"
MEMORY = 2 << 30
SECONDS = 300


def main() -> None:
    corpora = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data")
    archive = corpora / ARCHIVE
    if not archive.is_file():
        print(f"no {ARCHIVE} in {corpora}: set MINUTIER_CORPORA to the folder of real data")
        return
    figures = {side: _ask(side, archive) for side in SIDES}
    for side, found in figures.items():
        columns = "in order" if found["columns"] else "interleaved"
        print(f"{side:<12} {found['rate']:8.1f} pages/s over {found['pages']} pages; columns {columns}")
    print(f"ratio        {figures['ours']['rate'] / figures['pdfplumber']['rate']:8.1f} (aim: 60)")


def _ask(side: str, archive: Path) -> dict[str, float]:
    """What the side measured of itself, in its own process."""
    command = [sys.executable, "-m", "tests.bench.bench_pdf", side, str(archive)]
    root = Path(__file__).parents[2]
    done = subprocess.run(command, capture_output=True, check=True, timeout=SECONDS, cwd=root)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def _measure(side: str, archive: Path) -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    read, rounds = SIDES[side]
    bodies = list(_bodies(archive))
    rate, pages = 0.0, 0
    # Processor time, and the best of a few rounds: what else the machine does must not count.
    for _ in range(rounds):
        begun = time.process_time()
        pages = sum(read(body)[0] for body in bodies)
        rate = max(rate, pages / (time.process_time() - begun))
    text = read(_columns())[1]
    apart = text.index("gauche 29") < text.index("droite 0 ")
    print(json.dumps({"rate": rate, "pages": pages, "columns": apart}))


def _bodies(archive: Path) -> Iterator[bytes]:
    with zstandard.open(archive, "rb") as plain, tarfile.open(fileobj=plain, mode="r|") as files:
        for member in files:
            if member.isfile() and member.name.lower().endswith(".pdf"):
                held = files.extractfile(member)
                if held is not None:
                    yield held.read()


def _ours(body: bytes) -> tuple[int, str]:
    """All that an arriving file costs: text, places of words, metadata, zones and citations."""
    extraction = Pdf().extract(io.BytesIO(body), "texte.pdf")
    return len(extraction.pages), extraction.text


def _text_alone(body: bytes) -> tuple[int, str]:
    """Text and places of words."""
    text, pages = compose(strip_running(Pdf().read(io.BytesIO(body))[0]))
    return len(pages), text


def _pdfplumber(body: bytes) -> tuple[int, str]:
    with pdfplumber.open(io.BytesIO(body)) as pdf:
        texts = [(page.extract_text(), page.extract_words()) for page in pdf.pages]
    return len(texts), "\n".join(text for text, _ in texts)


SIDES: dict[str, tuple[Callable[[bytes], tuple[int, str]], int]] = {
    "ours": (_text_alone, 15),
    "ours, whole": (_ours, 5),
    "pdfplumber": (_pdfplumber, 2),
}


def _columns() -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    for name, left in (("gauche", 60), ("droite", 320)):
        for number in range(30):
            canvas.drawString(left, 700 - 16 * number, f"{name} {number} de cette colonne du bulletin")
    canvas.save()
    return out.getvalue()


if __name__ == "__main__":
    if len(sys.argv) == 3:
        _measure(sys.argv[1], Path(sys.argv[2]))
    else:
        main()
