"""A worker can hurt itself alone: what a taken-over or runaway parser tries, and what comes of it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ingest import Limits, Unreadable, Workers
from ingest.sandbox import jail
from ingest.sandbox.wire import BODY, HELLO, NAME, PROGRESS, RESULT, pack
from ingest.sandbox.workers import Lost, _Worker

SAYS = "import sys; sys.stdout.buffer.write(%s); sys.stdout.flush(); sys.stdin.read()"
INSIDE = [sys.executable, "-I", "-c"]


def jailed(code: str) -> subprocess.CompletedProcess[str]:
    """Run Python code behind the walls that workers have here."""
    if not jail.has_bubblewrap():
        pytest.skip("bubblewrap is not installed or may not make namespaces here: apt-get install bubblewrap")
    command = [*jail.bubblewrap(jail.package_folder()), *INSIDE, code]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_text_is_read_and_the_worker_stays_warm() -> None:
    """A file is read in another process, and the next one by the same process."""
    with Workers(count=1) as workers:
        for number in range(3):
            assert workers.extract(f"Mémoire ampliatif {number}".encode(), "a.txt").text.strip().endswith(str(number))


def test_many_threads_share_the_pool() -> None:
    """Each thread gets its own file's words back."""
    with Workers(count=2) as workers, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: workers.extract(f"pièce numéro {n}".encode(), "a.txt").text, range(40)))
    assert [text.strip() for text in found] == [f"pièce numéro {n}" for n in range(40)]


def test_a_file_over_the_size_is_refused_unopened() -> None:
    """A file that is too large never reaches a worker, and the sentence says what to do."""
    with Workers(count=1, limits=Limits(size=10)) as workers, pytest.raises(Unreadable) as refusal:
        workers.extract(b"x" * 11, "a.txt")
    assert refusal.value.reason == "too_large"
    assert "Déposez-le" in refusal.value.sentence


def test_no_socket_opens_inside() -> None:
    """From inside, neither loopback nor anything else can be reached."""
    code = "import socket; socket.create_connection(('127.0.0.1', %d), timeout=3)"
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        assert jailed(code % server.getsockname()[1]).returncode != 0


def test_no_data_is_seen_and_nothing_outside_is_written(tmp_path: Path) -> None:
    """Passwords, homes and the court's files are not there to read, and programs cannot be changed."""
    secret = tmp_path / "secret"
    secret.write_text("délibéré")
    assert jailed("open('/etc/shadow')").returncode != 0
    assert jailed(f"open({str(secret)!r})").returncode != 0
    assert jailed(f"open({sys.executable!r} + '.x', 'w')").returncode != 0
    assert jailed("open('/tmp/x', 'w').write('scratch is ours')").returncode == 0


def test_without_bubblewrap_sockets_are_refused_too() -> None:
    """The kernel's own walls keep a process from the network where bubblewrap is missing."""
    code = (
        "from ingest.sandbox.jail import refuse_network\nprint(refuse_network())\n"
        "import socket\ntry:\n socket.create_connection(('127.0.0.1', %d), timeout=3)\n print('open')\n"
        "except OSError:\n print('shut')\n"
    )
    import socket

    with socket.create_server(("127.0.0.1", 0)) as server:
        done = subprocess.run(
            [sys.executable, "-c", code % server.getsockname()[1]],
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
    walls, door = done.stdout.split()
    if walls == "nothing":
        pytest.skip("this kernel offers neither namespaces nor system-call filters")
    assert door == "shut"


def test_memory_is_bounded() -> None:
    """A process that asks for more than its share is refused it, and ends alone."""
    code = "from ingest.sandbox.limits import Limits, confine\nconfine(Limits(memory=1 << 29))\nbytearray(1 << 30)\n"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert "MemoryError" in done.stderr


class Scripted(_Worker):
    """A worker whose process is a script of ours, so that it can misbehave on purpose."""

    def __init__(self, code: str, limits: Limits) -> None:
        self._limits, self.reads, self._scratch = limits, 0, ""
        self._process = subprocess.Popen(
            [sys.executable, "-c", code],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in, self._out = self._process.stdin.fileno(), self._process.stdout.fileno()
        os.set_blocking(self._in, False)
        os.set_blocking(self._out, False)
        self._buffer = bytearray()


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("import time; time.sleep(600)", "timeout"),
        ("import os; os.kill(os.getpid(), 11)", "crash"),
        (
            SAYS % "b'R' + (1 << 62).to_bytes(8, 'big')",
            "memory",
        ),
        (
            SAYS % "b'R' + (4).to_bytes(8, 'big') + b'junk'",
            "crash",
        ),
        (
            SAYS % "b'?' + (0).to_bytes(8, 'big')",
            "crash",
        ),
    ],
)
def test_a_worker_that_hangs_crashes_or_lies_is_lost_alone(code: str, reason: str) -> None:
    """Silence, death, endless answers and nonsense all end in a reason, and the parent goes on."""
    worker = Scripted(code, Limits(stall=1.0))
    with pytest.raises(Lost) as loss:
        worker.read(b"x", "a.txt")
    worker.kill()
    assert loss.value.reason == reason
    assert loss.value.sentence


def test_progress_keeps_a_slow_file_alive() -> None:
    """A long file that goes on is no hang."""
    code = (
        "import sys, time\nfrom ingest.codec import dumps\nfrom ingest.extraction import Extraction\n"
        "from ingest.sandbox.wire import pack, PROGRESS, RESULT\nout = sys.stdout.buffer\n"
        "for _ in range(8):\n time.sleep(0.25)\n out.write(pack(PROGRESS)); out.flush()\n"
        "out.write(pack(RESULT, dumps(Extraction(media_type='text/plain', text='fin'))))\nout.flush()\nsys.stdin.read()\n"
    )
    worker = Scripted(code, Limits(stall=1.5))
    started = time.monotonic()
    found = worker.read(b"x", "a.txt")
    worker.kill()
    assert not isinstance(found, Unreadable)
    assert found.text == "fin"
    assert time.monotonic() - started > 1.5


def test_frames_are_told_apart() -> None:
    """Every kind of frame has a letter of its own."""
    assert len({pack(kind)[:1] for kind in (HELLO, PROGRESS, RESULT, NAME, BODY)}) == 5
