"""How much one file may cost."""

from __future__ import annotations

import ctypes
import resource
from dataclasses import dataclass

MIB = 1 << 20
_TRIM_THRESHOLD, _TOP_PAD, _MMAP_THRESHOLD = -1, -2, -3
"""glibc's malloc.h."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds on one worker and on one file."""

    size: int = 256 * MIB
    """Bytes of a file that is opened at all."""
    memory: int = 2048 * MIB
    """Address space of each process in the sandbox."""
    written: int = 512 * MIB
    """Bytes of any file written in the scratch folder, which lies in memory and goes with the worker."""
    open_files: int = 256
    cpu: float = 300.0
    """Seconds of processor time for one file, without the programs that it needs."""
    stall: float = 15.0
    """Seconds without progress."""
    total: float = 900.0
    """Seconds for one file, however steadily it goes on."""
    answer: int = 128 * MIB
    """Bytes of an answer that the parent takes."""


def keep_memory() -> None:
    """Have glibc keep what is freed: PDFium takes memory and gives it back with each page. Nothing elsewhere."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM_THRESHOLD, 128 * MIB)
        mallopt(_TOP_PAD, 8 * MIB)
        mallopt(_MMAP_THRESHOLD, 32 * MIB)


def confine(limits: Limits) -> None:
    """Apply the kernel's limits to this process and its children."""
    for which, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.written),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(which)
        bound = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(which, (bound, bound))
