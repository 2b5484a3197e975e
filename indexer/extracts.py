"""The lines of a document that answer a query, with what to light up (*extraits*).

Works on a folded copy of each text, in which every code point is one byte: finding is a memory scan,
and offsets need no translation. Only texts handed in are shown: the caller hands in what its reader
may read.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from indexer.analysis import STEMS, fold
from indexer.page import Extract
from indexer.terms import Phrase, Reference, Term, Word

LENGTH: Final = 240
"""Code points of an extract, but for the ellipses."""
_ROOM: Final = 190
"""Words within so many code points count as one place."""
_MOST_PLACES: Final = 300
"""Places looked at in one zone; a text that repeats a word thousands of times has enough of them."""

_ZONES: Final[Mapping[str, float]] = {
    "summary": 1.25,
    "motivations": 1.2,
    "dispositif": 1.1,
    "visa": 0.9,
    "themes": 0.8,
    "introduction": 0.8,
    "annexes": 0.8,
}
_LEAD: Final = ("summary", "motivations", "texte", "expose", "moyens", "dispositif", "introduction")
_SENTENCE: Final = re.compile(r"(?<![A-Z])(?<!\bMM)(?<!\bMme)(?<!\bart)(?<!\bal)[.!?…]\s+(?=[A-ZÀ-Ý«\d\[])|\n+")
_CUT: Final = re.compile(r"(?<![«(\[])[ \n](?![»:;!?)\]])")

Place = tuple[int, int, int]
"""Half-open code point offsets in a zone's text, and the rank of the term found there."""


