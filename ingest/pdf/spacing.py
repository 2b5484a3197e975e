"""Letter-spaced words (*interlettrage*): « A R R Ê T » is one word, whatever stands between its letters."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise
from statistics import median

from ingest.pdf.frame import Box

SPACED = 5
"""Letters in a row that make a title; fewer are a list, « A B C »."""

THIN = 3.0
"""Characters a word: a line of more is no title of single letters."""

WIDER = 1.6
"""How much wider than a letter's the gap between two words is."""

_WORD = re.compile(r"\S+")
Span = tuple[int, int]


def close_up(line: str, measure: Callable[[int], Box], start: int) -> list[Span]:
    """Where each word begins and ends in a line of letters set apart; `measure(start + index)` places a character."""
    words: list[Span] = []
    letters: list[Span] = []
    for match in _WORD.finditer(line):
        if len(match.group()) == 1 and (match.group().isalpha() or (letters and match.group() in "'’-")):
            letters.append(match.span())
            continue
        words += _words(letters, measure, start)
        words.append(match.span())
        letters = []
    return [*words, *_words(letters, measure, start)]


def _words(letters: list[Span], measure: Callable[[int], Box], start: int) -> Iterator[Span]:
    if len(letters) < SPACED:
        yield from letters
        return
    boxes = [measure(start + first) for first, _ in letters]
    gaps = [after[0] - before[2] for before, after in pairwise(boxes)]
    usual = median(gaps)
    if usual > boxes[0][3] - boxes[0][1]:  # set so far apart, they are a row's cells
        yield from letters
        return
    begin = 0
    for number, gap in enumerate(gaps, 1):
        if gap > WIDER * max(usual, 0.1):
            yield letters[begin][0], letters[number - 1][1]
            begin = number
    yield letters[begin][0], letters[-1][1]
