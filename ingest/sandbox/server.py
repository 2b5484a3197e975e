"""The fork server: warm, parsing no file itself; a fork of it reads one file and ends, with all that was done to it."""

from __future__ import annotations

import gc
import json
import os
import resource
import shutil
import signal
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from ingest.sandbox.jail import visible
from ingest.sandbox.landlock import restrict
from ingest.sandbox.limits import Limits
from ingest.sandbox.programs import OwnPrograms, Ran, ServedPrograms, serve
from ingest.sandbox.seccomp import Level, refuse
from ingest.sandbox.wire import BODY, DONE, PROGRESS, REFUSAL, RESULT, RUN, pack, receive

Parse = Callable[[bytes, str], bytes]
"""A file and what its request said, a name or page numbers, to a frame: RESULT or REFUSAL."""
STALLED = (
    "La lecture de ce fichier n'avançait plus et a été arrêtée : il est gardé tel quel. Enregistrez-le en PDF, puis"
    " déposez-le de nouveau."
)
CRASHED = (
    "Ce fichier a fait échouer le logiciel qui le lit : il est gardé tel quel. Enregistrez-le dans un autre format,"
    " puis déposez-le de nouveau."
)


class Desk:
    """What a parser may ask of the server: to be known alive, and to have a program run. Opens in the fork alone."""

    def __init__(self) -> None:
        self._out = -1
        self._programs: ServedPrograms | None = None

    def sit(self, out: int, answers: int) -> None:
        self._out, self._programs = out, ServedPrograms(out, answers)

    def progress(self) -> None:
        write(self._out, pack(PROGRESS))

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:
        assert self._programs is not None
        return self._programs.run(name, words, body=body, seconds=seconds)


class Server:
    """Takes a file after another from `requests`, answers each with one frame on `answers`."""

    def __init__(self, requests: BinaryIO, answers: int, limits: Limits, scratch: Path) -> None:
        self._requests = requests
        self._answers = answers
        self._limits = limits
        self._scratch = scratch
        self._programs = OwnPrograms(self._progress, limits.memory)

    def serve(self, desk: Desk, parsers: Mapping[bytes, Parse]) -> None:
        """Until the parent closes its end. `parsers`: by the kind of a request's first frame."""
        gc.freeze()
        while True:
            try:
                (kind, said), (second, body) = receive(self._requests), receive(self._requests)
            except EOFError:
                return
            assert second == BODY
            write(self._answers, self._one(desk, parsers[kind], body, said.decode("utf-8", "replace")))
            self._sweep()

    def _one(self, desk: Desk, parse: Parse, body: bytes, said: str) -> bytes:
        reading, writing = os.pipe()
        asked, answering = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reading)
            os.close(answering)
            self._be_parser(desk, writing, asked, lambda: parse(body, said))
        os.close(writing)
        os.close(asked)
        with os.fdopen(reading, "rb", buffering=0) as frames, os.fdopen(answering, "wb", buffering=0) as replies:
            answer = self._follow(frames, replies)
        _, status = os.waitpid(child, 0)
        return answer or refusal(*_cause(status))

    def _follow(self, frames: BinaryIO, replies: BinaryIO) -> bytes:
        """Pass progress on, run programs, keep the one answer; empty where the parser ended without."""
        answer = b""
        with suppress(EOFError, BrokenPipeError):
            while True:
                kind, body = receive(frames, self._limits.answer)
                if kind == PROGRESS:
                    self._progress()
                elif kind == RUN:
                    replies.write(pack(DONE, str(serve(body, self._programs)).encode()))
                elif kind in (RESULT, REFUSAL):
                    answer = pack(kind, body)
        return answer

    def _be_parser(self, desk: Desk, out: int, answers: int, parse: Callable[[], bytes]) -> None:
        """In the fork: shut every door, read, answer, end."""
        try:
            os.close(self._answers)
            os.close(self._requests.fileno())
            desk.sit(out, answers)
            shut(self._limits, self._scratch)
            write(out, parse())
        finally:
            os._exit(0)

    def _progress(self) -> None:
        write(self._answers, pack(PROGRESS))

    def _sweep(self) -> None:
        """Leave nothing of a file's scratch to the next."""
        for entry in os.scandir(self._scratch):
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path, ignore_errors=True)
            else:
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108


def shut(limits: Limits, scratch: Path) -> None:
    """Shut the last doors, from here on for good: this process may compute, read libraries and write to `scratch`."""
    seconds = int(limits.cpu)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    restrict(reading=visible(), writing=[scratch, Path(os.devnull)], programs=False)
    refuse(Level.PARSER)


def refusal(reason: str, sentence: str, kind: str = "") -> bytes:
    """A frame that says no, with a sentence for a clerk and, for the log, an exception's name."""
    return pack(REFUSAL, json.dumps({"reason": reason, "sentence": sentence, "kind": kind}).encode())


def write(out: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(out, view) :]


def _cause(status: int) -> tuple[str, str]:
    """Why a parser ended without an answer."""
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGXCPU:
        return "timeout", STALLED
    return "crash", CRASHED
