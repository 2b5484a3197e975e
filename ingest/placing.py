"""Words put in their place (*repérage*) in a reading that knows its pages' lines alone."""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import replace

from ingest.extraction import Extraction, PageLayout, Word

Box = tuple[float, float, float, float]


def place_words(reading: Extraction, page: int, measured: Extraction, at: int) -> PageLayout:
    """The layout of `page` with the words of its lines, as `measured` (its page `at`) found them.

    Both count in tenths of a point. A line that was not found again stands as one word.
    """
    layout, found = reading.pages[page], measured.pages[at]
    lines = {(_box(line), measured.text[line.start : line.end]): line for line in found.lines}
    starts = [word.start for word in found.words]
    words = list(layout.words)
    for line in layout.lines:
        same = lines.get((_box(line), reading.text[line.start : line.end]))
        shift = line.start - same.start if same else 0
        held = found.words[bisect_left(starts, same.start) : bisect_left(starts, same.end)] if same else ()
        words += [word._replace(start=word.start + shift, end=word.end + shift) for word in held] or [line]
    return replace(layout, words=tuple(sorted(words, key=lambda word: word.start)), lines=())


def _box(line: Word) -> Box:
    return line.left, line.top, line.right, line.bottom
