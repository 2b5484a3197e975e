"""The lines of a document that answer a query, with what to light up (*extraits*).

Works on a folded copy of each text, in which every code point is one byte: finding is a memory scan,
and offsets need no translation. Only texts handed in are shown: the caller hands in what its reader
may read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice, pairwise
from typing import Final

from indexer.analysis import STEMS, fold
from indexer.page import Extract
from indexer.terms import Near, Phrase, Reference, Term, Wildcard, Word

LENGTH: Final = 240
"""Code points of an extract, but for the ellipses."""
_ROOM: Final = 190
"""Words within so many code points count as one place."""
_FEW: Final = 8
"""Places of one term looked at from the start; a frequent term is then looked for beside the rarer ones."""

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
_ABBREVIATION: Final = re.compile(r"(?:\b[A-ZÀ-Ý]|\bMM|\bMme|\bart|\bal|\bp|\bch|\bciv|\bsoc|\bcom|\bcrim|\bBull)$")
_REWRITTEN: Final = ("ent", "ant", "iqu", "i", "eux", "al")
"""Ends of stems whose words end otherwise: présidence, publication, renvoyer, sérieuse, généraux."""
_ENDINGS: Final = ("\n", ". ", "? ", "! ", ".\u00a0", "; ")
_CUT: Final = re.compile(r"(?<![«(\[])[ \n](?![»:;!?)\]])")

Read = Callable[[], str]
"""Gives a zone's text, which may have to be taken from where it is packed."""
Place = tuple[int, int, int]
"""Half-open code point offsets in a text, and the rank of the term found there."""


@dataclass(frozen=True, slots=True)
class _Needle:
    """How one term is found: by openings of words, checked by `stem`, or by patterns."""

    openings: tuple[bytes, ...] = ()
    stem: str = ""
    patterns: tuple[tuple[bytes, re.Pattern[bytes]], ...] = ()
    forms: dict[bytes, bool] = field(default_factory=dict)
    """Words seen, and whether they are inflections of the stem."""

    def find(self, folded: bytes, rank: int, lower: int, upper: int, most: int) -> list[Place]:
        """At most `most` places of each opening or pattern; offsets are those of the text that was folded."""
        found: list[Place] = []
        forms = self.forms
        for opening in self.openings:
            position = folded.find(opening, lower, upper)
            seen = 0
            while position >= 0 and seen < most:
                end = folded.find(b" ", position + 1)
                word = folded[position + 1 : end]
                known = forms.get(word)
                if known is None:
                    known = forms[word] = _is_inflection(word, self.stem)
                if known:
                    found.append((position, end - 1, rank))
                    seen += 1
                position = folded.find(opening, end, upper)
        for probe, pattern in self.patterns:
            if probe in folded:
                matches = islice(pattern.finditer(folded, lower, upper), most)
                found += ((match.start(1) - 1, match.end(1) - 1, rank) for match in matches)
        return found