@dataclass(frozen=True, slots=True)
class _Needle:
    """How one term is found: by openings of words, checked by `stem`, or by patterns."""

    openings: tuple[bytes, ...] = ()
    stem: str = ""
    patterns: tuple[tuple[bytes, re.Pattern[bytes]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Window:
    score: float
    zone: int
    start: int
    end: int
    ranks: frozenset[int]


class Highlighter:
    """Made once a query, used on each of its hits. `weights` says which terms matter most (rarity)."""

    def __init__(self, terms: Iterable[Term], weights: Mapping[Term, float] | None = None) -> None:
        kept = tuple(terms)
        given = weights or {}
        self._needles = [_needle(term) for term in kept]
        self._weights = [given.get(term, 1.0) for term in kept]

    def extracts(self, zones: Iterable[tuple[str, str]], most: int) -> tuple[Extract, ...]:
        """The `most` best places of a document given as (zone, text), best first.

        Where no term stands in the text, one unmarked extract of its opening; none without a text.
        """
        shown = [(zone, text) for zone, text in zones if text and not text.isspace()]
        if most < 1 or not shown:
            return ()
        places = [self._places(b" " + fold(text) + b" ") for _, text in shown]
        chosen = self._choose(places, [zone for zone, _ in shown], most)
        if not chosen:
            return (_lead(shown),)
        return tuple(_extract(*shown[w.zone], w.start, w.end, places[w.zone]) for w in chosen)

    def _places(self, folded: bytes) -> list[Place]:
        """`folded` has one space before and after: an offset in it, less one, is one in the text."""
        found: list[Place] = []
        for rank, needle in enumerate(self._needles):
            for opening in needle.openings:
                _find_words(folded, opening, needle.stem, rank, found)
            for probe, pattern in needle.patterns:
                if probe in folded:
                    found += ((m.start(1) - 1, m.end(1) - 1, rank) for m in pattern.finditer(folded))
        found.sort()
        return found[:_MOST_PLACES]

    def _choose(self, places: list[list[Place]], zones: list[str], most: int) -> list[_Window]:
        windows = [
            window
            for zone, found in enumerate(places)
            if found
            for window in self._windows(zone, found, _ZONES.get(zones[zone], 1.0))
        ]
        chosen: list[_Window] = []
        lit: set[int] = set()
        while windows and len(chosen) < most:
            best = max(windows, key=lambda w: (w.score * (1.0 if not lit or w.ranks - lit else 0.5), -w.zone, -w.start))
            chosen.append(best)
            lit |= best.ranks
            windows = [w for w in windows if w.zone != best.zone or abs(w.start - best.start) > LENGTH + 20]
        return chosen

    def _windows(self, zone: int, places: list[Place], bonus: float) -> Iterable[_Window]:
        """A window for each place: what stands within reach after it, worth its distinct terms."""
        weights = self._weights
        count = len(places)
        last_ranks: frozenset[int] = frozenset()
        for index, (start, end, rank) in enumerate(places):
            ranks, stop = {rank}, end
            score = weights[rank]
            following = index + 1
            while following < count and places[following][1] <= start + _ROOM:
                _, stop, other = places[following]
                score += weights[other] * (0.1 if other in ranks else 1.0)
                ranks.add(other)
                following += 1
            kept = frozenset(ranks)
            if index and kept < last_ranks:
                continue
            last_ranks = kept
            yield _Window(score * bonus, zone, start, stop, kept)


def _needle(term: Term) -> _Needle:
    match term:
        case Word(stem=stem, form=form):
            if not stem.isascii():
                return _Needle()
            openings = {_opening(stem), _opening(form)}
            kept = [one for one in openings if not any(one != other and one.startswith(other) for other in openings)]
            return _Needle(openings=tuple(b" " + o for one in kept for o in _spellings(one.encode())), stem=stem)
        case Phrase(words=words):
            return _Needle(patterns=_patterns([words]))
        case Reference(mentions=mentions):
            return _Needle(patterns=_patterns(mentions))


def _opening(word: str) -> str:
    """What every inflection shares with a stem, or nearly: Snowball rewrites at most two last letters."""
    return word if word.isdigit() else word[: max(2, len(word) - 2)]


def _spellings(folded: bytes) -> list[bytes]:
    """With and without the ligatures, which are one code point in a text."""
    joined = folded.replace(b"oe", b"\x02").replace(b"ae", b"\x03")
    return [folded] if joined == folded else [folded, joined]


def _patterns(phrases: Iterable[tuple[str, ...]]) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    found = []
    for phrase in phrases:
        if not phrase or not all(word.isascii() for word in phrase):
            continue
        spelled = [b"(?:" + b"|".join(map(re.escape, _spellings(word.encode()))) + b")" for word in phrase]
        plain = [word.encode() for word in phrase if len(_spellings(word.encode())) == 1]
        probe = max(plain, key=len, default=b"")
        found.append((probe, re.compile(b" (" + b" +".join(spelled) + b")(?= )")))
    return tuple(found)


def _find_words(folded: bytes, opening: bytes, stem: str, rank: int, found: list[Place]) -> None:
    position = folded.find(opening)
    seen = 0
    while position >= 0 and seen < _MOST_PLACES:
        end = folded.find(b" ", position + 1)
        if _is_inflection(folded[position + 1 : end], stem):
            found.append((position, end - 1, rank))
            seen += 1
        position = folded.find(opening, end)


def _is_inflection(word: bytes, stem: str) -> bool:
    if b"\x02" in word or b"\x03" in word:
        word = word.replace(b"\x02", b"oe").replace(b"\x03", b"ae")
    return STEMS[word.decode("ascii")] == stem


def _lead(shown: list[tuple[str, str]]) -> Extract:
    by_name = dict(reversed(shown))
    name = next((zone for zone in _LEAD if zone in by_name), shown[0][0])
    return _extract(name, by_name[name], 0, 0, [])


def _extract(zone: str, text: str, start: int, end: int, places: list[Place]) -> Extract:
    left, right = _bounds(text, start, end)
    opens = left == 0 or bool(_SENTENCE.search(text, max(0, left - 6), left + 1)) or text[left - 1] == "\n"
    closes = right == len(text) or text[right - 1] in ".!?…\n" or text[right] == "\n"
    before, after = ("" if opens else "… "), ("" if closes else " …")
    shift = len(before) - left
    marks: list[tuple[int, int]] = []
    for a, b, _ in places:
        if a >= left and b <= right:
            if marks and a + shift < marks[-1][1]:
                marks[-1] = (marks[-1][0], max(marks[-1][1], b + shift))
            else:
                marks.append((a + shift, b + shift))
    shown = text[left:right].replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return Extract(zone=zone, text=f"{before}{shown}{after}", marks=tuple(marks))


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where to cut around a place: at the sentence's start where it is near, else between two words."""
    spare = max(0, LENGTH - (end - start))
    reach = max(0, start - spare * 2 // 3)
    left = start
    sentence = _last(_SENTENCE, text, reach, min(start + 1, len(text)))
    if reach == 0 and sentence is None:
        left = 0
    elif sentence is not None:
        left = sentence.end()
    else:
        near = _CUT.search(text, max(reach, start - spare // 3), start)
        left = near.end() if near else start
    limit = left + LENGTH
    if limit >= len(text):
        return _trim(text, left, len(text))
    limit = max(limit, end)
    stop = _last(_SENTENCE, text, max(end, left + LENGTH // 2), limit)
    if stop is not None:
        return _trim(text, left, stop.start() + (0 if text[stop.start()] == "\n" else 1))
    stop = _last(_CUT, text, max(end, limit - 40), limit)
    return _trim(text, left, stop.start() if stop else limit)


def _last(pattern: re.Pattern[str], text: str, start: int, end: int) -> re.Match[str] | None:
    return next(iter(deque(pattern.finditer(text, start, end), maxlen=1)), None)


def _trim(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right
