"""Where a query's words stand in a whole text (*mots allumés*), by the analysis that found the document."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from indexer.analysis import fold, stem
from indexer.terms import Phrase, Reference, Term, Word

Span = tuple[int, int]
"""Half-open code point offsets."""

MOST = 5_000
"""Spans lit in one text; beyond it nobody walks them."""
_RUN = re.compile(rb"[^ ]+")


def light(text: str, terms: Iterable[Term]) -> list[Span]:
    """The spans of `text` that answer one of the terms: in order, without overlap, `MOST` at most."""
    stems, sequences = _wanted(terms)
    if not stems and not sequences:
        return []
    runs = [(m.start(), m.end(), _plain(m[0])) for m in _RUN.finditer(fold(text))]
    spans: list[Span] = []
    at = 0
    while at < len(runs) and len(spans) < MOST:
        start, end, word = runs[at]
        length = _longest(sequences.get(word, ()), runs, at)
        if length:
            spans.append((start, runs[at + length - 1][1]))
            at += length
            continue
        if stems and stem(word) in stems:
            spans.append((start, end))
        at += 1
    return spans


def _wanted(terms: Iterable[Term]) -> tuple[set[str], dict[str, list[tuple[str, ...]]]]:
    """Stems wanted anywhere, and sequences of words by their first word."""
    stems: set[str] = set()
    sequences: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for term in terms:
        if isinstance(term, Word):
            stems.add(term.stem)
        elif isinstance(term, Phrase):
            sequences[term.words[0]].append(term.words)
        elif isinstance(term, Reference):
            for mention in term.mentions:
                sequences[mention[0]].append(mention)
    return stems, dict(sequences)


def _longest(candidates: Iterable[tuple[str, ...]], runs: list[tuple[int, int, str]], at: int) -> int:
    """How many runs from `at` the longest matching sequence covers; 0 where none matches."""
    best = 0
    for words in candidates:
        if len(words) > best and [run[2] for run in runs[at : at + len(words)]] == list(words):
            best = len(words)
    return best


def _plain(run: bytes) -> str:
    return run.replace(b"\x02", b"oe").replace(b"\x03", b"ae").decode("latin-1")
