"""From a page's rules to the cells they frame (*quadrillage*): a cell is four crossings of rules, joined by them.

The way of Nurminen's thesis (Tampere, 2013), as Tabula and pdfplumber follow it, on rules that PDFium has read already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingest.pdf.drawing import Rule

NEAR = 3.0
"""Points by which rules may miss each other and still meet."""

MAX_CROSSINGS = 40_000
"""Places looked at; a page of more is a drawing."""


class Cell(NamedTuple):
    """Points, origin top left."""

    left: float
    top: float
    right: float
    bottom: float


Table = tuple[tuple[Cell, ...], ...]
"""Rows of cells from the top; a row has those that begin at its height."""

Stroke = tuple[float, float, float]
"""Where a rule stands, and from where to where it runs."""


class Track(NamedTuple):
    """Rules in line with each other: where they stand, and the stretches that they rule."""

    place: float
    stretches: tuple[tuple[float, float], ...]

    def at(self, place: float) -> int | None:
        """The number of the stretch that reaches a place."""
        for number, (first, last) in enumerate(self.stretches):
            if first - NEAR <= place <= last + NEAR:
                return number
        return None


def find_tables(rules: Sequence[Rule]) -> tuple[Table, ...]:
    """The tables of two rows and two columns or more, from the top."""
    level = _tracks((rule.top, rule.left, rule.right) for rule in rules if rule.level)
    upright = _tracks((rule.left, rule.top, rule.bottom) for rule in rules if not rule.level)
    if len(level) * len(upright) > MAX_CROSSINGS:
        return ()
    tables = (_rows(cells) for cells in _together(list(_cells(level, upright))))
    return tuple(table for table in tables if len(table) > 1 and max(map(len, table)) > 1)


def _tracks(strokes: Iterable[Stroke]) -> list[Track]:
    tracks: list[Track] = []
    held: list[Stroke] = []
    for stroke in sorted(strokes):
        if held and stroke[0] - held[-1][0] > NEAR:
            tracks.append(_track(held))
            held = []
        held.append(stroke)
    return [*tracks, _track(held)] if held else tracks


def _track(strokes: Sequence[Stroke]) -> Track:
    stretches: list[tuple[float, float]] = []
    for first, last in sorted((first, last) for _, first, last in strokes):
        if stretches and first <= stretches[-1][1] + NEAR:
            stretches[-1] = (stretches[-1][0], max(stretches[-1][1], last))
        else:
            stretches.append((first, last))
    return Track(sum(stroke[0] for stroke in strokes) / len(strokes), tuple(stretches))


def _cells(level: Sequence[Track], upright: Sequence[Track]) -> Iterator[Cell]:
    """The smallest cell below and to the right of each crossing, if there is one."""
    met: dict[tuple[int, int], tuple[int, int]] = {}
    """By column and row of a crossing: the numbers of the upright and the level stretch that meet there."""
    below: dict[tuple[int, int], list[int]] = {}
    beside: dict[tuple[int, int], list[int]] = {}
    for row, line in enumerate(level):
        for column, post in enumerate(upright):
            down, across = post.at(line.place), line.at(post.place)
            if down is not None and across is not None:
                met[column, row] = (down, across)
                below.setdefault((column, down), []).append(row)
                beside.setdefault((row, across), []).append(column)
    for (column, row), (down, across) in met.items():
        corner = next(
            (
                (other_column, other_row)
                for other_row in below[column, down]
                if other_row > row
                for other_column in beside[row, across]
                if other_column > column
                and (other_column, other_row) in met
                and met[other_column, other_row][0] == met[other_column, row][0]
                and met[other_column, other_row][1] == met[column, other_row][1]
            ),
            None,
        )
        if corner:
            yield Cell(upright[column].place, level[row].place, upright[corner[0]].place, level[corner[1]].place)


def _together(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Cells that share a corner stand in one table; tables from the top."""
    at: dict[tuple[float, float], list[Cell]] = {}
    for cell in cells:
        for corner in _corners(cell):
            at.setdefault(corner, []).append(cell)
    tables: list[list[Cell]] = []
    seen: set[Cell] = set()
    for cell in cells:
        if cell in seen:
            continue
        seen.add(cell)
        table = [cell]
        for held in table:  # grows as its neighbours are found
            near = {other for corner in _corners(held) for other in at[corner]} - seen
            seen |= near
            table += near
        tables.append(table)
    return sorted(tables, key=lambda table: min((cell.top, cell.left) for cell in table))


def _corners(cell: Cell) -> tuple[tuple[float, float], ...]:
    left, top, right, bottom = cell
    return (left, top), (right, top), (left, bottom), (right, bottom)


def _rows(cells: Sequence[Cell]) -> Table:
    ordered = sorted(cells, key=lambda cell: (cell.top, cell.left))
    return tuple(tuple(row) for _, row in groupby(ordered, lambda cell: cell.top))
