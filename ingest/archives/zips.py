"""ZIP files: a table of contents, looked over before a single member is read."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO, cast

from ingest.archives.archive import BROKEN, Budget, Member, refuse, unsafe

DOCUMENT_MEMBERS = ("[Content_Types].xml", "mimetype", "META-INF/MANIFEST.MF", "Index/Document.iwa", "Index.zip")
"""A ZIP holding one of these is a document or a program, not an archive."""
DOCUMENT_ENDINGS = frozenset(
    ("docx", "docm", "dotx", "dotm", "xlsx", "xlsm", "pptx", "odt", "ott", "ods", "odp", "epub")
)


class Zip:
    """A ZIP file, known from its central directory."""

    document = False

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
            if unsafe(_zip_name(info)) or kind not in (0, stat.S_IFREG):
                raise refuse("unsafe")
        budget.members -= len(files)
        budget.total -= total

    def members(self) -> Iterator[Member]:
        for info in self._archive.infolist():
            if not info.is_dir():
                yield Member(_zip_name(info), info.file_size, partial(self._open, info))

    def _open(self, info: zipfile.ZipInfo) -> BinaryIO:
        return cast("BinaryIO", self._archive.open(info))


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
