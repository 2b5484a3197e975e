"""Where a query's words stand in a whole text (*mots allumés*), by the analysis that found the document."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from indexer.analysis import fold, stem
from indexer.terms import Near, Phrase, Reference, Term, Wildcard, Word, sought
from indexer.wildcards import compiled

Span = tuple[int, int]
"""Half-open code point offsets."""
Run = tuple[int, int, str]
"""A word of the text, folded, after its offsets."""

MOST = 5_000
"""Spans lit in one text; beyond it nobody walks them."""
_RUN = re.compile(rb"[^ ]+")


def light(text: str, terms: Iterable[Term]) -> list[Span]:
    """The spans of `text` that answer one of the terms: in order, without overlap, `MOST` at most."""
    wanted = _Wanted.of(sought(terms))
    if wanted.nothing:
        return []
    runs = [(m.start(), m.end(), _plain(m[0])) for m in _RUN.finditer(fold(text))]
    near = wanted.near_places(runs)
    spans: list[Span] = []
    at = 0
    while at < len(runs) and len(spans) < MOST:
        start, end, word = runs[at]
        length = _longest(wanted.sequences.get(word, ()), runs, at)
        if length:
            spans.append((start, runs[at + length - 1][1]))
            at += length
            continue
        if at in near or wanted.holds(word):
            spans.append((start, end))
        at += 1
    return spans


@dataclass(slots=True)
class _Wanted:
    """Stems wanted anywhere, sequences of words by their first word, words near one another, words with signs."""

    stems: set[str] = field(default_factory=set)
    sequences: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    near: list[Near] = field(default_factory=list)
    signs: list[re.Pattern[str]] = field(default_factory=list)

    @classmethod
    def of(cls, terms: Iterable[Term]) -> _Wanted:
        found = cls()
        for term in terms:
            if isinstance(term, Word):
                found.stems.add(term.stem)
            elif isinstance(term, Phrase):
                found.sequences[term.words[0]].append(term.words)
            elif isinstance(term, Near):
                found.near.append(term)
            elif isinstance(term, Wildcard):
                found.signs.append(compiled(term))
            elif isinstance(term, Reference):
                for mention in term.mentions:
                    found.sequences[mention[0]].append(mention)
        return found

    @property
    def nothing(self) -> bool:
        return not (self.stems or self.sequences or self.near or self.signs)

    def holds(self, word: str) -> bool:
        inflected = bool(self.stems) and stem(word) in self.stems
        return inflected or any(pattern.fullmatch(word) for pattern in self.signs)

    def near_places(self, runs: Sequence[Run]) -> set[int]:
        """Places of words that stand near enough to one of those they are wanted near."""
        found: set[int] = set()
        for term in self.near:
            places = {word: [at for at, run in enumerate(runs) if run[2] == word] for word in term.words}
            for one, other in pairwise(term.words):
                for first in places[one]:
                    low = bisect_left(places[other], first - term.distance - 1)
                    high = bisect_right(places[other], first + term.distance + 1)
                    if low < high:
                        found |= {first, *places[other][low:high]}
        return found


def _longest(candidates: Iterable[tuple[str, ...]], runs: Sequence[Run], at: int) -> int:
    """How many runs from `at` the longest matching sequence covers; 0 where none matches."""
    best = 0
    for words in candidates:
        if len(words) > best and [run[2] for run in runs[at : at + len(words)]] == list(words):
            best = len(words)
    return best


def _plain(run: bytes) -> str:
    return run.replace(b"\x02", b"oe").replace(b"\x03", b"ae").decode("latin-1")
