"""A pool of worker processes. A bomb, a crash or a hang costs one file and one worker, never the parent."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.codec import Malformed, loads
from ingest.extraction import Extraction, Unreadable
from ingest.sandbox import jail
from ingest.sandbox.limits import Limits
from ingest.sandbox.server import CRASHED, STALLED
from ingest.sandbox.wire import BODY, HEADER, HELLO, NAME, PAGES, PROGRESS, REFUSAL, RESULT, pack

START = 60.0
"""Seconds that a worker may take to start."""
CHUNK = 1 << 16
TOO_LARGE = "Ce fichier dépasse {} Mo et n'a pas été lu : il est gardé tel quel. Déposez-le en plusieurs parties."
NO_WORKER = (
    "Le service qui lit les fichiers n'a pas démarré : ce fichier est gardé tel quel. Prévenez l'administrateur, puis"
    " relancez la lecture."
)


class Lost(Exception):
    """The worker ended, stalled, or sent what no worker sends."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sentence = sentence


class Workers:
    """Reads files in `count` sandboxed processes. `extract` may be called from any thread."""

    def __init__(self, count: int = 2, limits: Limits | None = None, *, bubblewrap: bool | None = None) -> None:
        """`bubblewrap`: whether to use it; by default, where it works on this machine."""
        self._limits = limits or Limits()
        self._bubblewrap = jail.has_bubblewrap() if bubblewrap is None else bubblewrap
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put(None)  # started with the first file
        # bubblewrap dies with the thread that started it, not only with the process: this one lives as long as we do.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="workers")
        self._count = count

    @property
    def walls(self) -> str:
        """What confines the workers on this machine: a word for each wall that stands, after one was started."""
        worker = self._idle.get()
        try:
            worker = worker or self._start()
            return ", ".join(worker.walls)
        finally:
            self._idle.put(worker)

    def extract(self, source: Path | bytes, name: str) -> Extraction:
        """Read one file. Raises Unreadable with a sentence for a clerk."""
        return self._ask(source, pack(NAME, name.encode("utf-8", "replace")))

    def measure(self, source: Path | bytes, pages: Sequence[int]) -> Extraction:
        """The lines of a PDF's pages, counted from zero, in the order asked, each of its words with its place.

        Nothing is recognised or put together. Raises Unreadable.
        """
        return self._ask(source, pack(PAGES, json.dumps(list(pages)).encode()))

    def _ask(self, source: Path | bytes, request: bytes) -> Extraction:
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > self._limits.size:
            raise Unreadable("too_large", TOO_LARGE.format(self._limits.size >> 20))
        body = source if isinstance(source, bytes) else source.read_bytes()
        worker = self._idle.get()
        try:
            found, worker = self._read(worker, body, request)
        except Lost as loss:
            worker = None
            raise Unreadable(loss.reason, loss.sentence) from loss
        finally:
            self._idle.put(worker)
        if isinstance(found, Unreadable):
            raise found
        return found

    def _read(self, worker: _Worker | None, body: bytes, request: bytes) -> tuple[Extraction | Unreadable, _Worker]:
        """Read with an idle worker, or a new one where there is none or it ended in the meantime."""
        if worker is not None and worker.ended:
            worker.kill()
            worker = None
        worker = worker or self._start()
        try:
            return worker.read(body, request), worker
        except BaseException:
            worker.kill()
            raise

    def _start(self) -> _Worker:
        worker = self._starter.submit(_Worker, self._limits, bubblewrap=self._bubblewrap).result()
        worker.greet()
        return worker

    def close(self) -> None:
        for _ in range(self._count):
            worker = self._idle.get()
            if worker is not None:
                worker.kill()
        self._starter.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


class _Worker:
    """One process, warm between files."""

    def __init__(self, limits: Limits, *, bubblewrap: bool) -> None:
        self._limits = limits
        self._scratch = "" if bubblewrap else tempfile.mkdtemp(prefix="minutier-")
        command = [sys.executable, "-I", "-m", "ingest.worker"]
        if not self._scratch:
            command = [*jail.bubblewrap(), *command, "--jailed"]
        command.append(json.dumps(asdict(limits)))
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            cwd=self._scratch or None,
            env=jail.environment(self._scratch) if self._scratch else None,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._buffer = bytearray()
        self.walls: list[str] = []

    def greet(self) -> None:
        """Wait until it is ready, and hear which walls it stands behind. Raises Lost."""
        with contextlib.suppress(Lost):
            kind, walls = self._frame(time.monotonic() + START, START)
            if kind == HELLO:
                self.walls = [str(wall) for wall in json.loads(walls)]
                return
        self.kill()
        raise Lost("unavailable", NO_WORKER)

    def read(self, body: bytes, request: bytes) -> Extraction | Unreadable:
        """Raises Lost where the worker cannot be used any more."""
        deadline = time.monotonic() + self._limits.total
        self._send(request + pack(BODY, body), deadline)
        while True:
            kind, answer = self._frame(deadline, self._limits.stall)
            if kind == RESULT:
                try:
                    return loads(answer)
                except Malformed as error:
                    raise Lost("crash", CRASHED) from error
            if kind == REFUSAL:
                return _refusal(answer)
            if kind != PROGRESS:
                raise Lost("crash", CRASHED)

    @property
    def ended(self) -> bool:
        """Whether the process ended while nobody looked, or left bytes that nobody asked for."""
        return self._process.poll() is not None or bool(self._buffer or select.select([self._out], [], [], 0)[0])

    def kill(self) -> None:
        """End the process and all that it started."""
        if self._process.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)
            jail.remove_office_sockets()

    def _send(self, data: bytes, deadline: float) -> None:
        view = memoryview(data)
        while view:
            self._wait(reading=False, seconds=min(self._limits.stall, deadline - time.monotonic()))
            try:
                view = view[os.write(self._in, view[: 16 * CHUNK]) :]
            except BrokenPipeError as error:
                raise Lost("crash", CRASHED) from error

    def _frame(self, deadline: float, stall: float) -> tuple[bytes, bytes]:
        """The next whole frame; `stall` counts from the last byte."""
        while True:
            if len(self._buffer) >= HEADER.size:
                kind, length = HEADER.unpack_from(self._buffer)
                if length > self._limits.answer:
                    raise Lost("memory", CRASHED)
                if len(self._buffer) >= HEADER.size + length:
                    body = bytes(self._buffer[HEADER.size : HEADER.size + length])
                    del self._buffer[: HEADER.size + length]
                    return kind, body
            self._wait(reading=True, seconds=min(stall, deadline - time.monotonic()))
            part = os.read(self._out, 16 * CHUNK)
            if not part:
                raise Lost("crash", CRASHED)
            self._buffer += part

    def _wait(self, *, reading: bool, seconds: float) -> None:
        watched = [self._out] if reading else []
        written = [] if reading else [self._in]
        ready = select.select(watched, written, [], max(seconds, 0.0))
        if not (ready[0] or ready[1]):
            raise Lost("timeout", STALLED)


def _refusal(answer: bytes) -> Unreadable:
    try:
        held = json.loads(answer)
        return Unreadable(str(held["reason"])[:40], str(held["sentence"])[:500])
    except (ValueError, KeyError, TypeError):
        return Unreadable("crash", CRASHED)
