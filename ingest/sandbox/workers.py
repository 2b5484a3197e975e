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
from pathlib import Path
from types import TracebackType
from typing import Self

from ingest.codec import Malformed, loads
from ingest.extraction import Extraction, Unreadable
from ingest.sandbox import jail
from ingest.sandbox.limits import Limits
from ingest.sandbox.wire import BODY, HEADER, HELLO, NAME, PROGRESS, REFUSAL, RESULT, pack

START = 60.0
"""Seconds that a worker may take to start."""
CHUNK = 1 << 16
TOO_LARGE = "Ce fichier dépasse la taille admise ({} Mo). Déposez-le en plusieurs parties."
STALLED = (
    "La lecture de ce fichier n'avançait plus : elle a été arrêtée. Enregistrez-le en PDF puis déposez-le de nouveau."
)
CRASHED = (
    "Ce fichier a fait échouer le logiciel qui le lit. Enregistrez-le dans un autre format puis déposez-le de nouveau."
)


class Lost(Exception):
    """The worker ended, stalled, or sent what no worker sends."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.sentence = sentence


class Workers:
    """Reads files in `count` sandboxed processes. `extract` may be called from any thread."""

    def __init__(self, count: int = 2, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._idle: queue.LifoQueue[_Worker | None] = queue.LifoQueue()
        for _ in range(count):
            self._idle.put(None)  # started with the first file
        self._count = count

    @property
    def walls(self) -> str:
        """What confines the workers here, in words."""
        if jail.has_bubblewrap():
            return "bubblewrap: own namespaces, no network, programs read-only, scratch in memory; limits on resources"
        return "no bubblewrap: limits on resources, no network where the kernel allows it"

    def extract(self, source: Path | bytes, name: str) -> Extraction:
        """Read one file. Raises Unreadable with a sentence for a clerk."""
        size = len(source) if isinstance(source, bytes) else source.stat().st_size
        if size > self._limits.size:
            raise Unreadable("too_large", TOO_LARGE.format(self._limits.size >> 20))
        body = source if isinstance(source, bytes) else source.read_bytes()
        worker = self._idle.get()
        try:
            if worker is None:
                worker = _Worker(self._limits)
            found = worker.read(body, name)
        except Lost as loss:
            if worker is not None:
                worker.kill()
            worker = None
            raise Unreadable(loss.reason, loss.sentence) from loss
        finally:
            if worker is not None and worker.reads >= self._limits.reads:
                worker.kill()
                worker = None
            self._idle.put(worker)
        if isinstance(found, Unreadable):
            raise found
        return found

    def close(self) -> None:
        for _ in range(self._count):
            worker = self._idle.get()
            if worker is not None:
                worker.kill()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None) -> None:
        self.close()


class _Worker:
    """One process, warm between files."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self.reads = 0
        self._scratch = "" if jail.has_bubblewrap() else tempfile.mkdtemp(prefix="minutier-")
        command = [sys.executable, "-I", "-m", "ingest.worker"]
        if not self._scratch:
            command = [*jail.bubblewrap(jail.package_folder()), *command, "--jailed"]
        self._process = subprocess.Popen(  # noqa: S603
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            cwd=self._scratch or None,
            env=jail.plain_environment(self._scratch) if self._scratch else None,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._buffer = bytearray()
        kind, _ = self._frame(time.monotonic() + START, START)
        if kind != HELLO:
            self.kill()
            raise Lost("crash", CRASHED)

    def read(self, body: bytes, name: str) -> Extraction | Unreadable:
        """Raises Lost where the worker cannot be used any more."""
        self.reads += 1
        deadline = time.monotonic() + self._limits.total
        self._send(pack(NAME, name.encode("utf-8", "replace")) + pack(BODY, body), deadline)
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

    def kill(self) -> None:
        """End the process and all that it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                stream.close()
        if self._scratch:
            shutil.rmtree(self._scratch, ignore_errors=True)

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
