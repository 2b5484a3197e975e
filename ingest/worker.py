"""The process that opens files: `python -m ingest.worker [--jailed] LIMITS`, frames on standard input and output."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from ingest.codec import dumps
from ingest.extraction import Extraction, Unreadable
from ingest.ocr import Tesseract
from ingest.pdf import Pdf
from ingest.pdf.specimen import warm_up
from ingest.registry import extractors, read
from ingest.sandbox.jail import SCRATCH, leave_network, visible
from ingest.sandbox.landlock import restrict
from ingest.sandbox.limits import Limits, confine, keep_memory
from ingest.sandbox.seccomp import Level, refuse
from ingest.sandbox.server import Desk, Server, refusal, write
from ingest.sandbox.wire import HELLO, NAME, PAGES, RESULT, pack

NO_MEMORY = (
    "Ce fichier demande trop de mémoire pour être ouvert : il est gardé tel quel. Déposez-le en plusieurs parties, ou"
    " en PDF."
)
BROKEN = (
    "Ce fichier est abîmé et n'a pas pu être lu : il est gardé tel quel. Enregistrez-le de nouveau dans son logiciel,"
    " puis redéposez-le."
)


def main() -> None:
    requests = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)  # what a library prints never reaches the parent
    keep_memory()
    limits = Limits(**json.loads(sys.argv[-1]))
    scratch = Path(os.environ["TMPDIR"])
    desk = Desk()
    known = extractors(desk.progress, desk)
    walls = enter(limits, scratch, jailed="--jailed" in sys.argv)
    write(answers, pack(HELLO, json.dumps(walls).encode()))
    server = Server(requests, answers, limits, scratch)
    pdf = Pdf(desk.progress, Tesseract(desk))
    warm_up()
    server.serve(
        desk,
        {
            NAME: lambda body, name: answer(lambda: read(body, name, known)),
            PAGES: lambda body, pages: answer(lambda: pdf.measure(BytesIO(body), json.loads(pages))),
        },
    )


def enter(limits: Limits, scratch: Path, *, jailed: bool) -> list[str]:
    """Put up all walls that this kernel offers around this process. Returns those that stand."""
    confine(limits)
    walls = {
        "bubblewrap": jailed,
        "namespace": jailed or leave_network(),
        "landlock": restrict(
            reading=visible(), writing=[scratch, Path(os.devnull)], programs=True, sockets=[Path(SCRATCH)]
        ),
        "seccomp": refuse(Level.SERVER),
    }
    return [name for name, stands in walls.items() if stands]


def answer(work: Callable[[], Extraction]) -> bytes:
    """What was read of one file as a frame, whatever it does to the parser short of ending it."""
    try:
        return pack(RESULT, dumps(work()))
    except Unreadable as error:
        return refusal(error.reason, error.sentence)
    except MemoryError:
        return refusal("memory", NO_MEMORY)
    except RecursionError:
        return refusal("bomb", BROKEN)
    except Exception as error:  # noqa: BLE001  (whatever a parser raises costs this file only)
        return refusal("damaged", BROKEN, type(error).__name__)


if __name__ == "__main__":
    main()
