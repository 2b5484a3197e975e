"""Tables (*tableaux*) as lines of text."""

from __future__ import annotations

from ingest.markup import tidy

LONG = 300
"""A cell beyond this many characters holds prose: its table only lays out the page."""


def lay_out(rows: list[list[str]]) -> list[str]:
    """One line a row, cells parted by ` | `; rows that hold prose become paragraphs, cell after cell."""
    parts = ["\n"]
    for row in rows:
        cells = [tidy(cell) for cell in row]
        filled = [cell for cell in cells if cell]
        if not filled:
            continue
        if len(filled) == 1 or any(len(cell) > LONG for cell in filled):
            parts += ["\n\n" + cell for cell in filled]
        else:
            parts.append(
                "\n" + " | ".join(" ".join(cell.split("\n")).replace("  ", " ") for cell in cells).rstrip(" |")
            )
    return [*parts, "\n\n"]
