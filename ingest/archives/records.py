"""Judilibre records, many in one file (*lot de notices*): a list, a page of search results, or one record a line.

Found by their brackets and quotes alone, in one pass over the file that holds no more than where each record begins and
ends. No value is read here: each record is one file more for the sandbox.
"""

from __future__ import annotations

import io
import re
from array import array
from collections.abc import Iterator
from functools import partial
from typing import BinaryIO

from ingest import judilibre
from ingest.archives.archive import Budget, Member, refuse
from ingest.extraction import Unreadable

LINES = (".jsonl", ".ndjson")
HEAD = 64 * 1024
"""Bytes that tell records from any other JSON."""
PIECE = 1 << 20
LONGEST = judilibre.MAX_BYTES
"""Bytes of one record."""
DEEPEST = 64
MARKS = 40_000_000
"""Brackets and quotes in one file: some ten seconds of looking. A decision of the court has one in a hundred bytes."""
DAMAGED = (
    "Ce lot de notices Judilibre est abîmé ou coupé et n'a pas pu être lu : il est gardé tel quel, téléchargez-le de"
    " nouveau puis redéposez-le."
)
_RESULTS = b'"results"'
_SPACE = b"\xef\xbb\xbf \t\r\n"
_MARK = re.compile(rb'["\[\]{}]')
_IN_TEXT = re.compile(rb'["\\]')


def recognise(file: BinaryIO, name: str) -> Records | None:
    """The records of a `.jsonl` or `.ndjson` file, or of a `.json` whose top is a list or has `results`."""
    lowered = name.lower()
    if not lowered.endswith((*LINES, ".json")):
        return None
    file.seek(0)
    head = file.read(HEAD)
    file.seek(0)
    if not judilibre.looks_like(head):
        return None
    if lowered.endswith(LINES):
        return Records(file, lines=True)
    start = head.lstrip(_SPACE)
    listed = start.startswith(b"[")
    return Records(file, lines=False) if listed or (start.startswith(b"{") and _RESULTS in head) else None


class Records:
    """The records of one file, as byte ranges."""

    document = False

    def __init__(self, file: BinaryIO, *, lines: bool) -> None:
        self._file = file
        self._lines = lines
        self._bounds = array("Q")

    def survey(self, budget: Budget) -> None:
        self._bounds = array("Q")
        total = 0
        for start, end in self._of_lines() if self._lines else Scan(self._file).records():
            if end - start > LONGEST:
                raise refuse("too-large")
            self._bounds.extend((start, end))
            total += end - start
            budget.check(len(self._bounds) // 2, total, total)
        if not self._bounds:
            raise refuse("empty")
        budget.members -= len(self._bounds) // 2
        budget.total -= total

    def members(self) -> Iterator[Member]:
        for place in range(0, len(self._bounds), 2):
            start, end = self._bounds[place], self._bounds[place + 1]
            yield Member(f"notice-{place // 2 + 1:05}.json", end - start, partial(self._open, start, end))

    def _open(self, start: int, end: int) -> BinaryIO:
        self._file.seek(start)
        return io.BytesIO(self._file.read(end - start))

    def _of_lines(self) -> Iterator[tuple[int, int]]:
        """Lines that are not blank. One that is no record is a file of its own, and costs itself alone."""
        self._file.seek(0)
        at = 0
        while line := self._file.readline(LONGEST + 1):
            if line.strip(_SPACE):
                yield at, at + len(line.rstrip())
            at += len(line)


class Scan:
    """One pass over a JSON text: where the objects lie in its list, or in the list that its `results` name.

    Raises `Unreadable`: damaged, too-many.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._open = bytearray()
        """Brackets not closed yet, as they were opened."""
        self._listed = 0
        """How many brackets are open where records stand; 0 outside of such a list."""
        self._start = 0
        self._text_from = 0
        self._key = b""
        """The last text that stood right within the top object."""
        self._marks = 0

    def records(self) -> Iterator[tuple[int, int]]:
        base, rest = 0, b""
        self._file.seek(0)
        in_text = False
        while piece := self._file.read(PIECE):
            held, at = rest + piece, 0
            while mark := (_IN_TEXT if in_text else _MARK).search(held, at):
                at = mark.end()
                if mark[0] == b"\\":
                    if at == len(held):
                        at -= 1  # what it escapes is in the next piece
                        break
                    at += 1
                elif mark[0] == b'"':
                    in_text = not in_text
                    self._mark_text(held, base + at, at, in_text=in_text)
                elif (found := self._bracket(mark[0], base + mark.start())) is not None:
                    yield found
            kept = len(held) if mark is None else at
            base, rest = base + kept, held[kept:]
        if self._open or in_text:
            raise Unreadable("damaged", DAMAGED)

    def _mark_text(self, held: bytes, offset: int, at: int, *, in_text: bool) -> None:
        if len(self._open) != 1:
            return
        if in_text:
            self._text_from = offset
        else:
            self._key = held[max(0, at - (offset - self._text_from)) : at - 1]

    def _bracket(self, bracket: bytes, offset: int) -> tuple[int, int] | None:
        """Follow a bracket; the bounds of the record that it closes."""
        self._marks += 1
        if self._marks > MARKS:
            raise refuse("too-many")
        depth = len(self._open)
        if bracket in b"[{":
            if depth >= DEEPEST:
                raise Unreadable("damaged", DAMAGED)
            if not self._listed and bracket == b"[" and (depth == 0 or (depth == 1 and self._key == b"results")):
                self._listed = depth + 1
            elif self._listed == depth and depth:
                self._start = offset
            self._open += bracket
            return None
        if not self._open or self._open[-1] != ord("[" if bracket == b"]" else "{"):
            raise Unreadable("damaged", DAMAGED)
        self._open.pop()
        depth -= 1
        if depth < self._listed:
            self._listed = 0
        return (self._start, offset + 1) if self._listed == depth and depth else None
