"""System calls that no parser needs, refused by the kernel (seccomp, `man 2 seccomp`)."""

from __future__ import annotations

import ctypes
import errno
import platform
import struct
from enum import IntEnum

NO_NEW_PRIVS, SET_SECCOMP, FILTER = 38, 22, 2
ALLOW, KILL, REFUSE = 0x7FFF0000, 0x80000000, 0x00050000
LOAD, JUMP_EQUAL, JUMP_AT_LEAST, JUMP_SET, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
AT_NUMBER, AT_MACHINE, AT_ARGUMENT = 0, 4, 16
X32 = 0x40000000
"""Numbers from here on are x86-64's second set of the same calls: refused as a whole."""
CLONE_THREAD = 0x00010000
NAMESPACES = 0x7E020000
"""CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET."""

# Columns: x86-64, ARM64 (arch/x86/entry/syscalls/syscall_64.tbl, include/uapi/asm-generic/unistd.h).
MACHINES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
Numbers = tuple[int | None, int | None]
CLONE, CLONE3, SOCKET = (56, 220), (435, 435), (41, 198)
LOCAL = 1
"""AF_UNIX, which LibreOffice opens to itself; it names nothing outside the sandbox's own file system."""
OUTWARD: dict[str, Numbers] = {
    "io_uring_setup": (425, 425), "ptrace": (101, 117), "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271), "pidfd_getfd": (438, 438), "kcmp": (312, 272), "unshare": (272, 97),
    "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41), "chroot": (161, 51),
    "open_tree": (428, 428), "move_mount": (429, 429), "fsopen": (430, 430), "open_by_handle_at": (304, 265),
    "bpf": (321, 280), "perf_event_open": (298, 241), "userfaultfd": (323, 282), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "init_module": (175, 105), "finit_module": (313, 273),
    "delete_module": (176, 106), "kexec_load": (246, 104), "reboot": (169, 142), "swapon": (167, 224),
    "acct": (163, 89), "syslog": (103, 116), "personality": (135, 92),
}  # fmt: skip
"""Other processes, namespaces, the kernel's own doors."""
BREEDING: dict[str, Numbers] = {
    "fork": (57, None), "vfork": (58, None), "setsid": (112, 157), "setpgid": (109, 154),
}  # fmt: skip
"""New processes, and leaving the group that is ended together. Threads remain."""
ACTING: dict[str, Numbers] = {
    "execve": (59, 221), "execveat": (322, 281), "kill": (62, 129), "tkill": (200, 130), "socketpair": (53, 199),
    "connect": (42, 203), "bind": (49, 200), "listen": (50, 201),
}  # fmt: skip
"""Other programs, signals to others, local sockets."""


class Level(IntEnum):
    """What a process may still do; each level includes the refusals of those before it."""

    SERVER = 0
    """Starts parsers and programs: refused what leads outward."""
    PROGRAM = 1
    """Tesseract, LibreOffice: no process beside its own."""
    PARSER = 2
    """Computes on bytes that it was given: no program, no signal, no socket of any kind."""


def refuse(level: Level) -> bool:
    """Refuse calls to this process and all that it starts. Irrevocable.

    False where this kernel or machine has no such filter.
    """
    known = MACHINES.get(platform.machine())
    if known is None or struct.calcsize("P") != 8:
        return False
    column, machine = known
    return _install(_program(level, column, machine))


Instruction = tuple[int, int, int, int]


def _program(level: Level, column: int, machine: int) -> list[Instruction]:
    refused = RETURN, 0, 0, REFUSE | errno.EPERM
    calls = OUTWARD | (BREEDING if level >= Level.PROGRAM else {}) | (ACTING if level >= Level.PARSER else {})
    code: list[Instruction] = [
        (LOAD, 0, 0, AT_MACHINE),
        (JUMP_EQUAL, 1, 0, machine),
        (RETURN, 0, 0, KILL),
        (LOAD, 0, 0, AT_NUMBER),
        (JUMP_AT_LEAST, 0, 1, X32),
        refused,
    ]
    for number in sorted(numbers[column] or 0 for numbers in calls.values() if numbers[column] is not None):
        code += [(JUMP_EQUAL, 0, 1, number), refused]
    local = refused if level >= Level.PARSER else (RETURN, 0, 0, ALLOW)
    code += [(JUMP_EQUAL, 0, 4, SOCKET[column]), (LOAD, 0, 0, AT_ARGUMENT), (JUMP_EQUAL, 0, 1, LOCAL), local, refused]
    # The C library falls back from clone3, whose flags a filter cannot see, to clone.
    code += [(JUMP_EQUAL, 0, 1, CLONE3[column]), (RETURN, 0, 0, REFUSE | errno.ENOSYS)]
    breeding = [(JUMP_SET, 1, 0, CLONE_THREAD), refused] if level >= Level.PROGRAM else []
    flags = [(LOAD, 0, 0, AT_ARGUMENT), (JUMP_SET, 0, 1, NAMESPACES), refused, *breeding]
    return [*code, (JUMP_EQUAL, 0, len(flags), CLONE[column]), *flags, (RETURN, 0, 0, ALLOW)]


def _install(program: list[Instruction]) -> bool:
    library = ctypes.CDLL(None, use_errno=True)
    code = b"".join(struct.pack("HBBI", *instruction) for instruction in program)
    buffer = ctypes.create_string_buffer(code)
    header = struct.pack("HxxxxxxP", len(program), ctypes.addressof(buffer))
    if library.prctl(NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
        return False
    return bool(library.prctl(SET_SECCOMP, FILTER, header, 0, 0) == 0)
