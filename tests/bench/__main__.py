"""Every figure of this machine: `python -m tests.bench [NAME…] [--quick]`.

Each bench runs in a process of its own, so that neither memory nor caches leak from one to the next; one that
fails or lacks its corpora is named, and the next goes on. Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
LONGEST = 3600.0
"""Seconds that one bench may take."""

BENCHES: dict[str, tuple[list[str], list[str]]] = {
    "search": (["10000", "50000"], ["2000"]),
    "modes": (["10000", "100000"], ["2000"]),
    "feed": (["3000"], ["300", "--rounds", "40"]),
    "case_file": (["500"], ["500", "--rounds", "20"]),
    "formats": ([], ["--files", "12"]),
    "accuracy": ([], []),
    "pdf": ([], ["legal"]),
    "vectors": (["1000000"], ["50000"]),
    "embedding": (["64"], ["8"]),
    "meaning": (["600"], ["60"]),
    "likeness": ([], []),
    "clearance": (["100000"], ["2000"]),
    "journal": (["20"], ["20", "--seconds", "0.5"]),
    "editing": ([], ["--writers", "10", "--drafts", "5", "--seconds", "3"]),
}
"""By name: the words of the whole bench, and of the quick one."""


def machine() -> str:
    """Cores, processor and load, without which no figure means anything."""
    model = platform.processor() or platform.machine()
    described = Path("/proc/cpuinfo")
    if described.is_file():
        lines = described.read_text("utf-8").splitlines()
        model = next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), model)
    load = " ".join(f"{one:.1f}" for one in os.getloadavg())
    return f"{len(os.sched_getaffinity(0))} cores, {model}, load {load}, Python {platform.python_version()}"


def run(name: str, words: list[str]) -> bool:
    """One bench, its table on our own output. Returns whether it came to its end."""
    print(f"\n══ {name} {' '.join(words)}".rstrip(), flush=True)
    start = time.perf_counter()
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"tests.bench.bench_{name}", *words], cwd=ROOT, check=False, timeout=LONGEST
        )
        end = "" if done.returncode == 0 else f", ended with {done.returncode}"
    except subprocess.TimeoutExpired:
        end = ", cut off"
    print(f"  ({time.perf_counter() - start:.0f} s{end})", flush=True)
    return not end


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(BENCHES))
    parser.add_argument("--quick", action="store_true", help="small sizes: whether all runs, rather than how fast")
    given = parser.parse_args()
    unknown = [name for name in given.names if name not in BENCHES]
    if unknown:
        parser.error(f"no such bench: {', '.join(unknown)}")
    print(machine())
    names = given.names or list(BENCHES)
    stumbled = [name for name in names if not run(name, BENCHES[name][given.quick])]
    print(f"\n{machine()}")
    if stumbled:
        print(f"did not come to their end: {', '.join(stumbled)}")


if __name__ == "__main__":
    main()
