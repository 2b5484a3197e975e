"""OpenDocument texts (*ODT*), flat ones too: body order, lists, tables, notes, tracked changes accepted."""

from __future__ import annotations

from typing import Any, BinaryIO

from lxml import etree

from ingest.extraction import Extraction
from ingest.markup import tidy, xml_parser
from ingest.media_type import OASIS
from ingest.metadata import enrich
from ingest.office.numbering import children, integer, local, value, write
from ingest.office.package import Package, damaged
from ingest.office.table import lay_out

TEXT = OASIS + "text"
FLAT = OASIS + "text-flat-xml"
MAX_REPEAT = 100
_SKIPPED = frozenset(
    (
        "tracked-changes", "annotation", "annotation-end", "sequence-decls", "variable-decls",
        "user-field-decls", "forms", "desc", "title", "event-listeners", "image", "binary-data", "bookmark",
        "soft-page-break", "index-title-template", "table-of-content-source", "ruby-text", "script",
        "hidden-text", "object", "object-ole", "dde-connection-decls",
    )
)  # fmt: skip
_STYLES = {"1": "decimal", "a": "lowerLetter", "A": "upperLetter", "i": "lowerRoman", "I": "upperRoman", "": "none"}
Format = tuple[str, str, str]
"""A list level: what stands before the number, its style or `bullet`, what stands after."""


class Odt:
    """Reads ODT and its templates. Raises `Unreadable`: damaged, encrypted, bomb."""

    media_types = frozenset({TEXT, TEXT + "-template", TEXT + "-master", FLAT})

    def extract(self, file: BinaryIO, name: str) -> Extraction:
        return enrich(Extraction(media_type=TEXT, text=text_of(file)), name)


def text_of(file: BinaryIO) -> str:
    """The text of a seekable file. Raises `Unreadable`."""
    start = file.read(4)
    file.seek(0)
    if not start.startswith(b"PK"):
        return _Reader(_flat(file.read()), None).read()
    package = Package(file)
    package.refuse_encrypted()
    return _Reader(package.tree("content.xml"), package.optional("styles.xml")).read()


def _flat(body: bytes) -> Any:
    try:
        return etree.fromstring(body, xml_parser())
    except (etree.XMLSyntaxError, ValueError) as error:
        raise damaged() from error


