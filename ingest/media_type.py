"""Which format is this? By bytes first, by name only where bytes do not tell."""

from __future__ import annotations

import zipfile
from io import BytesIO

from ingest import dila, html, judilibre

PDF = "application/pdf"
OFFICE = "application/vnd.openxmlformats-officedocument."
DOCX = OFFICE + "wordprocessingml.document"
XLSX = OFFICE + "spreadsheetml.sheet"
PPTX = OFFICE + "presentationml.presentation"
OASIS = "application/vnd.oasis.opendocument."
RTF = "application/rtf"
DOC = "application/msword"
XLS = "application/vnd.ms-excel"
PPT = "application/vnd.ms-powerpoint"
WORDPERFECT = "application/vnd.wordperfect"
TEXT = "text/plain"
HTML = "text/html"
UNKNOWN = "application/octet-stream"
HEAD = 64 * 1024

_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"{\\rtf", RTF),
    (b"\xffWPC", WORDPERFECT),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"GIF8", "image/gif"),
    (b"\xdb\xa5", DOC),
    (b"\x31\xbe\x00\x00", DOC),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
    (b"\x1f\x8b", "application/gzip"),
    (b"BZh", "application/x-bzip2"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!", "application/vnd.rar"),
    (b"OggS", "audio/ogg"),
    (b"ID3", "audio/mpeg"),
    (b"fLaC", "audio/flac"),
)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_STREAMS = (("WordDocument", DOC), ("Workbook", XLS), ("Book", XLS), ("PowerPoint Document", PPT))
_PARTS = (("word/", DOCX), ("xl/", XLSX), ("ppt/", PPTX))


def detect(body: bytes, name: str) -> str:
    """The media type of a whole file; `application/octet-stream` where nothing tells."""
    head = body[:HEAD]
    for magic, media_type in _MAGIC:
        if head.startswith(magic):
            return media_type
    if b"%PDF-" in head[:8192] or (name.lower().endswith(".pdf") and b"obj" in head):
        return PDF
    if head.startswith(_OLE):
        return _ole(body, name)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _zip(body)
    if dila.looks_like(head):
        return "application/vnd.dila+xml"
    if judilibre.looks_like(head):
        return "application/vnd.judilibre+json"
    if html.looks_like(head):
        return HTML
    return TEXT


def _zip(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = archive.namelist()[:2000]
            if "mimetype" in names and archive.getinfo("mimetype").file_size < 200:
                return archive.read("mimetype").decode("ascii", "replace").strip()
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError, ValueError, EOFError):
        return "application/zip"
    if "[Content_Types].xml" in names:
        return next((kind for part, kind in _PARTS if any(name.startswith(part) for name in names)), "application/zip")
    return "application/zip"


def _ole(body: bytes, name: str) -> str:
    if "EncryptedPackage".encode("utf-16-le") in body[: 4 * 1024 * 1024]:
        return "application/x-ole-encrypted"
    for stream, media_type in _OLE_STREAMS:
        if stream.encode("utf-16-le") in body[: 16 * 1024 * 1024]:
            return media_type
    return DOC if name.lower().endswith((".doc", ".dot", ".wps")) else "application/x-ole-storage"
