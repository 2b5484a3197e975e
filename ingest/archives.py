"""What lies in an archive (*archive compressée*), looked over within bounds before a single member is read.

ZIP and TAR (bare, GZIP, BZIP2, XZ, Zstandard), and single files compressed alone. Nothing is ever written by its name.
An archive that is damaged, empty, encrypted or out of bounds raises `Unreadable` from `Archive.survey`.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Protocol, cast

import zstandard

from ingest.extraction import Unreadable
from ingest.streams import Metered, XzStream

MIB = 1 << 20
HEAD = 512
"""Bytes that tell an archive."""
PDF_HEAD = 1024
"""Bytes within which a PDF says that it is one (ISO 32000-1, annex H.3, note 13)."""

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
DOCUMENT_MEMBERS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "Index/Document.iwa", "Index.zip")
"""A ZIP holding one of these is a document or a program, not an archive."""
DOCUMENT_ENDINGS = frozenset(
    ("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "pptx", "odt", "ott", "ods", "odp", "epub")
)
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
_COMPRESSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_ENDINGS = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".gz": "", ".bz2": "", ".xz": "", ".zst": ""}
_PAX = frozenset((tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE))
_LONG = frozenset((tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK))


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
    def survey(self, budget: Budget) -> None:
        """Look the whole archive over and charge it to the budget. Raises `Unreadable`; nothing is yielded yet."""

    def members(self) -> Iterator[Member]:
        """Files in the archive's order, after `survey`."""


def refuse(reason: str) -> Unreadable:
    return Unreadable("damaged" if reason == "document" else reason, SENTENCES[reason])


def recognise(file: BinaryIO, name: str, size: int) -> Archive | None:
    """The archive in a seekable file, or None for any other file, office documents included.

    Raises `Unreadable` for a ZIP, or a document made of one, whose table of contents is damaged.
    """
    file.seek(0)
    start = file.read(PDF_HEAD)
    file.seek(0)
    if name.lower().endswith(".pdf") and b"%PDF-" in start:
        return None  # whatever else its first bytes look like
    head = start[:HEAD]
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return Zip.of(file, name, size)
    for magic, kind in _COMPRESSED:
        if head.startswith(magic):
            return Tar(file, size, kind, name)
    if head[257:262] == b"ustar" or (name.lower().endswith(".tar") and _checks(head)):
        return Tar(file, size, "", name)
    return None


class Zip:
    """A ZIP file, known from its central directory."""

    def __init__(self, archive: zipfile.ZipFile, size: int) -> None:
        self._archive = archive
        self._size = size

    @classmethod
    def of(cls, file: BinaryIO, name: str, size: int) -> Zip | None:
        if _directory_size(file, size) > Budget().directory:
            raise refuse("too-many")
        try:
            archive = zipfile.ZipFile(file)
        except BROKEN as error:
            ending = name.lower().rpartition(".")[2]
            if ending == "zip" or ending in DOCUMENT_ENDINGS:
                raise refuse("damaged" if ending == "zip" else "document") from error
            return None  # a PDF, say, that only begins like a ZIP
        names = archive.NameToInfo
        document = any(part in names and names[part].file_size for part in DOCUMENT_MEMBERS)
        return None if document else cls(archive, size)

    def survey(self, budget: Budget) -> None:
        files = [info for info in self._archive.infolist() if not info.is_dir()]
        if not files:
            raise refuse("empty")
        if any(info.flag_bits & 1 for info in files):
            raise refuse("encrypted")
        total = sum(info.file_size for info in files)
        budget.check(len(files), total, self._size)
        for info in files:
            budget.check(1, info.file_size, info.compress_size)
            kind = stat.S_IFMT(info.external_attr >> 16)
            if _unsafe(_zip_name(info)) or kind not in (0, stat.S_IFREG):
                raise refuse("unsafe")
        budget.members -= len(files)
        budget.total -= total

    def members(self) -> Iterator[Member]:
        for info in self._archive.infolist():
            if not info.is_dir():
                yield Member(_zip_name(info), info.file_size, lambda info=info: self._open(info))  # type: ignore[misc]

    def _open(self, info: zipfile.ZipInfo) -> BinaryIO:
        return cast("BinaryIO", self._archive.open(info))


