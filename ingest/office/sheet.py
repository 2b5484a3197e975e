"""Spreadsheets (*XLSX, ODS*): one line a row, cells parted by ` | `, each sheet under its name."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any, BinaryIO

from ingest.extraction import Extraction
from ingest.markup import tidy
from ingest.media_type import OASIS, XLSX
from ingest.metadata import enrich
from ingest.office.numbering import children, integer, local, value
from ingest.office.package import Package, damaged

SHEET = OASIS + "spreadsheet"
MAX_ROWS = 200_000
MAX_SIGNS = 20_000_000
CUT = "Ce tableur est très grand : seules ses premières lignes ont été lues, déposez-le en plusieurs parties."


class Sheet:
    """Reads XLSX and ODS. Raises `Unreadable`: damaged, encrypted, bomb."""

    media_types = frozenset({XLSX, SHEET, SHEET + "-template"})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        package = Package(file)
        excel = not package.has("content.xml")
        lines = _excel(package) if excel else _oasis(package)
        text, whole = _bounded(lines)
        kind = XLSX if excel else SHEET
        return enrich(Extraction(media_type=kind, text=text, warnings=() if whole else (CUT,)), name)


def text_of_ods(file: BinaryIO) -> str:
    return _bounded(_oasis(Package(file)))[0]


def _bounded(lines: Iterator[str]) -> tuple[str, bool]:
    kept: list[str] = []
    signs = 0
    for line in lines:
        signs += len(line) + 1
        if len(kept) >= MAX_ROWS or signs > MAX_SIGNS:
            return tidy("\n".join(kept)), False
        kept.append(line)
    return tidy("\n".join(kept)), True


def _row(cells: list[str]) -> str:
    return " | ".join(" ".join(cell.split()) for cell in cells).strip(" |")


def _excel(package: Package) -> Iterator[str]:
    shared = _shared(package)
    for title, part in _sheets(package):
        root = package.optional(part)
        if root is None:
            continue
        yield "\n" + title
        for row in root.iter("{*}row"):
            line = _row([_excel_cell(cell, shared) for cell in children(row, "c")])
            if line:
                yield line


def _shared(package: Package) -> list[str]:
    root = package.optional("xl/sharedStrings.xml")
    return [_strings(item) for item in children(root, "si")] if root is not None else []


def _strings(item: Any) -> str:
    """The characters of a string, without the reading aid of Asian scripts."""
    return "".join(node.text or "" for node in item.iter("{*}t") if local(node.getparent()) != "rPh")


def _sheets(package: Package) -> Iterator[tuple[str, str]]:
    workbook = package.optional("xl/workbook.xml")
    relations = package.optional("xl/_rels/workbook.xml.rels")
    if workbook is None or relations is None:
        raise damaged()
    targets = {value(relation, "Id"): value(relation, "Target") for relation in relations}
    for sheet in workbook.iter("{*}sheet"):
        target = targets.get(value(sheet, "id"), "")
        if target and value(sheet, "state") not in ("hidden", "veryHidden"):
            yield value(sheet, "name"), target if target.startswith("/") else posixpath.normpath("xl/" + target)


def _excel_cell(cell: Any, shared: list[str]) -> str:
    kind = value(cell, "t")
    if kind == "inlineStr":
        return "".join(_strings(item) for item in children(cell, "is"))
    held = next((child.text or "" for child in children(cell, "v")), "")
    if kind == "s":
        place = integer(held, len(shared))
        return shared[place] if place < len(shared) else ""
    return {"1": "VRAI", "0": "FAUX"}.get(held, held) if kind == "b" else held


def _oasis(package: Package) -> Iterator[str]:
    package.refuse_encrypted()
    for table in package.tree("content.xml").iter("{*}table"):
        yield "\n" + value(table, "name")
        for row in table.iter("{*}table-row"):
            line = _row(["\n".join("".join(p.itertext()) for p in children(cell, "p")) for cell in row])
            if line:
                yield line
