"""Which files a process may touch, by the kernel's Landlock (`man 7 landlock`): the walls that need no privilege."""

from __future__ import annotations

import ctypes
import os
import struct
from collections.abc import Iterable
from pathlib import Path

CREATE, ADD, RESTRICT = 444, 445, 446
ASK_VERSION = 1
NO_NEW_PRIVS = 38
BENEATH = 1

EXECUTE, WRITE, READ, LIST, MAKE_SOCKET = 1 << 0, 1 << 1, 1 << 2, 1 << 3, 1 << 9
OF_FILES = EXECUTE | WRITE | READ | 1 << 14 | 1 << 15
"""Rights that a rule on a file, not a folder, may carry: the last two are TRUNCATE and IOCTL_DEV."""
RIGHTS = {1: 13, 2: 14, 3: 15, 4: 15, 5: 16}
"""How many of the rights on files each version of Landlock knows; later ones know all."""
TCP = 1 << 0 | 1 << 1
ISOLATED = 1 << 0 | 1 << 1
"""No abstract sockets of, and no signals to, processes outside."""


def version() -> int:
    """Landlock's version in this kernel; 0 where it has none."""
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(CREATE, None, 0, ASK_VERSION)))


def restrict(*, reading: Iterable[Path], writing: Iterable[Path], programs: bool, sockets: Iterable[Path] = ()) -> bool:
    """Leave this process, and all that it starts, these folders alone. Irrevocable.

    With `programs`, what lies in `reading` may also be executed. In `sockets`, local sockets may be made and nothing
    else. False where the kernel has no Landlock.
    """
    known = version()
    if not known:
        return False
    library = ctypes.CDLL(None, use_errno=True)
    every = (1 << RIGHTS.get(known, 16)) - 1
    rules = struct.pack("QQQ", every, TCP if known >= 4 else 0, ISOLATED if known >= 6 else 0)
    size = 24 if known >= 6 else 16 if known >= 4 else 8
    ruleset = library.syscall(CREATE, rules, size, 0)
    if ruleset < 0:
        return False
    try:
        look = READ | LIST | (EXECUTE if programs else 0)
        for path in reading:
            _allow(library, ruleset, path, look & every)
        for path in writing:
            _allow(library, ruleset, path, every & ~EXECUTE)
        for path in sockets:
            _allow(library, ruleset, path, MAKE_SOCKET | LIST)
        if library.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        return bool(library.syscall(RESTRICT, ruleset, 0) == 0)
    finally:
        os.close(ruleset)


def _allow(library: ctypes.CDLL, ruleset: int, path: Path, rights: int) -> None:
    try:
        folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rule = struct.pack("=Qi", rights if path.is_dir() else rights & OF_FILES, folder)
        library.syscall(ADD, ruleset, BENEATH, rule, 0)
    finally:
        os.close(folder)
