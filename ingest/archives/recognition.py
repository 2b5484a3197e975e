"""Which archive is this, if any? By its bytes; its name decides where they do not."""

from __future__ import annotations

from typing import BinaryIO

from ingest.archives import records
from ingest.archives.archive import HEAD, Archive
from ingest.archives.tars import COMPRESSED, Tar, checks
from ingest.archives.zips import Zip

PDF_HEAD = 1024
"""Bytes within which a PDF says that it is one (ISO 32000-1, annex H.3, note 13)."""


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
    for magic, kind in COMPRESSED:
        if head.startswith(magic):
            return Tar(file, size, kind, name)
    if head[257:262] == b"ustar" or (name.lower().endswith(".tar") and checks(head)):
        return Tar(file, size, "", name)
    return records.recognise(file, name)
