"""A process of the portal that a test starts, waits for, and kills as the power would."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from pathlib import Path

PATIENCE = 120.0
"""Seconds within which anything awaited here must happen: generous, for shared machines."""
PORTAL = ("-m", "portal.cli")


def start(home: Path, arguments: Sequence[str], module: Sequence[str] = PORTAL) -> subprocess.Popen[bytes]:
    """Start a command on this home, in a session of its own; what it says goes to `home`'s sibling `said.log`."""
    environment = {**os.environ, "MINUTIER_HOME": str(home)}
    with (home.parent / "said.log").open("ab") as said:
        return subprocess.Popen(
            [sys.executable, *module, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
        )


def kill(process: subprocess.Popen[bytes]) -> None:
    """`kill -9` on the process and all that it started; returns once nothing of it runs any more."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(PATIENCE)
    until(lambda: not running(process.pid), "what it started still runs")


def running(session: int) -> list[int]:
    """Processes of this session that are not zombies."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            if int(fields[3]) == session and fields[0] != "Z":
                found.append(int(entry.name))
    return found


def until(condition: Callable[[], object], complaint: str, patience: float = PATIENCE) -> None:
    """Poll a condition."""
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.01)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def answers(port: int) -> bool:
    """Whether a portal on this port says that it is well."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
