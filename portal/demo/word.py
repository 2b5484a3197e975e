"""Pieces as Word documents, with headings in styles and numbers typed, as the court's own templates do."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, time

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from portal.demo.shapes import Piece, numbered_lines

_EPOCH = (1980, 1, 1, 0, 0, 0)


def docx(piece: Piece) -> bytes:
    """The piece as DOCX; the same bytes at every call."""
    document = Document()
    written = datetime.combine(piece.date, time(9, 0), UTC).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author, properties.language = (
        piece.title,
        piece.counsel or "Cour de cassation",
        "fr-FR",
    )
    properties.created = properties.modified = written
    document.sections[0].header.paragraphs[0].text = piece.title
    for block, line in zip(piece.blocks, numbered_lines(piece.blocks), strict=True):
        if block.type == "heading":
            document.add_heading(line, level=min(max(block.level, 1), 4))
        else:
            document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    buffer = io.BytesIO()
    document.save(buffer)
    return _timeless(buffer.getvalue())


def _timeless(data: bytes) -> bytes:
    """The same archive with every member dated alike: a clock must not change a digest."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            target.writestr(info, source.read(name))
    return buffer.getvalue()