_Window = tuple[float, int, int, int, int, int]
"""Score, minus the order of finding, zone, start, end, which terms stand in it as bits. The best is the greatest."""


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
        return self.extracts_of([(zone, partial(str, text)) for zone, text in zones], most)

    def extracts_of(self, zones: Sequence[tuple[str, Read]], most: int) -> tuple[Extract, ...]:
        """The same, of texts that are read where they are needed."""
        if most < 1:
            return ()
        best = self._search(zones, most)
        if not best:
            lead = _lead(zones)
            return (lead,) if lead else ()
        found = []
        for (_, _, zone, start, end, _), text, folded in best:
            left, right = _bounds(text, start, end)
            found.append(_extract(zones[zone][0], text, left, right, self._marks(folded[left : right + 2])))
        return tuple(found)

    def _search(self, zones: Sequence[tuple[str, Read]], most: int) -> list[tuple[_Window, str, bytes]]:
        """The best windows, each with its zone's text, and that text folded.

        The worthiest zone is read first; once it holds as many windows with every term as are wanted, none of
        lesser worth would be shown, and they are not read.
        """
        every = (1 << len(self._needles)) - 1
        windows: list[_Window] = []
        read: dict[int, tuple[str, bytes]] = {}
        worths = [_ZONES.get(name, 1.0) for name, _ in zones]
        worth, whole = 0.0, 0
        for zone in sorted(range(len(zones)), key=lambda zone: -worths[zone]):
            bonus = worths[zone]
            if whole >= most and bonus < worth:
                break
            worth = bonus
            text = zones[zone][1]()
            # One space before and after: an offset in the folded text, less one, is one in the text.
            folded = b" %b " % fold(text)
            read[zone] = text, folded
            places = self._places(folded)
            if not places:
                continue
            before = len(windows)
            self._windows(places, zone, bonus, windows)
            last = -LENGTH
            for _, _, _, start, _, ranks in windows[before:]:
                if ranks == every and start > last + LENGTH:
                    whole, last = whole + 1, start
        return [(window, *read[window[2]]) for window in self._choose(windows, most)]

    def _places(self, folded: bytes) -> list[Place]:
        """Where terms stand, enough of them to choose from, in order."""
        found: list[Place] = []
        frequent: list[int] = []
        for rank, needle in enumerate(self._needles):
            places = needle.find(folded, rank, 0, len(folded), _FEW)
            found += places
            if len(places) >= _FEW:
                frequent.append(rank)
        if frequent and len(frequent) < len(self._needles):
            rare = [start for start, _, rank in found if rank not in frequent]
            for rank in frequent:
                for start in rare:
                    around = max(0, start - _ROOM), min(len(folded), start + _ROOM)
                    found += self._needles[rank].find(folded, rank, *around, 2)
        found.sort()
        return found

    def _marks(self, folded: bytes) -> list[tuple[int, int]]:
        """All that is to be lit in a fragment, given with one more code point on each side."""
        folded = b" %b " % folded[1:-1]
        places = sorted(
            place
            for rank, needle in enumerate(self._needles)
            for place in needle.find(folded, rank, 0, len(folded), LENGTH)
        )
        marks: list[tuple[int, int]] = []
        for start, end, _ in places:
            if marks and start < marks[-1][1]:
                marks[-1] = (marks[-1][0], max(marks[-1][1], end))
            else:
                marks.append((start, end))
        return marks

    def _choose(self, windows: list[_Window], most: int) -> list[_Window]:
        """The best window, then the best of those elsewhere, which count half where they show no other term."""
        chosen: list[_Window] = []
        lit = 0
        while windows and len(chosen) < most:
            best = max([w if w[5] & ~lit else (w[0] / 2, *w[1:]) for w in windows] if lit else windows)
            chosen.append(best)
            lit |= best[5]
            if len(chosen) < most:
                _, _, zone, start, _, _ = best
                windows = [w for w in windows if w[2] != zone or abs(w[3] - start) > LENGTH + 20]
        return chosen

    def _windows(self, places: list[Place], zone: int, bonus: float, windows: list[_Window]) -> None:
        """Add a window for each place: what stands within reach after it, worth its distinct terms."""
        weights = self._weights
        count = len(places)
        for index, (start, end, rank) in enumerate(places):
            stop, score, ranks, repeats = end, weights[rank], 1 << rank, 0
            reach = start + _ROOM
            for following in range(index + 1, count):
                _, after, other = places[following]
                if after > reach:
                    break
                stop = after
                if not ranks >> other & 1:
                    score += weights[other]
                    ranks |= 1 << other
                elif repeats < 3:
                    score += weights[other] / 10
                    repeats += 1
            windows.append((score * bonus, -len(windows), zone, start, stop, ranks))


def _needle(term: Term) -> _Needle:
    match term:
        case Word(stem=stem, form=form):
            if not stem.isascii():
                return _Needle()
            openings = [_opening(stem)]
            if not form.startswith(openings[0]):
                openings.append(form)
            return _Needle(openings=tuple(b" " + o for one in openings for o in _spellings(one.encode())), stem=stem)
        case Phrase(words=words):
            return _Needle(patterns=_patterns([words]))
        case Near(words=words, distance=distance):
            return _Needle(
                patterns=_patterns([order for pair in pairwise(words) for order in (pair, pair[::-1])], distance)
            )
        case Wildcard():
            return _Needle(patterns=_wildcard(term))
        case Reference(mentions=mentions):
            return _Needle(patterns=_patterns(mentions))
        case _:
            return _Needle()


def _opening(stem: str) -> str:
    """What every inflection of a stem begins with: all of it, but where Snowball rewrites its last two letters."""
    return stem[: max(2, len(stem) - 2)] if stem.endswith(_REWRITTEN) else stem


