"""A worker can hurt itself alone: what a taken-over or runaway parser tries, and what comes of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from reportlab.pdfgen.canvas import Canvas

from ingest import Limits, Unreadable, Workers
from ingest.sandbox import jail, landlock
from ingest.sandbox.wire import BODY, DONE, HELLO, NAME, PROGRESS, REFUSAL, RESULT, RUN, pack
from ingest.sandbox.workers import Lost, _Worker

SAYS = "import sys; sys.stdout.buffer.write(%s); sys.stdout.flush(); sys.stdin.read()"
WITHIN = """
import os
from pathlib import Path
from ingest.sandbox.limits import Limits
from ingest.sandbox.server import shut
from ingest.worker import enter
limits, scratch = Limits(memory=1 << 30, open_files=64), Path(os.environ["TMPDIR"])
enter(limits, scratch, jailed={jailed})
shut(limits, scratch)
"""


class Cell:
    """Runs Python code as a parser runs: behind bubblewrap, or behind the kernel's own walls alone."""

    def __init__(self, scratch: Path, *, bubblewrap: bool) -> None:
        self.scratch = scratch
        self.bubblewrap = bubblewrap

    def run(self, code: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-I", "-c", WITHIN.format(jailed=self.bubblewrap) + code]
        if self.bubblewrap:
            command = [*jail.bubblewrap(), *command]
        environment = None if self.bubblewrap else jail.environment(str(self.scratch))
        return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60, env=environment)

    def refuses(self, code: str) -> bool:
        """Whether the code ends in OSError, after walls that went up without a fault."""
        done = self.run(f"try:\n    {code}\nexcept OSError:\n    print('refused')\nelse:\n    print('done')\n")
        assert done.stdout.strip() in ("refused", "done"), done.stderr
        return done.stdout.strip() == "refused"


