"""Ruled tables (*tableaux*): PDFium's rules, pdfplumber's way from rules to cells, the page's words in them by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from ingest.layout import BAR, Line, Piece, make_line
from ingest.pdf.drawing import Rule

NEAR = 3.0
"""Points by which rules may miss each other and still meet."""

MAX_RULES = 400
"""Rules, once those in line are joined; a page of more is a drawing, and would take seconds."""


ACROSS = 3
"""Lines written through most cells of a row make a listing; in a row of prose each cell is written for itself."""


class Cell(NamedTuple):
    """Points, origin top left."""

    left: float
    top: float
    right: float
    bottom: float

    def holds(self, piece: Piece) -> bool:
        return (
            self.left <= (piece.left + piece.right) / 2 <= self.right
            and self.top <= (piece.top + piece.bottom) / 2 <= self.bottom
        )


Table = tuple[tuple[Cell, ...], ...]


def find_tables(rules: Sequence[Rule]) -> tuple[Table, ...]:
    """The tables of two rows and two columns or more that the rules of a page frame, from the top."""
    edges = merge_edges([_edge(rule) for rule in rules], NEAR, NEAR, NEAR, NEAR)
    if len(edges) > MAX_RULES:
        return ()
    found = cells_to_tables(intersections_to_cells(edges_to_intersections(edges, NEAR, NEAR)))
    tables = (_rows_of(cells) for cells in found)
    return tuple(table for table in tables if len(table) > 1 and max(map(len, table)) > 1)


def _edge(rule: Rule) -> dict[str, Any]:
    """A rule as pdfplumber describes it."""
    wide, high = rule.right - rule.left, rule.bottom - rule.top
    edge = {"x0": rule.left, "x1": rule.right, "top": rule.top, "bottom": rule.bottom, "width": wide, "height": high}
    return {**edge, "orientation": "h" if rule.level else "v", "object_type": "line"}


def _rows_of(boxes: Sequence[tuple[float, float, float, float]]) -> Table:
    cells = sorted((Cell(*box) for box in boxes), key=lambda cell: (cell.top, cell.left))
    return tuple(tuple(row) for _, row in groupby(cells, lambda cell: cell.top))


class _Placed(NamedTuple):
    """A word in a table: the row and cell that hold it, and the line of the page that it stood in."""

    row: int
    cell: int
    line: int
    piece: Piece


def lay_out(lines: Sequence[Line], tables: Sequence[Table]) -> tuple[Line, ...]:
    """The page's lines, each table's words gathered by cell where its first word stood."""
    filled: list[list[_Placed]] = [[] for _ in tables]
    out: list[Line | int] = []
    for number, line in enumerate(lines):
        rest: list[Piece] = []
        for piece in line.pieces:
            place = _place(piece, tables)
            if place is None:
                rest.append(piece)
                continue
            table, row, cell = place
            if not filled[table]:
                if rest:
                    out.append(make_line(rest))
                    rest = []
                out.append(table)
            filled[table].append(_Placed(row, cell, number, piece))
        if len(rest) == len(line.pieces):
            out.append(line)
        elif rest:
            out.append(make_line(rest))
    laid: list[Line] = []
    for item in out:
        laid.extend(_rows(tables[item], filled[item]) if isinstance(item, int) else [item])
    return tuple(laid)


def _place(piece: Piece, tables: Sequence[Table]) -> tuple[int, int, int] | None:
    for number, table in enumerate(tables):
        for at, row in enumerate(table):
            if row and row[0].top <= (piece.top + piece.bottom) / 2:
                for order, cell in enumerate(row):
                    if cell.holds(piece):
                        return number, at, order
    return None


def _rows(table: Table, words: Sequence[_Placed]) -> Iterator[Line]:
    """One line for each row with words; for each line of a row whose lines the file wrote across its cells."""
    for row, found in groupby(sorted(words, key=lambda word: word.row), lambda word: word.row):
        held = list(found)
        if len(table[row]) == 1:  # a frame around text, which flows in it as anywhere
            yield from (make_line([word.piece for word in line]) for line in _by_line(held))
            continue
        for part in _by_line(held) if _lists(held) else [held]:
            cells = [[word.piece for word in part if word.cell == cell] for cell in range(len(table[row]))]
            yield make_line(
                [piece for order, cell in enumerate(cells) for piece in [BAR] * (order > 0) + cell], row=True
            )


def _lists(words: Sequence[_Placed]) -> bool:
    """Whether a row ruled by columns alone holds line after line of them."""
    lines = _by_line(words)
    half = max(2, len({word.cell for word in words}) / 2)
    across = sum(len({word.cell for word in line}) >= half for line in lines)
    return across >= ACROSS and across > len(lines) / 2


def _by_line(words: Sequence[_Placed]) -> list[list[_Placed]]:
    return [list(line) for _, line in groupby(words, lambda word: word.line)]
