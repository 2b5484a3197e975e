"""A draft as text (*rendu*): what the index and the readers see. Pure: the same update, the same text.

One line a paragraph. Numbered paragraphs (*paragraphes numérotés*) bear their number, which is computed here and
stored nowhere; table rows are lines of cells; footnotes leave the text and follow it as a block of their own, so
that a call does not cut a phrase in two.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from portal.plugin import Rendition

SECTIONS = frozenset(
    {
        "introduction",
        "faits et procedure",
        "expose",
        "examen du moyen",
        "examen des moyens",
        "enonce du moyen",
        "reponse de la cour",
        "motivations",
        "discussion",
        "par ces motifs",
        "dispositif",
        "annexes",
    }
)
"""The court's own headings, folded: each opens a block at whatever level it stands."""
NOTES = "notes"
_LEFT_OUT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
Node = XmlElement | XmlFragment | XmlText


@dataclass(slots=True)
class _Draft:
    """The text as it is read: blocks of lines, and what is counted on the way."""

    blocks: list[tuple[str, list[str]]] = field(default_factory=lambda: [("", [])])
    level: int = 0
    numbered: int = 0
    notes: list[str] = field(default_factory=list)

    def write(self, line: str) -> None:
        self.blocks[-1][1].append(line)

    def head(self, title: str, level: int) -> None:
        """A heading opens a block, unless it only divides the one that is open."""
        name = _fold(title)
        if title and (name in SECTIONS or self.level == 0 or level <= self.level):
            self.blocks.append((title, []))
            self.level = level
        self.write(title)


def render(draft: str, update: bytes, upto: int, root: str) -> Rendition:
    """The rendition of the document that `update` holds whole. `text` is the blocks' texts, one after another."""
    doc: Doc[XmlFragment] = Doc()
    doc.apply_update(update)
    written = _Draft()
    for child in doc.get(root, type=XmlFragment).children:
        _write(child, written, "", top=True)
    if written.notes:
        notes = [f"Note {number} : {text}" for number, text in enumerate(written.notes, 1)]
        written.blocks.append((NOTES, notes))
    blocks = tuple((name, "\n".join(lines)) for name, lines in written.blocks if any(lines))
    return Rendition(draft, "\n".join(text for _, text in blocks), blocks, upto)


def _write(node: Node, written: _Draft, lead: str, *, top: bool = False) -> None:
    """Write a block's lines. `lead` stands before its first line: a bullet, a number."""
    if not isinstance(node, XmlElement):
        return
    if node.tag == "heading":
        written.head(lead + _inline(node, written), _whole(node, "level", 1))
    elif node.tag == "paragraph":
        if top and node.attributes.get("numbered") in (True, "true"):
            written.numbered += 1
            lead = f"{written.numbered}. "
        written.write(lead + _inline(node, written))
    elif node.tag in {"bulletList", "orderedList"}:
        for mark, item in zip(_marks(node), node.children, strict=False):
            _write_item(item, written, lead + mark)
    elif node.tag == "table":
        for row in node.children:
            written.write(lead + " | ".join(_cells(row, written)))
    else:
        for child in _children(node):
            _write(child, written, lead)


def _write_item(item: Node, written: _Draft, lead: str) -> None:
    """The mark stands before the item's first line; what follows is moved in under it."""
    for index, child in enumerate(_children(item)):
        _write(child, written, lead if index == 0 else " " * len(lead))


def _marks(node: XmlElement) -> Iterator[str]:
    number = _whole(node, "start", 1)
    kind = str(node.attributes.get("type") or "1")
    while True:
        yield "– " if node.tag == "bulletList" else f"{_ordinal(number, kind)}. "
        number += 1


def _ordinal(number: int, kind: str) -> str:
    if kind in {"a", "A"} and 1 <= number <= 26:
        return chr(ord(kind) + number - 1)
    if kind in {"i", "I"} and 1 <= number < 40:
        tens, ones = divmod(number, 10)
        roman = "X" * tens + ("", "I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")[ones]
        return roman if kind == "I" else roman.lower()
    return str(number)


def _cells(row: Node, written: _Draft) -> Iterator[str]:
    for cell in _children(row):
        inner = _Draft(notes=written.notes)
        for child in _children(cell):
            _write(child, inner, "")
        yield " ".join(line for _, lines in inner.blocks for line in lines if line)


def _children(node: Node) -> list[Node]:
    return [] if isinstance(node, XmlText) else list(node.children)


def _inline(node: XmlElement, written: _Draft) -> str:
    """A paragraph's text. Footnotes met on the way are put aside."""
    parts: list[str] = []
    for child in node.children:
        if isinstance(child, XmlText):
            parts.extend(text for text, _ in child.diff() if isinstance(text, str))
        elif isinstance(child, XmlElement) and child.tag == "hardBreak":
            parts.append("\n")
        elif isinstance(child, XmlElement) and child.tag == "footnote":
            written.notes.append(_inline(child, written))
    return _LEFT_OUT.sub("", "".join(parts))


def _whole(node: XmlElement, name: str, default: int) -> int:
    """Numbers come back from Yjs as floats, from some clients as digits."""
    value = node.attributes.get(name)
    try:
        return default if value is None else int(value)
    except (TypeError, ValueError):
        return default


def _fold(title: str) -> str:
    plain = unicodedata.normalize("NFD", title.lower())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    return re.sub(r"\s+", " ", letters).strip(" :.0123456789")
