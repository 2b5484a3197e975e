"""The walls around a worker: bubblewrap where it works, else what the kernel gives an ordinary process."""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import socket
import subprocess
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

SYSTEM = (
    "/usr",
    "/bin",
    "/lib",
    "/lib64",
    "/lib32",
    "/etc/alternatives",
    "/etc/fonts",
    "/etc/ld.so.cache",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/etc/locale.alias",
    "/etc/java-17-openjdk",
)
SCRATCH = "/tmp"  # noqa: S108  (a file system of the sandbox's own, in memory)
"""Also where LibreOffice makes the socket by which it knows itself: it leaves no choice."""
SCRATCH_BYTES = 768 << 20

DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/proc")
CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000


@cache
def has_bubblewrap() -> bool:
    """Whether bubblewrap is installed and may make its namespaces here."""
    if shutil.which("bwrap") is None:
        return False
    trial = [*bubblewrap(), "true"]
    return subprocess.run(trial, capture_output=True, check=False, timeout=20).returncode == 0  # noqa: S603


def bubblewrap() -> list[str]:
    """The words before a command that runs in namespaces of its own, seeing programs, libraries and no data."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH]
    for path in visible():
        if not path.is_relative_to("/dev") and not path.is_relative_to("/proc"):
            words += ["--ro-bind", str(path), str(path)]
    return [*words, "--chdir", SCRATCH, "--clearenv", *_environment()]


def _environment() -> list[str]:
    return [word for name, value in environment(SCRATCH).items() for word in ("--setenv", name, value)]


def leave_network() -> bool:
    """Without bubblewrap: enter a namespace that has no network, where the kernel lets an ordinary process."""
    return bool(ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)


def visible() -> list[Path]:
    """What a worker may read: programs, libraries, fonts, Python, our package; no data, no settings, no home."""
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_exec_prefix)}
    places = [*map(Path, SYSTEM), *sorted(prefixes), package_folder(), *map(Path, DEVICES)]
    return [path for path in places if path.exists() and path != Path("/")]


def remove_office_sockets() -> None:
    """LibreOffice leaves a socket in /tmp where the walls keep it from removing files there: remove the dead ones."""
    for path in Path(SCRATCH).glob("OSL_PIPE_SingleOfficeIPC_*"):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as trial:
            if path.lstat().st_uid == os.getuid() and trial.connect_ex(str(path)) == errno.ECONNREFUSED:
                path.unlink()


def package_folder() -> Path:
    """The folder of the `ingest` package: all of our code that a worker sees."""
    return Path(__file__).resolve().parent.parent


def environment(scratch: str) -> dict[str, str]:
    """A worker's whole environment: nothing of the portal's settings or secrets."""
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