@pytest.fixture(params=["bubblewrap", "kernel"])
def cell(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Cell:
    bubblewrap = request.param == "bubblewrap"
    if bubblewrap and not jail.has_bubblewrap():
        pytest.skip("bubblewrap is not installed or may not make namespaces here: apt-get install bubblewrap")
    if not bubblewrap and not landlock.version():
        pytest.skip("this kernel has no Landlock")
    return Cell(tmp_path_factory.mktemp("scratch"), bubblewrap=bubblewrap)


@pytest.fixture
def open_port() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_words_are_measured_by_the_same_worker() -> None:
    """A worker answers for the words of a PDF's pages between two files, and refuses what is no PDF."""
    out = BytesIO()
    canvas = Canvas(out)
    canvas.drawString(72, 700, "Vu la requête")
    canvas.save()
    with Workers(count=1) as workers:
        assert workers.extract(b"Bonjour", "a.txt").text == "Bonjour"
        found = workers.measure(out.getvalue(), [0, 7])
        with pytest.raises(Unreadable):
            workers.measure(b"Bonjour", [0])
    assert [found.text[word.start : word.end] for word in found.pages[0].words] == ["Vu", "la", "requête"]
    assert len(found.pages) == 2
    assert found.pages[1].words == ()


@pytest.mark.parametrize("bubblewrap", [True, False])
def test_text_is_read_and_the_worker_stays_warm(bubblewrap: bool) -> None:
    """A file is read in another process, and the next one without starting anew, behind either kind of walls."""
    if bubblewrap and not jail.has_bubblewrap():
        pytest.skip("bubblewrap is not installed or may not make namespaces here: apt-get install bubblewrap")
    with Workers(count=1, bubblewrap=bubblewrap) as workers:
        for number in range(3):
            assert workers.extract(f"Mémoire ampliatif {number}".encode(), "a.txt").text.strip().endswith(str(number))
        assert ("bubblewrap" in workers.walls) == bubblewrap


def test_the_walls_that_stand_are_named() -> None:
    """An operator can ask what confines the workers on this machine."""
    with Workers(count=1) as workers:
        assert {"seccomp", "landlock", "bubblewrap", "namespace"} >= set(workers.walls.split(", "))
        assert workers.walls


def test_many_threads_share_the_pool() -> None:
    """Each thread gets its own file's words back."""
    with Workers(count=2) as workers, ThreadPoolExecutor(6) as pool:
        found = list(pool.map(lambda n: workers.extract(f"pièce numéro {n}".encode(), "a.txt").text, range(40)))
    assert [text.strip() for text in found] == [f"pièce numéro {n}" for n in range(40)]


def test_a_worker_outlives_the_thread_that_started_it() -> None:
    """A worker started by a request's thread serves the next thread after the first has ended."""
    with Workers(count=1) as workers:
        seen = set()
        for number in range(3):
            with ThreadPoolExecutor(1) as pool:
                pool.submit(workers.extract, f"pièce {number}".encode(), "a.txt").result()
            idle = workers._idle.get()
            assert idle is not None
            assert not idle.ended
            seen.add(idle._process.pid)
            workers._idle.put(idle)
        assert len(seen) == 1


def test_a_worker_killed_while_idle_costs_no_file() -> None:
    """The next file goes to a fresh worker."""
    with Workers(count=1) as workers:
        workers.extract(b"un", "a.txt")
        idle = workers._idle.get()
        assert idle is not None
        idle._process.kill()
        idle._process.wait()
        workers._idle.put(idle)
        assert workers.extract(b"deux", "a.txt").text.strip() == "deux"


def test_a_file_over_the_size_is_refused_unopened() -> None:
    """A file that is too large never reaches a worker, and the sentence says what to do."""
    with Workers(count=1, limits=Limits(size=10)) as workers, pytest.raises(Unreadable) as refusal:
        workers.extract(b"x" * 11, "a.txt")
    assert refusal.value.reason == "too_large"
    assert "Déposez-le" in refusal.value.sentence


def test_no_socket_opens(cell: Cell, open_port: int) -> None:
    """A parser reaches neither loopback nor anything else, by no kind of socket."""
    assert cell.refuses(f"import socket; socket.create_connection(('127.0.0.1', {open_port}), timeout=3)")
    assert cell.refuses("import socket; socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)")
    assert cell.refuses("import socket; socket.socket(socket.AF_UNIX)")


def test_no_data_is_seen(cell: Cell, tmp_path: Path) -> None:
    """Passwords, homes and the court's files are not there to read."""
    secret = tmp_path / "secret"
    secret.write_text("délibéré")
    assert cell.refuses("open('/etc/shadow')")
    assert cell.refuses("open('/etc/passwd')")
    assert cell.refuses(f"open({str(secret)!r})")
    assert cell.refuses(f"os.listdir({str(tmp_path)!r})")


def test_nothing_outside_is_written(cell: Cell) -> None:
    """Programs and libraries cannot be changed; the scratch folder can."""
    assert cell.refuses(f"open({sys.executable!r} + '.x', 'w')")
    assert cell.refuses("open('/usr/lib/x', 'w')")
    assert not cell.refuses("(scratch / 'x').write_text('scratch is ours')")


def test_no_process_is_started_or_ended(cell: Cell) -> None:
    """A parser cannot fork, run a program, signal or trace another process: no fork bomb, no shell."""
    assert cell.refuses("os.fork()")
    assert cell.refuses("os.execv('/bin/sh', ['sh'])")
    assert cell.refuses("import subprocess; subprocess.run(['/bin/true'])")
    assert cell.refuses("os.kill(os.getppid(), 9)")
    assert cell.refuses("os.setsid()")


def test_no_wall_comes_down_again(cell: Cell) -> None:
    """Limits cannot be raised, and no namespace gives a parser rights of its own."""
    assert cell.run("import resource; resource.setrlimit(resource.RLIMIT_AS, (-1, -1))").returncode != 0
    assert (
        cell.run(
            "import ctypes\nassert ctypes.CDLL(None).unshare(0x10000000) == -1, 'a namespace was made'\nprint('kept')"
        ).stdout.strip()
        == "kept"
    )


def test_memory_and_files_are_bounded(cell: Cell) -> None:
    """A parser that asks for more memory, open files or disk than its share is refused it, and ends alone."""
    assert "MemoryError" in cell.run("bytearray(2 << 30)").stderr
    assert cell.refuses("kept = [open('/dev/null') for _ in range(100)]")
    assert cell.run("(scratch / 'x').open('wb').truncate(2 << 30)").returncode != 0


def test_threads_remain(cell: Cell) -> None:
    """What parsers do need still works: the walls are not so high that nothing grows."""
    code = "import threading\nt = threading.Thread(target=lambda: print('ran'))\nt.start()\nt.join()\n"
    assert cell.run(code).stdout.strip() == "ran"


def test_one_file_leaves_nothing_to_the_next() -> None:
    """What is written to the scratch folder, or held in memory, while a file is read is gone with it."""
    code = """
import os, sys
from pathlib import Path
from ingest.sandbox.limits import Limits
from ingest.sandbox.server import Desk, Server
from ingest.sandbox.wire import NAME, RESULT, pack
from ingest.worker import enter
scratch, seen = Path(os.environ["TMPDIR"]), []
def parse(body, name):
    left = sorted(os.listdir(scratch)) + seen
    (scratch / "folder").mkdir()
    (scratch / "folder" / "file").write_text(name)
    (scratch / "link").symlink_to("/usr")
    seen.append(name)
    return pack(RESULT, repr(left).encode())
limits = Limits()
enter(limits, scratch, jailed=False)
Server(sys.stdin.buffer.raw, 1, limits, scratch).serve(Desk(), {NAME: parse})
"""
    import tempfile

    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code],
            input=(pack(NAME, b"a") + pack(BODY, b"x")) * 3,
            capture_output=True,
            check=False,
            timeout=60,
            env=jail.environment(scratch),
        )
    assert done.stdout == pack(RESULT, b"[]") * 3, done.stderr


