"""What an archive is (*archive compressée*), what it may take, and the sentences for those that stay closed."""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol

import zstandard

from ingest.extraction import Unreadable

MIB = 1 << 20
HEAD = 512
"""Bytes that tell an archive."""

SENTENCES = {
    "damaged": "Cette archive est abîmée et n'a pas pu être ouverte : elle est gardée telle quelle, redéposez-en une"
    " copie saine ou ses fichiers un à un.",
    "document": "Ce document est abîmé et n'a pas pu être ouvert : il est gardé tel quel, enregistrez-le de nouveau"
    " dans son logiciel puis redéposez-le.",
    "empty": "Cette archive ne contient aucun fichier : rien n'est perdu, vérifiez-la puis déposez-la de nouveau.",
    "encrypted": "Cette archive est protégée par un mot de passe : elle est gardée telle quelle, déposez ses fichiers"
    " sans protection.",
    "bomb": "Cette archive enfle démesurément à l'ouverture et a été laissée fermée : elle est gardée telle quelle,"
    " déposez directement les fichiers utiles.",
    "too-many": "Cette archive contient trop de fichiers pour être ouverte d'un coup : elle est gardée telle quelle,"
    " déposez-la en plusieurs parties.",
    "too-large": "Cette archive est trop volumineuse une fois ouverte : elle est gardée telle quelle, déposez-la en"
    " plusieurs parties.",
    "depth": "Trop d'archives sont emboîtées les unes dans les autres : celle-ci est gardée telle quelle, ouvrez-la"
    " puis déposez ses fichiers.",
    "unsafe": "Cette archive contient des liens ou des chemins dangereux et a été laissée fermée : elle est gardée"
    " telle quelle, déposez directement ses fichiers.",
}
BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
    struct.error,
    MemoryError,
)
"""What the libraries raise on damaged archives."""


@dataclass(slots=True)
class Budget:
    """What one deposited archive, with all that is nested in it, may still take."""

    members: int = 250_000
    total: int = 16 << 30
    """Bytes, expanded."""
    ratio: int = 200
    """Expanded bytes to one compressed byte, judged beyond `floor`."""
    floor: int = 64 * MIB
    directory: int = 48 * MIB
    """Bytes of a ZIP's table of contents, which is held in memory."""
    depth: int = 3

    def check(self, members: int, expanded: int, compressed: int) -> None:
        if members > self.members:
            raise refuse("too-many")
        if expanded > self.floor and expanded > self.ratio * max(1, compressed):
            raise refuse("bomb")
        if expanded > self.total:
            raise refuse("too-large")


@dataclass(frozen=True, slots=True)
class Member:
    """A file in an archive; `open` is valid until the next member is asked for."""

    name: str
    size: int
    open: Callable[[], BinaryIO]


class Archive(Protocol):
    document: bool
    """Whether it is also read itself, as a message is beside its attachments."""

    def survey(self, budget: Budget) -> None:
        """Look the whole archive over and charge it to the budget. Raises `Unreadable`; nothing is yielded yet."""

    def members(self) -> Iterator[Member]:
        """Files in the archive's order, after `survey`."""


def refuse(reason: str) -> Unreadable:
    return Unreadable("damaged" if reason == "document" else reason, SENTENCES[reason])


def unsafe(name: str) -> bool:
    """Whether a member's name leads out of its archive."""
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or slashed[1:2] == ":" or ".." in slashed.split("/") or "\0" in name
