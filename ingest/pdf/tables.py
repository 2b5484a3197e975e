"""Ruled tables (*tableaux*): pdfplumber finds the cells, PDFium's words fill them, row by row."""

from __future__ import annotations

import io
import time
from collections.abc import Sequence
from typing import NamedTuple

import pdfplumber
from pdfplumber.pdf import PDF

from ingest.layout import BAR, Line, Piece, make_line


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


class TableFinder:
    """The tables of one document's pages; opened at the first page that asks."""

    def __init__(self, data: bytes, seconds: float = 60.0) -> None:
        self._data = data
        self._left = seconds
        self._pdf: PDF | None = None

    def find(self, page: int) -> tuple[Table, ...]:
        """The page's ruled tables of two rows and two columns or more; none once `seconds` of processor are spent."""
        if self._left <= 0:
            return ()
        begun = time.process_time()
        try:
            if self._pdf is None:
                self._pdf = pdfplumber.open(io.BytesIO(self._data))
            found = self._pdf.pages[page].find_tables()
            tables = tuple(tuple(_cells(row.cells) for row in table.rows) for table in found)
        except Exception:  # noqa: BLE001 - a parser of its own, on any bytes; the page's plain lines stand without it
            self._left = 0
            return ()
        self._left -= time.process_time() - begun
        return tuple(table for table in tables if len(table) > 1 and max(map(len, table)) > 1)

    def close(self) -> None:
        if self._pdf is not None:
            self._pdf.close()


def _cells(boxes: Sequence[tuple[float, float, float, float] | None]) -> tuple[Cell, ...]:
    return tuple(Cell(*box) for box in boxes if box is not None)


def lay_out(lines: Sequence[Line], tables: Sequence[Table]) -> tuple[Line, ...]:
    """The page's lines, each table's words gathered by cell where its first word stood."""
    filled: list[list[list[list[Piece]]]] = [[[[] for _ in row] for row in table] for table in tables]
    out: list[Line | int] = []
    for line in lines:
        rest: list[Piece] = []
        for piece in line.pieces:
            place = _place(piece, tables)
            if place is None:
                rest.append(piece)
                continue
            table, row, cell = place
            if table not in out:
                if rest:
                    out.append(make_line(rest))
                    rest = []
                out.append(table)
            filled[table][row][cell].append(piece)
        if len(rest) == len(line.pieces):
            out.append(line)
        elif rest:
            out.append(make_line(rest))
    laid: list[Line] = []
    for item in out:
        laid.extend(_rows(filled[item]) if isinstance(item, int) else [item])
    return tuple(laid)


def _place(piece: Piece, tables: Sequence[Table]) -> tuple[int, int, int] | None:
    for number, table in enumerate(tables):
        for at, row in enumerate(table):
            if row and row[0].top <= (piece.top + piece.bottom) / 2:
                for order, cell in enumerate(row):
                    if cell.holds(piece):
                        return number, at, order
    return None


def _rows(table: list[list[list[Piece]]]) -> list[Line]:
    """One line for each row with words; its box is that of its words."""
    rows = []
    for row in table:
        words = [piece for cell in row for piece in cell]
        if not words:
            continue
        pieces = [piece for order, cell in enumerate(row) for piece in ([BAR] if order else []) + cell]
        box = make_line(words)
        rows.append(Line(tuple(pieces), box.left, box.top, box.right, box.bottom, row=True))
    return rows