class Tar:
    """A TAR file, or a single file, under one layer of compression; read as a stream, twice."""

    def __init__(self, file: BinaryIO, size: int, kind: str, name: str) -> None:
        self._file = file
        self._size = size
        self._kind = kind
        self._name = name
        self._single = False
        self._length = 0

    def survey(self, budget: Budget) -> None:
        try:
            self._single = bool(self._kind) and not self._holds_tar()
            stream = self._stream(budget)
            count, total = self._measure(stream) if self._single else self._look(stream, budget)
        except Unreadable:
            raise
        except (*BROKEN, RecursionError) as error:
            raise refuse("damaged") from error
        if not count:
            raise refuse("empty")
        budget.check(count, total, self._size)
        budget.members -= count
        budget.total -= total

    def members(self) -> Iterator[Member]:
        stream = self._stream(Budget())
        if self._single:
            yield Member(_inner_name(self._name), self._length, lambda: stream)
            return
        for info, tar in _entries(stream):
            if info.isfile():
                yield Member(info.name, info.size, lambda info=info, tar=tar: _tar_open(tar, info))  # type: ignore[misc]

    def _holds_tar(self) -> bool:
        head = self._stream(Budget()).read(HEAD)
        return head[257:262] == b"ustar" or (_inner_name(self._name).lower().endswith(".tar") and _checks(head))

    def _stream(self, budget: Budget) -> BinaryIO:
        self._file.seek(0)
        plain = _OPENERS[self._kind](self._file)
        return cast("BinaryIO", Metered(plain, lambda expanded: budget.check(0, expanded, self._size)))

    def _measure(self, stream: BinaryIO) -> tuple[int, int]:
        while piece := stream.read(MIB):
            self._length += len(piece)
        return 1, self._length

    def _look(self, stream: BinaryIO, budget: Budget) -> tuple[int, int]:
        count = total = 0
        for info, _ in _entries(stream):
            if info.isdir():
                continue
            if not info.isreg() or info.issparse() or _unsafe(info.name):
                raise refuse("unsafe")
            count += 1
            total += info.size
            budget.check(count, 0, self._size)
        return count, total


class _Header(tarfile.TarInfo):
    """A header whose long names and extensions stay small: the library holds them in memory."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)
        if header.type in _PAX | _LONG and header.size > MIB:
            raise refuse("bomb")
        return header


def _entries(stream: BinaryIO) -> Iterator[tuple[tarfile.TarInfo, tarfile.TarFile]]:
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header, errors="surrogateescape") as tar:
        while (info := tar.next()) is not None:
            yield info, tar
            tar.members = []  # type: ignore[attr-defined]  # the list would grow with the archive


def _tar_open(tar: tarfile.TarFile, info: tarfile.TarInfo) -> BinaryIO:
    file = tar.extractfile(info)
    if file is None:
        raise refuse("unsafe")
    return cast("BinaryIO", file)


def _zst(file: BinaryIO) -> BinaryIO:
    reader = zstandard.ZstdDecompressor(max_window_size=128 * MIB).stream_reader(
        file, read_across_frames=True, closefd=False
    )
    return cast("BinaryIO", reader)


_OPENERS: dict[str, Callable[[BinaryIO], BinaryIO]] = {
    "": lambda file: file,
    "gz": lambda file: cast("BinaryIO", gzip.GzipFile(fileobj=file)),
    "bz2": lambda file: cast("BinaryIO", bz2.BZ2File(file)),
    "xz": lambda file: cast("BinaryIO", XzStream(file)),
    "zst": _zst,
}


def _inner_name(path: str) -> str:
    name = path.rsplit("/", 1)[-1]
    for ending, instead in _ENDINGS.items():
        if name.lower().endswith(ending) and len(name) > len(ending):
            return name[: -len(ending)] + instead
    return name


def _unsafe(name: str) -> bool:
    slashed = name.replace("\\", "/")
    return slashed.startswith("/") or slashed[1:2] == ":" or ".." in slashed.split("/") or "\0" in name


def _checks(head: bytes) -> bool:
    """Whether the header of a TAR older than `ustar` adds up; one of zeros ends an empty TAR."""
    if not head.strip(b"\0"):
        return True
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Names without the UTF-8 mark are UTF-8 anyway (macOS) or of French Windows' code page."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return info.filename
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp850", "replace")


def _directory_size(file: BinaryIO, size: int) -> int:
    """Bytes that the table of contents claims, 0 where it is not found; read before the library holds it all."""
    file.seek(max(0, size - 66_000))
    tail = file.read(66_000)
    file.seek(0)
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        return 0
    claimed = int.from_bytes(tail[end + 12 : end + 16], "little")
    if end >= 76 and tail[end - 20 : end - 16] == b"PK\x06\x07" and tail[end - 76 : end - 72] == b"PK\x06\x06":
        return int.from_bytes(tail[end - 36 : end - 28], "little")
    return claimed
