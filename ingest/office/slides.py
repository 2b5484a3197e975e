"""Slides (*PPTX, ODP*): the words of each slide, then its notes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.extraction import Extraction
from ingest.markup import tidy
from ingest.media_type import OASIS, PPTX
from ingest.metadata import enrich
from ingest.office.numbering import local, value
from ingest.office.package import Package

SLIDES = OASIS + "presentation"
_SLIDE = re.compile(r"ppt/slides/slide(\d{1,6})\.xml")


class Slides:
    """Reads PPTX and ODP. Raises `Unreadable`: damaged, encrypted, bomb."""

    media_types = frozenset({PPTX, SLIDES, SLIDES + "-template"})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        package = Package(file)
        odp = package.has("content.xml")
        text = _odp(package) if odp else _pptx(package)
        return enrich(Extraction(media_type=SLIDES if odp else PPTX, text=text), name)


def text_of_odp(file: BinaryIO) -> str:
    return _odp(Package(file))


def _odp(package: Package) -> str:
    package.refuse_encrypted()
    pages = package.tree("content.xml").iter("{*}page")
    return tidy("\n\n".join("\n".join(_lines(page, ("p", "h"))) for page in pages))


def _pptx(package: Package) -> str:
    parts = []
    for slide in _order(package):
        root = package.optional(slide)
        if root is not None:
            parts.append("\n".join(_lines(root, ("p",))))
        for notes in _targets(package, slide, "/notesSlide"):
            root = package.optional(notes)
            if root is not None:
                parts.append("\n".join(_lines(root, ("p",))))
    return tidy("\n\n".join(parts))


def _order(package: Package) -> list[str]:
    """Slides as the presentation orders them, else by their number."""
    main = package.optional("ppt/presentation.xml")
    relations = package.optional("ppt/_rels/presentation.xml.rels")
    if main is not None and relations is not None:
        targets = {value(relation, "Id"): value(relation, "Target") for relation in relations}
        listed = [targets.get(_relation(item), "") for item in main.iter("{*}sldId")]
        if found := [posixpath.normpath(posixpath.join("ppt", target)).lstrip("/") for target in listed if target]:
            return found
    numbered = [(int(match[1]), name) for name in package.names() if (match := _SLIDE.fullmatch(name))]
    return [name for _, name in sorted(numbered)]


def _relation(item: Any) -> str:
    """`r:id`: the bare `id` beside it is another number."""
    return next((str(held) for key, held in item.attrib.items() if key.endswith("}id")), "")


def _targets(package: Package, part: str, kind: str) -> Iterator[str]:
    folder, file = posixpath.split(part)
    relations = package.optional(f"{folder}/_rels/{file}.rels")
    for relation in relations if relations is not None else ():
        if value(relation, "Type").endswith(kind):
            yield posixpath.normpath(posixpath.join(folder, value(relation, "Target"))).lstrip("/")


def _lines(root: Any, names: tuple[str, ...]) -> Iterator[str]:
    for paragraph in root.iter("{*}p", "{*}h"):
        if local(paragraph) in names and not any(local(above) in names for above in paragraph.iterancestors()):
            yield "".join(_words(paragraph))


def _words(paragraph: Any) -> Iterator[str]:
    for node in paragraph.iter():
        tag = local(node)
        if tag in ("br", "line-break", "tab"):
            yield " "
        elif tag in ("t", "p", "h", "span", "a") and node.text:
            yield node.text
        if node is not paragraph and tag in ("s", "span", "a", "line-break", "tab") and node.tail:
            yield (" " if tag == "s" else "") + node.tail