class _Reader:
    def __init__(self, content: Any, styles: Any | None) -> None:
        self._content = content
        self._lists: dict[str, dict[int, Format]] = {}
        for root in (styles, content):
            for style in root.iter() if root is not None else ():
                if local(style) == "list-style":
                    self._lists[value(style, "name")] = _formats(style)
        self._styles = styles
        self._notes: list[str] = []
        self._boxes: list[Any] = []
        self._counts: dict[tuple[str, int], int] = {}
        self._depth = 0
        self._named = ""

    def read(self) -> str:
        body = next((node for node in self._content.iter() if local(node) == "body"), None)
        if body is None:
            raise damaged()
        parts = [*self._margins("header"), *self._blocks(body)]
        parts += [f"\n\n[{place}] {text}" for place, text in enumerate(self._notes, 1)]
        return tidy("".join([*parts, *self._margins("footer")]))

    def _blocks(self, parent: Any) -> list[str]:
        parts: list[str] = []
        for child in parent:
            tag = local(child)
            if tag in ("p", "h"):
                parts += self._paragraph(child)
            elif tag == "list":
                parts += self._list(child)
            elif tag == "table":
                parts += self._table(child)
            elif tag and tag not in _SKIPPED and value(child, "display") != "none":
                parts += self._blocks(child)
        return parts

    def _paragraph(self, element: Any) -> list[str]:
        outer, self._boxes = self._boxes, []
        text = self._inline(element)
        found, self._boxes = self._boxes, outer
        parts = ["\n\n" + text]
        for box in found:
            parts += self._blocks(box)
        return parts

    def _inline(self, element: Any) -> str:
        parts = [element.text or ""]
        for child in element:
            tag = local(child)
            if tag == "s":
                parts.append(" " * min(integer(value(child, "c"), 1), MAX_REPEAT))
            elif tag == "tab":
                parts.append("\t")
            elif tag == "line-break":
                parts.append("\n")
            elif tag == "note":
                parts.append(self._note(child))
            elif tag in ("text-box", "table"):
                self._boxes.append(child)
            elif tag and tag not in _SKIPPED:
                parts.append(self._inline(child))
            parts.append(child.tail or "")
        return "".join(parts)

    def _note(self, element: Any) -> str:
        place = len(self._notes)
        self._notes.append("")
        bodies = ["".join(self._blocks(body)) for body in children(element, "note-body")]
        self._notes[place] = tidy("".join(bodies)).replace("\n\n", "\n")
        return f" [{place + 1}]"

    def _list(self, element: Any) -> list[str]:
        named, self._named = self._named, value(element, "style-name") or self._named
        depth, self._depth = self._depth, self._depth + 1
        key = (self._named, self._depth)
        if not depth and value(element, "continue-numbering") != "true" and not value(element, "continue-list"):
            self._counts = {held: count for held, count in self._counts.items() if held[0] != self._named}
        elif depth:
            self._counts.pop(key, None)
        parts: list[str] = []
        for item in element:
            if local(item) in ("list-item", "list-header"):
                parts += self._item(item, key)
        self._named, self._depth = named, depth
        return [*parts, "\n\n"] if not depth else parts

    def _item(self, item: Any, key: tuple[str, int]) -> list[str]:
        label = ""
        own = bool(children(item, "p") or children(item, "h"))
        if local(item) == "list-item" and own:
            start = value(item, "start-value")
            self._counts[key] = integer(start, 1) if start else self._counts.get(key, 0) + 1
            label = self._label(key)
        blocks = [block.replace("\n\n", "\n", 1) for block in self._blocks(item)]
        if label and blocks and blocks[0].strip():
            blocks[0] = f"\n{label} {blocks[0].lstrip()}"
        return blocks

    def _label(self, key: tuple[str, int]) -> str:
        before, style, after = self._lists.get(key[0], {}).get(key[1], ("", "bullet", ""))
        if style == "bullet":
            return "-"
        return "" if style == "none" else f"{before}{write(self._counts[key], style)}{after}".strip()

    def _table(self, table: Any) -> list[str]:
        names = ("table-cell", "covered-table-cell")
        rows = _within(table, ("table-row",))
        return lay_out([["".join(self._blocks(cell)) for cell in _within(row, names)] for row in rows])

    def _margins(self, kind: str) -> list[str]:
        """Headers or footers, each text once, those without a word left out."""
        seen: dict[str, None] = {}
        for node in self._styles.iter() if self._styles is not None else ():
            if local(node) == kind and local(node.getparent()) == "master-page":
                text = tidy("".join(self._blocks(node)))
                if sum(sign.isalpha() for sign in text) > 6:
                    seen[text] = None
        return ["\n\n" + text for text in seen]


def _formats(style: Any) -> dict[int, Format]:
    found: dict[int, Format] = {}
    for level in style:
        depth = integer(value(level, "level"), 0)
        tag = local(level)
        if tag == "list-level-style-number":
            kind = _STYLES.get(value(level, "num-format"), "decimal")
            found[depth] = (value(level, "num-prefix")[:20], kind, value(level, "num-suffix")[:20])
        elif tag in ("list-level-style-bullet", "list-level-style-image"):
            found[depth] = ("", "bullet", "")
    return found


def _within(parent: Any, names: tuple[str, ...]) -> list[Any]:
    """Rows or cells, also those in groups."""
    found = []
    for child in parent:
        tag = local(child)
        if tag in names:
            found.append(child)
        elif tag in ("table-header-rows", "table-rows", "table-row-group"):
            found += _within(child, names)
    return found
