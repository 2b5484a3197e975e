"""Word documents (*DOCX*): the final text in reading order, tracked changes accepted, numbers written out."""

from __future__ import annotations

import posixpath
import re
from typing import Any, BinaryIO

from ingest.extraction import Extraction
from ingest.markup import tidy
from ingest.media_type import DOCX
from ingest.metadata import enrich
from ingest.office.numbering import Numbering, children, integer, local, read_numbering, value
from ingest.office.package import Package, damaged
from ingest.office.table import lay_out

ALT_CHUNK = "Une partie de ce document vient d'un autre fichier et n'a pas été lue : déposez aussi ce fichier."
_SKIPPED = frozenset(
    (
        "del", "moveFrom", "instrText", "delText", "delInstrText", "rPr", "pPr", "sectPr", "tblPr", "tblGrid", "trPr",
        "tcPr", "sdtPr", "sdtEndPr", "rt", "pict_alt", "docPr", "annotationRef", "Fallback",
    )
)  # fmt: skip
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "ptab": "\t", "separator": "", "sym": ""}
_PAGE = re.compile(r"(?:page|sur|de|of|[\d\W_]|[ivxlc]+\b)+", re.IGNORECASE)


class Docx:
    """Reads DOCX, DOCM and templates. Raises `Unreadable`: damaged, encrypted, bomb."""

    media_types = frozenset({DOCX})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        package = Package(file)
        main = _main_part(package)
        reader = _Reader(package, posixpath.dirname(main))
        text, warnings = reader.read(package.tree(main), main)
        return enrich(Extraction(media_type=DOCX, text=text, warnings=warnings), name)


def _main_part(package: Package) -> str:
    relations = package.optional("_rels/.rels")
    for relation in relations if relations is not None else ():
        if value(relation, "Type").endswith("/officeDocument"):
            target = value(relation, "Target").lstrip("/")
            if package.has(target):
                return target
    if package.has("word/document.xml"):
        return "word/document.xml"
    raise damaged()


class _Reader:
    def __init__(self, package: Package, folder: str) -> None:
        self._package = package
        self._folder = folder
        self._numbering: Numbering = read_numbering(package.optional(f"{folder}/numbering.xml"))
        self._styles = _styles(package.optional(f"{folder}/styles.xml"))
        self._notes: list[tuple[str, str]] = []
        self._boxes: list[Any] = []
        self._boxed = 0
        self._chunks = False
        self._joined = ""

    def read(self, root: Any, main: str) -> tuple[str, tuple[str, ...]]:
        body = next(iter(children(root, "body")), None)
        if body is None:
            raise damaged()
        parts = [*self._margins("header", main), *self._blocks(body)]
        if self._joined:
            parts.append("\n\n" + self._joined)
        parts += [*self._written_notes(), *self._margins("footer", main)]
        return tidy("".join(parts)), (ALT_CHUNK,) if self._chunks else ()

    def _blocks(self, parent: Any) -> list[str]:
        """Paragraphs and tables in order, each with the line ends before it."""
        parts: list[str] = []
        for child in parent:
            tag = local(child)
            if tag == "p":
                parts += self._paragraph(child)
            elif tag == "tbl":
                parts += self._table(child)
            elif tag == "altChunk":
                self._chunks = True
            elif tag and tag not in _SKIPPED:
                parts += self._blocks(child)
        return parts

    def _paragraph(self, element: Any) -> list[str]:
        boxes, self._boxes = self._boxes, []
        text = self._joined + self._inline(element)
        found, self._boxes = self._boxes, boxes
        self._joined = ""
        if _mark_deleted(element):
            self._joined = text
            return [part for box in found for part in self._blocks(box)]
        label = self._label(element) if text.strip() else None
        parts = ["\n\n" + text] if label is None else [f"\n{label} {text}" if label else "\n" + text]
        for box in found:
            parts += self._blocks(box)
        return parts

    def _label(self, element: Any) -> str | None:
        """The automatic number; None for a paragraph outside lists."""
        properties = next(iter(children(element, "pPr")), None)
        if properties is None:
            return None
        style = next((value(child) for child in children(properties, "pStyle")), "")
        number, depth = self._styles.get(style, ("", 0))
        for listed in children(properties, "numPr"):
            number = next((value(child) for child in children(listed, "numId")), number)
            depth = next((integer(value(child), 0) for child in children(listed, "ilvl")), depth)
        return self._numbering.label(number, depth) if number not in ("", "0") else None

    def _inline(self, element: Any) -> str:
        parts: list[str] = []
        for child in element:
            tag = local(child)
            if tag == "t":
                parts.append(child.text or "")
            elif tag in _SIGNS:
                parts.append(_symbol(child) if tag == "sym" else _SIGNS[tag])
            elif tag in ("footnoteReference", "endnoteReference"):
                parts.append(self._reference(tag.removesuffix("Reference"), value(child, "id")))
            elif tag == "txbxContent":
                self._boxes.append(child)
            elif tag == "AlternateContent":
                parts.append(self._alternative(child))
            elif tag and tag not in _SKIPPED and not (tag == "r" and _hidden(child)):
                parts.append(self._inline(child))
        return "".join(parts)

    def _alternative(self, element: Any) -> str:
        """The same thing drawn twice, for new and old programs: once is enough."""
        for name in ("Choice", "Fallback"):
            for choice in children(element, name):
                before = len(self._boxes)
                text = self._inline(choice)
                if text.strip() or len(self._boxes) > before:
                    return text
        return ""

    def _table(self, table: Any) -> list[str]:
        rows = []
        for row in _within(table, "tr"):
            if any(children(properties, "del") for properties in children(row, "trPr")):
                continue
            rows.append(["".join(self._blocks(cell)) for cell in _within(row, "tc")])
        return lay_out(rows)

    def _reference(self, kind: str, identifier: str) -> str:
        self._notes.append((kind, identifier))
        return f" [{len(self._notes)}]"

    def _written_notes(self) -> list[str]:
        """Notes in the order of their references, after the body."""
        held: dict[tuple[str, str], Any] = {}
        for kind in ("footnote", "endnote"):
            root = self._package.optional(f"{self._folder}/{kind}s.xml")
            for note in children(root, kind) if root is not None else ():
                held[kind, value(note, "id")] = note
        parts = []
        for place, key in enumerate(list(self._notes), 1):
            if key in held:
                text = tidy("".join(self._blocks(held[key]))).replace("\n\n", "\n")
                parts.append(f"\n\n[{place}] {text}")
        return parts

    def _margins(self, kind: str, main: str) -> list[str]:
        """Headers or footers, each text once, page numbers left out."""
        folder, file = posixpath.split(main)
        relations = self._package.optional(f"{folder}/_rels/{file}.rels")
        seen: dict[str, None] = {}
        for relation in relations if relations is not None else ():
            if value(relation, "Type").endswith("/" + kind):
                path = posixpath.normpath(posixpath.join(folder, value(relation, "Target")))
                root = self._package.optional(path)
                text = tidy("".join(self._blocks(root))) if root is not None else ""
                if text and not _PAGE.fullmatch(text):
                    seen[text] = None
        return ["\n\n" + text for text in seen]


