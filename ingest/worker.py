"""The process that opens files. It reads frames on standard input, answers on standard output, and may die of it."""

from __future__ import annotations

import json
import os
import sys

from ingest.codec import dumps
from ingest.extraction import Extractor, Unreadable
from ingest.registry import extractors, read
from ingest.sandbox.jail import refuse_network
from ingest.sandbox.limits import Limits, confine
from ingest.sandbox.wire import HELLO, PROGRESS, REFUSAL, RESULT, pack, receive

NO_MEMORY = "Ce fichier demande trop de mémoire pour être ouvert. Déposez-le en plusieurs parties, ou en PDF."
BROKEN = "Ce fichier est abîmé et n'a pas pu être lu. Enregistrez-le de nouveau dans son logiciel, puis redéposez-le."


def main() -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb", buffering=0)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # what a library prints never reaches the parent
    os.dup2(nowhere, 2)

    def progress() -> None:
        answers.write(pack(PROGRESS))

    known = extractors(progress)
    network = "namespace" if "--jailed" in sys.argv else refuse_network()
    confine(Limits())
    answers.write(pack(HELLO, network.encode()))
    while True:
        try:
            _, name = receive(sys.stdin.buffer)
            _, body = receive(sys.stdin.buffer)
        except EOFError:
            return
        answers.write(_answer(body, name.decode("utf-8", "replace"), known))


def _answer(body: bytes, name: str, known: dict[str, Extractor]) -> bytes:
    try:
        return pack(RESULT, dumps(read(body, name, known)))
    except Unreadable as refusal:
        return _refuse(refusal.reason, refusal.sentence)
    except MemoryError:
        return _refuse("memory", NO_MEMORY)
    except RecursionError:
        return _refuse("bomb", BROKEN)
    except Exception as error:  # noqa: BLE001  (whatever a parser raises costs this file only)
        return _refuse("damaged", BROKEN, type(error).__name__)


def _refuse(reason: str, sentence: str, kind: str = "") -> bytes:
    return pack(REFUSAL, json.dumps({"reason": reason, "sentence": sentence, "kind": kind}).encode())


if __name__ == "__main__":
    main()
