"""Ruled tables (*tableaux*): the page's words, gathered by cell and read row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from ingest.layout import BAR, Line, Piece, make_line
from ingest.pdf.lattice import Table

ACROSS = 3
"""Lines written through most cells of a row make a listing; in a row of prose each cell is written for itself."""


class _Placed(NamedTuple):
    """A word in a table: the row and cell that hold it, and the line of the page that it stood in."""

    row: int
    cell: int
    line: int
    piece: Piece


Box = tuple[float, float, float, float]


def outline(table: Table) -> Box:
    """Left, top, right, bottom of a whole table."""
    lefts, tops, rights, bottoms = zip(*(cell for row in table for cell in row), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def touch(outlines: Sequence[Box], box: Box) -> bool:
    """Whether a line so placed stands in a table, or beside the words of one."""
    left, top, right, bottom = box
    return any(one[0] < right and left < one[2] and one[1] < bottom and top < one[3] for one in outlines)


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
    """The table, row and cell that hold the middle of a word."""
    x, y = (piece.left + piece.right) / 2, (piece.top + piece.bottom) / 2
    for number, table in enumerate(tables):
        for at, row in enumerate(table):
            if row[0].top > y:
                break
            for order, cell in enumerate(row):
                if cell.left <= x <= cell.right and y <= cell.bottom:
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
