"""The demo court as real files: PDF, Word, HTML, plain text, scans, and Judilibre's JSON."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from portal.demo.printing import pdf, scan
from portal.demo.shapes import Court, Piece, Published, numbered_lines, plain_text
from portal.demo.word import docx


@dataclass(frozen=True, slots=True)
class Written:
    """One file on disk and what it holds: a piece, or a published decision."""

    path: Path
    piece: Piece | None = None
    published: Published | None = None


def _html(piece: Piece) -> bytes:
    body = []
    for block, line in zip(piece.blocks, numbered_lines(piece.blocks), strict=True):
        tag = f"h{max(1, block.level)}" if block.type == "heading" else "p"
        body.append(f"<{tag}>{html.escape(line)}</{tag}>")
    head = f'<meta charset="utf-8"><title>{html.escape(piece.title)}</title>'
    lines = "\n".join(body)
    return f'<!doctype html>\n<html lang="fr"><head>{head}</head>\n<body>\n{lines}\n</body></html>\n'.encode()


def _text(piece: Piece) -> bytes:
    return (plain_text(piece.blocks) + "\n").encode()


RENDERERS: dict[str, tuple[str, Callable[[Piece], bytes]]] = {
    "pdf": ("pdf", pdf),
    "scan": ("pdf", scan),
    "docx": ("docx", docx),
    "html": ("html", _html),
    "txt": ("txt", _text),
}
"""Suffix and renderer by `Piece.media`; drafts live in the editor and have none."""


def render(piece: Piece) -> tuple[str, bytes]:
    """Suffix and bytes of a deposited piece, the same at every call."""
    suffix, renderer = RENDERERS[piece.media]
    return suffix, renderer(piece)


def write(court: Court, directory: Path) -> list[Written]:
    """Write every deposited piece and published decision under `directory`; drafts are left out.

    Pieces stand in `dossiers/<number>/<id>-<kind>.<suffix>`, published decisions in `publiees/<id>.json`.
    """
    written = []
    for piece in court.pieces:
        if not piece.deposited:
            continue
        suffix, data = render(piece)
        path = directory / "dossiers" / piece.case_file / f"{piece.id}-{piece.kind}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(Written(path, piece=piece))
    folder = directory / "publiees"
    folder.mkdir(parents=True, exist_ok=True)
    for decision in court.published:
        path = folder / f"{decision.record['id']}.json"
        path.write_text(json.dumps(decision.record, ensure_ascii=False, indent=1) + "\n", "utf-8")
        written.append(Written(path, published=decision))
    return written