def _styles(root: Any | None) -> dict[str, tuple[str, int]]:
    """Lists that paragraph styles bring along: number and depth by style, through the styles that they build on."""
    own: dict[str, tuple[str, int]] = {}
    above: dict[str, str] = {}
    for style in children(root, "style") if root is not None else ():
        name = value(style, "styleId")
        above[name] = next((value(child) for child in children(style, "basedOn")), "")
        for properties in children(style, "pPr"):
            for listed in children(properties, "numPr"):
                number = next((value(child) for child in children(listed, "numId")), "")
                depth = next((integer(value(child), 0) for child in children(listed, "ilvl")), 0)
                own[name] = (number, depth)
    found = {}
    for name in above:
        at, steps = name, 0
        while at and at not in own and steps < 20:
            at, steps = above.get(at, ""), steps + 1
        if at in own:
            found[name] = own[at]
    return found


def _within(parent: Any, name: str) -> list[Any]:
    """Rows or cells, also those wrapped in content controls."""
    found = []
    for child in parent:
        tag = local(child)
        if tag == name:
            found.append(child)
        elif tag in ("sdt", "sdtContent", "customXml", "ins", "moveTo"):
            found += _within(child, name)
    return found


def _on(properties: Any, name: str) -> bool:
    return any(value(flag) not in ("0", "false", "off") for flag in children(properties, name))


def _hidden(run: Any) -> bool:
    return any(_on(properties, "vanish") for properties in children(run, "rPr"))


def _mark_deleted(paragraph: Any) -> bool:
    """A paragraph whose end was deleted flows into the next one."""
    return any(
        children(run, "del") or children(run, "moveFrom")
        for properties in children(paragraph, "pPr")
        for run in children(properties, "rPr")
    )


def _symbol(element: Any) -> str:
    code = value(element, "char")
    try:
        sign = chr(int(code, 16))
    except (ValueError, OverflowError):
        return ""
    return "•" if "\ue000" <= sign <= "\uf8ff" else sign
