"""Running heads, feet and page numbers (*titres courants*), known by their place: the same on page after page."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from ingest.layout import Line, Sheet
from ingest.pdf.drawing import MARGIN

DRIFT, SCAN_DRIFT = 3.0, 18.0
"""Points by which its place may differ between two pages; more where the paper was scanned."""

_DIGITS = re.compile(r"\d+")


def strip_running(sheets: Sequence[Sheet]) -> tuple[Sheet, ...]:
    """The pages without the lines that repeat at one place, the number of the page aside."""
    if len(sheets) < 2:
        return tuple(sheets)
    same: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
    counted: defaultdict[str, list[tuple[int, Line]]] = defaultdict(list)
    for number, sheet in enumerate(sheets):
        for line in sheet.lines:
            if line.bottom < MARGIN * sheet.height or line.top > (1 - MARGIN) * sheet.height:
                same[line.text].append((number, line))
                if any(char.isdigit() for char in line.text):
                    counted[_DIGITS.sub("#", line.text)].append((number, line))
    enough = 2 if len(sheets) < 4 else 3
    drift = SCAN_DRIFT if any(sheet.scanned for sheet in sheets) else DRIFT
    gone: set[int] = set()
    for group in same.values():
        gone |= _repeated(group, enough, drift)
    for group in counted.values():
        gone |= _repeated(_in_step(group, enough), enough, drift)
    return tuple(replace(sheet, lines=tuple(line for line in sheet.lines if id(line) not in gone)) for sheet in sheets)


def _repeated(group: list[tuple[int, Line]], enough: int, drift: float) -> set[int]:
    """The lines of a group that stand at one height on so many pages."""
    if len(group) < enough:
        return set()
    placed = sorted(group, key=lambda found: found[1].top)
    gone: set[int] = set()
    run = [placed[0]]
    for found in placed[1:]:
        if found[1].top - run[-1][1].top > drift:
            gone |= _lines(run, enough)
            run = []
        run.append(found)
    return gone | _lines(run, enough)


def _lines(run: list[tuple[int, Line]], enough: int) -> set[int]:
    return {id(line) for _, line in run} if len({number for number, _ in run}) >= enough else set()


def _in_step(group: list[tuple[int, Line]], enough: int) -> list[tuple[int, Line]]:
    """Lines one of whose numbers grows with the pages: « Page 3 sur 12 », « - 3 - »."""
    if len(group) < enough:
        return []
    steps: Counter[tuple[int, int]] = Counter()
    for number, line in group:
        steps.update({(place, int(found[:9]) - number) for place, found in enumerate(_DIGITS.findall(line.text))})
    best, times = steps.most_common(1)[0]
    if times < enough:
        return []
    place, shift = best
    return [found for found in group if int(_DIGITS.findall(found[1].text)[place][:9]) - found[0] == shift]
