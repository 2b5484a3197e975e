"""TAR files (bare, GZIP, BZIP2, XZ, Zstandard), and single files compressed alone; read as streams."""

from __future__ import annotations

import bz2
import gzip
import tarfile
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO, cast

import zstandard

from ingest.archives.archive import BROKEN, HEAD, MIB, Budget, Member, refuse, unsafe
from ingest.extraction import Unreadable
from ingest.streams import Metered, XzStream

COMPRESSED: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "gz"),
    (b"BZh", "bz2"),
    (b"\xfd7zXZ\x00", "xz"),
    (b"\x28\xb5\x2f\xfd", "zst"),
)
_ENDINGS = {".tgz": ".tar", ".tbz2": ".tar", ".txz": ".tar", ".gz": "", ".bz2": "", ".xz": "", ".zst": ""}
_PAX = frozenset((tarfile.XHDTYPE, tarfile.XGLTYPE, tarfile.SOLARIS_XHDTYPE))
_LONG = frozenset((tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK))


class Tar:
    """A TAR file, or a single file, under one layer of compression; read as a stream, twice."""

    document = False

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
                yield Member(info.name, info.size, partial(_tar_open, tar, info))

    def _holds_tar(self) -> bool:
        head = self._stream(Budget()).read(HEAD)
        return head[257:262] == b"ustar" or (_inner_name(self._name).lower().endswith(".tar") and checks(head))

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
            if not info.isreg() or info.issparse() or unsafe(info.name):
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


def checks(head: bytes) -> bool:
    """Whether the header of a TAR older than `ustar` adds up; one of zeros ends an empty TAR."""
    if not head.strip(b"\0"):
        return True
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True
