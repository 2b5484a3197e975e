"""Cut a record into passages of about two hundred words, the grain at which meaning is compared.

A model's vector blurs what is longer, and reads 512 tokens at most. Cuts fall on paragraphs, else on
sentences, else between words; a passage repeats the end of the one before it, so that no sentence loses
its context to a cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from indexer.analysis import clean
from indexer.record import ZONES, Record

WORDS: Final = 200
OVERLAP: Final = 30
LEAST: Final = 40
"""Words. A shorter rest joins the passage before it."""

_WORD: Final = re.compile(r"\S+")
_SENTENCE_END: Final = re.compile(r"[.!?;:…](?:[»\"”)\]]|\s»)*$")
_ABBREVIATION: Final = re.compile(
    r"(?:^|\W)(?:art|al|Bull|civ|com|crim|soc|Cass|plén|n|p|s|cf|M|MM|Mme|Me|St|[A-Z]|[LRD]\*?)\.$"
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A stretch of a record (*passage*).

    `start` and `end` are code point offsets in the record's zone of that name, or in its `summary`, or in
    its `title` where it has no text, all as `analysis.clean` leaves them. `text` is what is embedded: that
    stretch, led by the title and the themes in the record's first passage.
    """

    zone: str
    start: int
    end: int
    text: str


def passages(record: Record) -> tuple[Passage, ...]:
    """The record's passages, its summary first, then its zones in reading order. None for an empty record."""
    return tuple(_passages(record))


def _passages(record: Record) -> Iterator[Passage]:
    head = "\n".join(part for part in (clean(record.title).strip(), clean(record.themes).strip()) if part)
    for zone, text in (("summary", clean(record.summary)), *_zones(record)):
        for start, end in spans(text):
            yield Passage(zone, start, end, f"{head}\n{text[start:end]}" if head else text[start:end])
            head = ""
    if head:
        yield Passage("title", 0, len(record.title), head)


def _zones(record: Record) -> Iterator[tuple[str, str]]:
    for zone in (*ZONES, *sorted(record.zones.keys() - set(ZONES))):
        if zone in record.zones:
            yield zone, clean(record.zones[zone])


def spans(text: str, words: int = WORDS, overlap: int = OVERLAP) -> Iterator[tuple[int, int]]:
    """Offsets of the passages of a text: every word stands in one at least, and none holds more than 1.2 × `words`."""
    found = [match.span() for match in _WORD.finditer(text)]
    strengths = _strengths(text, found)
    first = 0
    while first < len(found):
        last = _cut(strengths, first, words)
        yield found[first][0], found[last - 1][1]
        if last == len(found):
            return
        first = _resume(strengths, max(first + 1, last - overlap), last)


def _strengths(text: str, found: list[tuple[int, int]]) -> list[int]:
    """How good a cut after each word is: 2 ends a paragraph, 1 a sentence, 0 neither, -1 an abbreviation."""
    strengths = []
    for at, (start, end) in enumerate(found):
        following = found[at + 1][0] if at + 1 < len(found) else len(text)
        if "\n" in text[end:following]:
            strengths.append(2)
        else:
            word = text[start:end]
            strengths.append(-1 if _ABBREVIATION.search(word) else 1 if _SENTENCE_END.search(word) else 0)
    return strengths


def _cut(strengths: list[int], first: int, words: int) -> int:
    """The word before which the passage that begins at `first` ends."""
    if len(strengths) - first <= words + min(LEAST, words // 5):
        return len(strengths)
    earliest, latest = first + words * 6 // 10, first + words
    best = max(range(earliest, latest), key=lambda at: (strengths[at], at))
    return best + 1


def _resume(strengths: list[int], earliest: int, last: int) -> int:
    """Where the next passage begins: after a sentence's end within the overlap, else at the cut."""
    return next((at + 1 for at in range(earliest - 1, last - 1) if strengths[at] > 0), last)
