"""The walls around a worker: bubblewrap where it works, else what the kernel gives an ordinary process."""

from __future__ import annotations

import ctypes
import os
import platform
import shutil
import struct
import subprocess
import sys
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
    "/etc/java-17-openjdk",
)
SCRATCH = "/tmp"  # noqa: S108  (a file system of the sandbox's own, in memory)
SCRATCH_BYTES = 768 << 20

CLONE_NEWUSER, CLONE_NEWNET = 0x10000000, 0x40000000
SOCKET_CALL = {"x86_64": 41, "aarch64": 198}
PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, FILTER = 38, 22, 2
EPERM = 1


@cache
def has_bubblewrap() -> bool:
    """Whether bubblewrap is installed and may make its namespaces here."""
    if shutil.which("bwrap") is None:
        return False
    trial = [*bubblewrap(Path(SCRATCH)), "true"]
    return subprocess.run(trial, capture_output=True, check=False, timeout=20).returncode == 0  # noqa: S603


def bubblewrap(package: Path) -> list[str]:
    """The words before a command that runs in a namespace of its own, seeing programs, libraries and no data."""
    words = ["bwrap", "--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL"]
    prefixes = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.base_exec_prefix)}
    for path in (*map(Path, SYSTEM), *sorted(prefixes)):
        if path.exists() and path != Path("/"):
            words += ["--ro-bind", str(path), str(path)]
    words += ["--proc", "/proc", "--dev", "/dev", "--size", str(SCRATCH_BYTES), "--tmpfs", SCRATCH]
    if package != Path(SCRATCH):
        words += ["--ro-bind", str(package), str(package)]
    return [*words, "--chdir", SCRATCH, "--clearenv", *_environment()]


def _environment() -> list[str]:
    values = {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": SCRATCH,
        "TMPDIR": SCRATCH,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    return [word for name, value in values.items() for word in ("--setenv", name, value)]


def refuse_network() -> str:
    """Without bubblewrap: leave the network in a namespace of our own, or refuse sockets by a system-call filter.

    Returns what is in force: `namespace`, `filter` or `nothing`.
    """
    library = ctypes.CDLL(None, use_errno=True)
    if library.unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0:
        return "namespace"
    call = SOCKET_CALL.get(platform.machine())
    if call is not None and _filter(library, call):
        return "filter"
    return "nothing"


def _filter(library: ctypes.CDLL, call: int) -> bool:
    """A seccomp program of four instructions: socket(2) answers EPERM, everything else goes on."""
    program = b"".join(
        struct.pack("HBBI", *instruction)
        for instruction in (
            (0x20, 0, 0, 0),  # load the call's number
            (0x15, 0, 1, call),  # is it socket?
            (0x06, 0, 0, 0x00050000 | EPERM),
            (0x06, 0, 0, 0x7FFF0000),
        )
    )
    buffer = ctypes.create_string_buffer(program)
    header = struct.pack("HxxxxxxP" if struct.calcsize("P") == 8 else "HxxP", 4, ctypes.addressof(buffer))
    if library.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(PR_SET_SECCOMP, FILTER, header, 0, 0) == 0)


def package_folder() -> Path:
    """The folder of the `ingest` package: all of our code that a worker sees."""
    return Path(__file__).resolve().parent.parent


def plain_environment(scratch: str) -> dict[str, str]:
    """The environment of a worker without bubblewrap."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "HOME": scratch,
        "TMPDIR": scratch,
        "LANG": "C.UTF-8",
        "OMP_THREAD_LIMIT": "1",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
