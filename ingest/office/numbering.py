"""The numbers that Word writes before paragraphs (*numérotation automatique*): they stand nowhere in the text."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

LEVELS = 9
MAX_VALUE = 100_000
_HOLE = re.compile(r"%([1-9])")
_ROMAN = (
    (1000, "M"), (900, "CM"), (500, "D"), (400, "CD"), (100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"),
    (9, "IX"), (5, "V"), (4, "IV"), (1, "I"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Level:
    style: str = "decimal"
    pattern: str = ""
    start: int = 1


@dataclass(slots=True)
class Numbering:
    """Lists of a document by their number, with what each has counted so far."""

    levels: dict[str, dict[int, Level]] = field(default_factory=dict)
    shared: dict[str, str] = field(default_factory=dict)
    """Lists of one abstract list count together."""
    counted: dict[str, list[int]] = field(default_factory=dict)

    def label(self, number: str, depth: int) -> str:
        """The next label of a list at a depth from 0: `1.`, `b)`, `-`; empty where the list is unknown."""
        levels = self.levels.get(number)
        if levels is None or depth not in levels:
            return ""
        counts = self.counted.setdefault(self.shared.get(number, number), [0] * LEVELS)
        counts[depth] = counts[depth] + 1 if counts[depth] else levels[depth].start
        counts[depth + 1 :] = [0] * (LEVELS - depth - 1)
        level = levels[depth]
        if level.style == "bullet":
            return "-"
        if level.style == "none":
            return ""
        return _HOLE.sub(lambda hole: _one(levels, counts, int(hole[1]) - 1), level.pattern).strip()


def read_numbering(root: Any | None) -> Numbering:
    """From the root of `numbering.xml`, of which any part may be missing."""
    numbering = Numbering()
    if root is None:
        return numbering
    abstract = {value(item, "abstractNumId"): _levels(item) for item in children(root, "abstractNum")}
    for item in children(root, "num"):
        number = value(item, "numId")
        base = next((value(child, "val") for child in children(item, "abstractNumId")), "")
        levels = dict(abstract.get(base, {}))
        overridden = False
        for change in children(item, "lvlOverride"):
            levels.update({depth: level for depth, level in _levels(change).items() if depth < LEVELS})
            overridden = overridden or any(True for _ in children(change, "startOverride"))
        numbering.levels[number] = levels
        numbering.shared[number] = number if overridden else f"abstract {base}"
    return numbering


def local(element: Any) -> str:
    """The tag without its namespace: transitional and strict files differ in it alone."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def children(element: Any, name: str) -> list[Any]:
    return [child for child in element if local(child) == name]


def value(element: Any, name: str = "val") -> str:
    """An attribute by its local name, empty where absent."""
    return next((str(held) for key, held in element.attrib.items() if key.rpartition("}")[2] == name), "")


def integer(text: str, default: int) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 7 else default


def _levels(parent: Any) -> dict[int, Level]:
    found = {}
    for item in children(parent, "lvl"):
        held = {local(child): value(child) for child in item}
        depth = integer(value(item, "ilvl"), LEVELS)
        if depth < LEVELS:
            start = integer(held.get("start", "1"), 1)
            found[depth] = Level(held.get("numFmt", "decimal"), held.get("lvlText", "")[:100], start)
    return found


def _one(levels: dict[int, Level], counts: list[int], depth: int) -> str:
    level = levels.get(depth, Level())
    return write(max(counts[depth], level.start), level.style)


def write(number: int, style: str) -> str:
    """A number in one of Word's styles; those unknown are written in digits."""
    bounded = min(number, MAX_VALUE)
    writer = _WRITERS.get(style)
    return writer(bounded) if writer and bounded > 0 else str(bounded)


def _letter(number: int) -> str:
    return chr(ord("a") + (number - 1) % 26) * min(1 + (number - 1) // 26, 8)


def _roman(number: int) -> str:
    if number > 3999:
        return str(number)
    parts = []
    left = number
    for amount, letters in _ROMAN:
        parts.append(letters * (left // amount))
        left %= amount
    return "".join(parts)


_WRITERS: dict[str, Callable[[int], str]] = {
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "upperRoman": _roman,
    "lowerRoman": lambda number: _roman(number).lower(),
    "decimalZero": lambda number: f"{number:02d}",
    "ordinal": lambda number: f"{number}°",
}
