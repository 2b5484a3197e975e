"""Every file below the given paths (*versement*): folders in order, archives opened, furniture of systems set aside."""

from __future__ import annotations

import os
import re
import stat
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO, cast

from ingest.archives import BROKEN, HEAD, Archive, Budget, Member, recognise, refuse
from ingest.extraction import Unreadable
from ingest.sandbox.limits import Limits

MIB = 1 << 20
IN_MEMORY = 4 * MIB
"""A member larger than this waits on disk."""
NESTED = 2 << 30
"""Bytes of an archive within an archive."""
MAX_NAME = 1000
OUT_OF_REACH = (
    "Ce fichier n'a pas pu être ouvert sur le disque : rien n'est perdu, vérifiez qu'il est là et que vous avez le"
    " droit de le lire, puis redéposez-le."
)
NO_FILE = "Ceci n'est pas un fichier ordinaire et n'a pas été lu : rien n'est perdu, déposez le document lui-même."
TOO_LARGE = "Ce fichier dépasse 256 Mo et n'a pas été lu : il est gardé tel quel, déposez-le en plusieurs parties."
MEMBER_DAMAGED = (
    "Ce fichier est abîmé dans son archive : l'archive est gardée telle quelle, déposez ce fichier depuis sa source."
)
MEMBER_UNKNOWN = (
    "Ce fichier est comprimé dans son archive d'une façon qui n'est pas lue : l'archive est gardée telle quelle,"
    " déposez ce fichier sans archive."
)
SYSTEM_FILES = frozenset((".ds_store", "thumbs.db", "desktop.ini", "ehthumbs.db", ".localized"))
_ANSI = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)|.)?")


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file to read (*pièce*), or why it is not: `skipped` for what is no document, `unreadable` for quarantine."""

    name: str
    """For people only: `versement.zip/dossier/arret.pdf`, without control characters."""
    size: int
    skipped: str = ""
    unreadable: Unreadable | None = None
    _open: Callable[[], BinaryIO] = field(default=BytesIO, repr=False, compare=False)

    def open(self) -> BinaryIO:
        """The bytes from their start, to be closed by the caller, once, before the walk goes on.

        An archive that was refused gives its own bytes, to be kept. Raises OSError where the file has gone since.
        """
        return self._open()


def walk(paths: Iterable[Path]) -> Iterator[Leaf]:
    """All leaves below `paths`, folders sorted by name; links to folders are not followed.

    An archive that is damaged, empty or stopped by a limit is one leaf, and none of its members is another.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path)
        else:
            yield from _file(path, path.name)


def clean_name(name: str) -> str:
    """A name fit for a screen: no escape, control, direction or invisible character, forward slashes, composed."""
    text = _ANSI.sub("", name.replace("\\", "/")).encode("utf-8", "replace").decode("utf-8")
    text = re.sub(r"[\r\n\t\u2028\u2029]+", " ", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    text = "/".join(
        part.strip() for part in unicodedata.normalize("NFC", text).split("/") if part.strip() not in ("", ".")
    )
    return text[-MAX_NAME:] or "sans nom"


def furniture(name: str) -> str:
    """Why a file is no document: the system's own (`système`), a lock (`verrou`); else nothing."""
    parts = name.replace("\\", "/").split("/")
    if "__MACOSX" in parts[:-1] or parts[-1].lower() in SYSTEM_FILES or parts[-1].startswith("._"):
        return "système"
    return "verrou" if parts[-1].startswith(("~$", ".~lock.")) else ""


def _folder(top: Path) -> Iterator[Leaf]:
    base = top.resolve().name
    failed: list[OSError] = []
    for folder, folders, files in os.walk(top, onerror=failed.append):
        folders.sort()
        here = f"{base}/{Path(folder).relative_to(top).as_posix()}"
        for name in sorted(folders):
            if (Path(folder) / name).is_symlink():
                yield Leaf(clean_name(f"{here}/{name}"), 0, skipped="lien vers un dossier")
        for name in sorted(files):
            yield from _file(Path(folder) / name, f"{here}/{name}")
    for error in failed:
        yield Leaf(clean_name(str(error.filename)), 0, unreadable=Unreadable("out-of-reach", OUT_OF_REACH))


def _file(path: Path, name: str) -> Iterator[Leaf]:
    shown = clean_name(name)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            yield Leaf(shown, 0, unreadable=Unreadable("not-a-file", NO_FILE))
            return
        if reason := furniture(name):
            yield Leaf(shown, status.st_size, skipped=reason)
            return
        with path.open("rb") as file:
            yield from _sort(file, shown, status.st_size, budget=Budget(), opener=lambda: path.open("rb"), depth=1)
    except OSError:
        yield Leaf(shown, 0, unreadable=Unreadable("out-of-reach", OUT_OF_REACH))


def _sort(
    file: BinaryIO, shown: str, size: int, *, budget: Budget, opener: Callable[[], BinaryIO], depth: int
) -> Iterator[Leaf]:
    """A file as itself, or the leaves within it."""
    try:
        archive = recognise(file, shown, size)
        if archive is not None:
            if depth > budget.depth:
                raise refuse("depth")
            archive.survey(budget)
    except Unreadable as refusal:
        yield Leaf(shown, size, unreadable=refusal, _open=opener)
        return
    if archive is not None:
        yield from _members(archive, shown, budget, depth)
    elif size > Limits().size:
        yield Leaf(shown, size, unreadable=Unreadable("too-large", TOO_LARGE), _open=opener)
    else:
        yield Leaf(shown, size, _open=opener)


def _members(archive: Archive, shown: str, budget: Budget, depth: int) -> Iterator[Leaf]:
    for member in archive.members():
        name = clean_name(f"{shown}/{member.name}")
        if reason := furniture(member.name):
            yield Leaf(name, member.size, skipped=reason)
            continue
        try:
            held = _hold(member)
        except NotImplementedError:
            yield Leaf(name, member.size, unreadable=Unreadable("unsupported", MEMBER_UNKNOWN))
            continue
        except (Unreadable, *BROKEN):
            yield Leaf(name, member.size, unreadable=Unreadable("damaged", MEMBER_DAMAGED))
            continue
        if held is None:
            yield Leaf(name, member.size, unreadable=Unreadable("too-large", TOO_LARGE))
            continue
        with held:
            opener = partial(_rewound, held)
            yield from _sort(held, name, member.size, budget=budget, opener=opener, depth=depth + 1)


def _hold(member: Member) -> BinaryIO | None:
    """The member's bytes in a file of no name; None where it is larger than anything that is read."""
    with closing(member.open()) as source:
        head = source.read(HEAD)
        bound = NESTED if _may_nest(head) else Limits().size
        if member.size > bound:
            return None
        held = BytesIO() if member.size <= IN_MEMORY else cast("BinaryIO", TemporaryFile())  # noqa: SIM115
        if not _copied(head, source, held, min(bound, member.size)):
            held.close()
            return None
    held.seek(0)
    return held


def _copied(head: bytes, source: BinaryIO, held: BinaryIO, bound: int) -> bool:
    """Whether all of the source fits the bound; a member that lies about its size does not."""
    written = len(head)
    held.write(head)
    while piece := source.read(MIB):
        written += len(piece)
        if written > bound:
            return False
        held.write(piece)
    return True


def _may_nest(head: bytes) -> bool:
    return head.startswith((b"PK", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"\x28\xb5\x2f\xfd")) or head[257:262] == b"ustar"


def _rewound(held: BinaryIO) -> BinaryIO:
    held.seek(0)
    return held