def test_a_parser_that_dies_costs_its_file_alone() -> None:
    """Death by signal or by exit, and endless computing, become refusals, and the same server reads the next file."""
    code = """
import os, sys
from pathlib import Path
from ingest.sandbox.limits import Limits
from ingest.sandbox.server import Desk, Server
from ingest.sandbox.wire import NAME, RESULT, pack
def parse(body, name):
    if name == "segv":
        import ctypes
        ctypes.string_at(0)
    if name == "exit":
        os._exit(3)
    while name == "loop":
        pass
    return pack(RESULT, name.encode())
Server(sys.stdin.buffer.raw, 1, Limits(cpu=1), Path(os.environ["TMPDIR"])).serve(Desk(), {NAME: parse})
"""
    import tempfile

    wanted = [(b"segv", REFUSAL), (b"good", RESULT), (b"exit", REFUSAL), (b"loop", REFUSAL), (b"good", RESULT)]
    with tempfile.TemporaryDirectory() as scratch:
        done = subprocess.run(
            [sys.executable, "-I", "-c", code],
            input=b"".join(pack(NAME, name) + pack(BODY, b"x") for name, _ in wanted),
            capture_output=True,
            check=False,
            timeout=60,
            env=jail.environment(scratch),
        )
    assert done.stdout.count(pack(RESULT, b"good")) == 2, done.stderr
    assert done.stdout.count(b'"crash"') == 2
    assert done.stdout.count(b'"timeout"') == 1


class Scripted(_Worker):
    """A worker whose process is a script of ours, so that it can misbehave on purpose."""

    def __init__(self, code: str, limits: Limits) -> None:
        self._limits, self._scratch = limits, ""
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
        worker.read(b"x", pack(NAME, b"a.txt"))
    worker.kill()
    assert loss.value.reason == reason
    assert loss.value.sentence


def test_progress_keeps_a_slow_file_alive() -> None:
    """A long file that goes on is no hang."""
    code = (
        "import sys, time\nfrom ingest.codec import dumps\nfrom ingest.extraction import Extraction\n"
        "from ingest.sandbox.wire import pack, PROGRESS, RESULT\nout = sys.stdout.buffer\n"
        "for _ in range(8):\n time.sleep(0.25)\n out.write(pack(PROGRESS)); out.flush()\n"
        "out.write(pack(RESULT, dumps(Extraction(media_type='text/plain', text='fin'))))\nout.flush()\n"
        "sys.stdin.read()\n"
    )
    worker = Scripted(code, Limits(stall=1.5))
    started = time.monotonic()
    found = worker.read(b"x", pack(NAME, b"a.txt"))
    worker.kill()
    assert not isinstance(found, Unreadable)
    assert found.text == "fin"
    assert time.monotonic() - started > 1.5


def test_frames_are_told_apart() -> None:
    """Every kind of frame has a letter of its own."""
    kinds = (HELLO, PROGRESS, RESULT, REFUSAL, NAME, BODY, RUN, DONE)
    assert len({pack(kind)[:1] for kind in kinds}) == len(kinds)