def _spellings(folded: bytes) -> list[bytes]:
    """With and without the ligatures, which are one code point in a text."""
    joined = folded.replace(b"oe", b"\x02").replace(b"ae", b"\x03")
    return [folded] if joined == folded else [folded, joined]


def _wildcard(term: Wildcard) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    if not term.pattern.isascii():
        return ()
    heads = _spellings(term.head.encode())
    letters = b"[^ ]"
    pattern = b"".join({b"*": letters + b"*", b"?": letters}.get(sign, sign) for sign in _each(term.pattern.encode()))
    plain = heads[0] if len(heads) == 1 else b""
    return ((plain, re.compile(b" (" + pattern + b")(?= )")),)


def _each(pattern: bytes) -> list[bytes]:
    return [pattern[at : at + 1] for at in range(len(pattern))]


def _patterns(phrases: Iterable[tuple[str, ...]], between: int = 0) -> tuple[tuple[bytes, re.Pattern[bytes]], ...]:
    """Words side by side, or with at most so many others between them."""
    gap = b" +(?:[^ ]+ +){0,%d}?" % between if between else b" +"
    found = []
    for phrase in phrases:
        if not phrase or not all(word.isascii() for word in phrase):
            continue
        spelled = [b"(?:" + b"|".join(map(re.escape, _spellings(word.encode()))) + b")" for word in phrase]
        plain = [word.encode() for word in phrase if len(_spellings(word.encode())) == 1]
        probe = max(plain, key=len, default=b"")
        found.append((probe, re.compile(b" (" + gap.join(spelled) + b")(?= )")))
    return tuple(found)


def _is_inflection(word: bytes, stem: str) -> bool:
    if b"\x02" in word or b"\x03" in word:
        word = word.replace(b"\x02", b"oe").replace(b"\x03", b"ae")
    return STEMS[word.decode("ascii")] == stem


def _lead(zones: Sequence[tuple[str, Read]]) -> Extract | None:
    """The opening of the zone that says most; None without a text."""
    rank = {name: place for place, name in enumerate(_LEAD)}
    for name, read in sorted(zones, key=lambda zone: rank.get(zone[0], len(rank))):
        text = read()
        if text and not text.isspace():
            return _extract(name, text, *_bounds(text, 0, 0), [])
    return None


def _extract(zone: str, text: str, left: int, right: int, marks: list[tuple[int, int]]) -> Extract:
    opens = left == 0 or _opens_sentence(text, left)
    closes = right == len(text) or text[right - 1] in ".!?…;" or text[right] == "\n"
    before, after = ("" if opens else "… "), ("" if closes else " …")
    shift = len(before)
    shown = text[left:right].replace("\n", " ").replace("\r", " ").replace("\t", " ")
    return Extract(zone=zone, text=f"{before}{shown}{after}", marks=tuple((a + shift, b + shift) for a, b in marks))


def _bounds(text: str, start: int, end: int) -> tuple[int, int]:
    """Where to cut around a place: at the sentence's start where it is near, else between two words."""
    spare = max(0, LENGTH - (end - start))
    reach = max(0, start - spare * 2 // 3)
    left = _sentence_before(text, reach, start)
    if left is None:
        near = _CUT.search(text, max(reach, start - spare // 3), start) if reach else None
        left = near.end() if near else 0 if reach == 0 else start
    limit = max(left + LENGTH, end)
    if limit >= len(text):
        return _trim(text, left, len(text))
    stop = _sentence_before(text, max(end, left + LENGTH // 2), limit)
    if stop is None:
        *_, stop = (limit, *(cut.start() for cut in _CUT.finditer(text, max(end, limit - 40), limit)))
    return _trim(text, left, stop)


def _sentence_before(text: str, lower: int, upper: int) -> int | None:
    """The last place between the two bounds at which a sentence or a line opens."""
    while upper > lower:
        ending = max([text.rfind(mark, lower, upper) for mark in _ENDINGS])
        if ending < 0:
            return None
        if text[ending] == "\n":
            return ending + 1
        if _opens_sentence(text, ending + 2):
            return ending + 2
        upper = ending
    return None


def _opens_sentence(text: str, place: int) -> bool:
    before = text[max(0, place - 8) : place].rstrip()
    if not before or text[place - 1] == "\n":
        return True
    return before[-1] in "?!;…" or (before[-1] == "." and not _ABBREVIATION.search(before[:-1]))


def _trim(text: str, left: int, right: int) -> tuple[int, int]:
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    return left, right
