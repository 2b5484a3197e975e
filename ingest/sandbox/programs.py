"""Running the few programs that parsers need: by ourselves, or by the server beside a parser that may start none."""

from __future__ import annotations

import json
import os
import resource
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Protocol

from ingest.sandbox.seccomp import Level, refuse
from ingest.sandbox.wire import DONE, RUN, pack, receive

KNOWN = {
    "tesseract": ("tesseract", "/usr/bin/tesseract", "/usr/local/bin/tesseract"),
    "soffice": (
        "/usr/lib/libreoffice/program/soffice.bin",
        "/usr/lib64/libreoffice/program/soffice.bin",
        "/opt/libreoffice/program/soffice.bin",
    ),
}
"""The programs by name, and where they are found: LibreOffice's own binary, for its wrapper starts others."""
NOT_FOUND, OUT_OF_TIME = 127, 124
TICK = 0.5
STILL = 15.0
"""Seconds in which a program uses no processor at all, after which it is taken for stuck."""
OUTPUT = 64 << 20
Progress = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Ran:
    """How a program ended: its code (127 not installed, 124 out of time, negative for a signal), what it printed."""

    code: int
    output: bytes = b""


class Programs(Protocol):
    """Runs one of `KNOWN`, with `body` on its standard input, for `seconds` at most."""

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran: ...


class OwnPrograms:
    """Starts programs from this process: for trusted bytes, such as a test's, and behind the server."""

    def __init__(self, progress: Progress = lambda: None, memory: int = resource.RLIM_INFINITY) -> None:
        self._progress = progress
        self._memory = memory

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as printed:
            given.write(body)
            given.seek(0)
            code = self.run_on(name, words, given, printed, seconds)
            printed.seek(0)
            return Ran(code, printed.read(OUTPUT))

    def run_on(self, name: str, words: Sequence[str], given: IO[bytes], printed: IO[bytes], seconds: float) -> int:
        """The same on open files. Returns the code."""
        path = find(name)
        if path is None:
            return NOT_FOUND
        process = subprocess.Popen(  # noqa: S603  (the program is one of ours, and confined)
            [path, *words],
            stdin=given,
            stdout=printed,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "LD_LIBRARY_PATH": _libraries(path), "OMP_THREAD_LIMIT": "1"},
            preexec_fn=self._enter,  # noqa: PLW1509  (no thread runs beside this one in the server)
        )
        try:
            return self._wait(process, time.monotonic() + seconds)
        finally:
            process.kill()  # it has no children: it may not make any
            process.wait()

    def _enter(self) -> None:
        _, hard = resource.getrlimit(resource.RLIMIT_AS)
        if self._memory != resource.RLIM_INFINITY:
            bound = self._memory if hard == resource.RLIM_INFINITY else min(self._memory, hard)
            resource.setrlimit(resource.RLIMIT_AS, (bound, bound))
        refuse(Level.PROGRAM)

    def _wait(self, process: subprocess.Popen[bytes], deadline: float) -> int:
        used, moved = 0.0, time.monotonic()
        while True:
            try:
                return process.wait(TICK)
            except subprocess.TimeoutExpired:
                now = time.monotonic()
                if (spent := _processor_time(process.pid)) > used:
                    used, moved = spent, now
                    self._progress()
                if now > deadline or now - moved > STILL:
                    return OUT_OF_TIME


class NoPrograms:
    """A machine that has none of them."""

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:  # noqa: ARG002
        return Ran(NOT_FOUND)


class ServedPrograms:
    """Asks the fork server, over two pipes, and exchanges bytes through files in the scratch folder."""

    def __init__(self, asking: int, answering: int) -> None:
        self._asking = asking
        self._answers = os.fdopen(answering, "rb", buffering=0)

    def run(self, name: str, words: Sequence[str], *, body: bytes = b"", seconds: float = 60.0) -> Ran:
        with tempfile.NamedTemporaryFile() as given, tempfile.NamedTemporaryFile() as printed:
            given.write(body)
            given.flush()
            wish = {"name": name, "words": list(words), "in": given.name, "out": printed.name, "seconds": seconds}
            os.write(self._asking, pack(RUN, json.dumps(wish).encode()))
            kind, code = receive(self._answers)
            return Ran(int(code) if kind == DONE else NOT_FOUND, printed.read(OUTPUT))


def serve(wish: bytes, programs: OwnPrograms) -> int:
    """Fulfil what `ServedPrograms` asks. Returns the program's code; 127 for a request that makes no sense."""
    try:
        held = json.loads(wish)
        words = [str(word) for word in held["words"]]
        with open(held["in"], "rb") as given, open(held["out"], "wb") as printed:  # noqa: PTH123
            return programs.run_on(str(held["name"]), words, given, printed, float(held["seconds"]))
    except (ValueError, KeyError, TypeError, OSError):
        return NOT_FOUND


def find(name: str) -> str | None:
    """Where a known program is installed."""
    return next((path for candidate in KNOWN.get(name, ()) if (path := shutil.which(candidate))), None)


def _libraries(path: str) -> str:
    """LibreOffice finds its own libraries through /proc, which a sandbox may lack."""
    return str(Path(path).parent) if path.endswith("soffice.bin") else ""


def _processor_time(process: int) -> float:
    """Seconds of processor time that a process has used (`man 3 clock_getcpuclockid`); 0 once it is gone."""
    try:
        return time.clock_gettime((~process << 3) | 2)
    except OSError:
        return 0.0
