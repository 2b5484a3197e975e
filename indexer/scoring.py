"""How much a record answers a term, from the record alone and the published corpus alone.

The formula is BM25F (Robertson, Zaragoza and Taylor 2004): frequencies are weighted by zone, then
saturated and set against the record's length. Its frequency part depends on nothing but the record, so
it is worked out when a record is written and kept as a level from 0 to 7. Its rarity part comes
from the published corpus at search time. Nothing hidden can move a score, and published and restricted
records share one scale.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import clean, lexicon, words
from indexer.record import ZONES, Record

HEADS: Final = ("title", "visa", "summary", "themes", "parties")
"""What stands beside the zones of the text. All but title and parties are shown as extracts too."""

WEIGHTS: Final[Mapping[str, float]] = {
    "title": 3.0,
    "visa": 3.0,
    "themes": 3.0,
    "summary": 2.0,
    "parties": 2.0,
    "motivations": 1.4,
    "dispositif": 1.4,
    "annexes": 0.7,
}
"""How much one occurrence counts, by zone; 1 elsewhere. Judilibre's order, flattened: steeper measured worse."""

SATURATION: Final = 1.2
LENGTH: Final = 0.6
TYPICAL_LENGTH: Final = 400.0
"""Words. A constant and not the corpus's average, which would speak of other documents."""

_LOWEST: Final = 0.45
_STEP: Final = 0.225
LEVEL_BITS: Final = 3
"""A level is kept as bits, each a field of its own: most stems have level 0, 1 or 2 and cost a bit or none."""
BASE_POINTS: Final = 5
LEVEL_POINTS: Final = 2
"""Points of level 0, and of each level above. Whole numbers: their sums are exact in any order of addition."""
PHRASE_POINTS: Final = 13
"""Points of each word of a phrase."""

PUBLICATION: Final[Mapping[str, float]] = {"b": 1.12, "r": 1.12, "l": 1.05, "c": 1.05}
"""Published in the Bulletin or the report (*publié au Bulletin, au Rapport*): leads among near equals."""

NEAR_POINTS: Final = 9
"""Points of each word of a proximity."""
WILDCARD_POINTS: Final = 600
"""Points of a word with signs, whose rarity is not known."""
CITING_POINTS: Final = 1_000
"""The citation is recognised in its text."""
REPORTER_POINTS: Final = 1_000
REFERENCE_POINTS: Final = 200_000
"""The record bears the number itself."""
MENTION_POINTS: Final = 4_000
"""Its text mentions the number."""

_DAYS: Final = 1 << 17
_FIRST_DAY: Final = 653_000
_HASH_BITS: Final = 40


@dataclass(frozen=True, slots=True)
class Analysis:
    """A record ready to index: its words in order by part, and the level of each stem."""

    parts: Mapping[str, str]
    """Cleaned text by zone and head, in reading order, empty ones left out."""
    words: Mapping[str, list[str]]
    levels: Mapping[str, int]
    stems: Mapping[str, list[str]]
    """Distinct stems by part, grammatical words left out, in no order."""


def analyse(record: Record) -> Analysis:
    """Read a record once, for every field of an index."""
    parts = {name: clean(text) for name, text in _parts(record) if text}
    tokens = {name: words(text) for name, text in parts.items()}
    numbers = lexicon()
    encoded = [numbers.encode(sequence) for sequence in tokens.values()]
    lengths = [len(sequence) for sequence in tokens.values()]
    if not sum(lengths):
        return Analysis(parts=parts, words=tokens, levels={}, stems={})
    weights = np.repeat([WEIGHTS.get(name, 1.0) for name in tokens], lengths)
    whole = np.concatenate(encoded)
    found = np.unique(whole)
    frequency = np.bincount(np.searchsorted(found, whole), weights).astype(np.float64)
    if found[0] == 0:
        found, frequency = found[1:], frequency[1:]
    names = numbers.names
    levels = dict(zip([names[number] for number in found.tolist()], _levels(frequency, sum(lengths)), strict=True))
    stems = {
        name: [names[number] for number in set(part.tolist()) if number]
        for name, part in zip(tokens, encoded, strict=True)
    }
    return Analysis(parts=parts, words=tokens, levels=levels, stems=stems)


def _parts(record: Record) -> list[tuple[str, str]]:
    heads = [("title", record.title), ("visa", record.visa), ("summary", record.summary), ("themes", record.themes)]
    known = [(zone, record.zones[zone]) for zone in ZONES if zone in record.zones]
    other = [(zone, text) for zone, text in record.zones.items() if zone not in ZONES]
    return [*heads, ("parties", " ; ".join(record.parties)), *known, *other]


def _levels(frequency: NDArray[np.float64], length: int) -> list[int]:
    norm = SATURATION * (1 - LENGTH + LENGTH * length / TYPICAL_LENGTH)
    impact = (SATURATION + 1) * frequency / (frequency + norm)
    steps = ((impact - _LOWEST) / _STEP).astype(np.int64)
    levels: list[int] = np.clip(steps, 0, (1 << LEVEL_BITS) - 1).tolist()
    return levels


def term_weight(published: int, containing: int) -> int:
    """Rarity of a term, in sixteenths: BM25's idf over the published corpus."""
    containing = min(containing, published)
    return max(1, round(16 * math.log(1 + (published - containing + 0.5) / (containing + 0.5))))


def level_points(level: int) -> int:
    """Points of a term at a level; multiplied by its weight they are its part of the score."""
    return BASE_POINTS + LEVEL_POINTS * level


def prior(record: Record) -> float:
    """What multiplies a record's points: its publication, then its date as a tie-break (3 % at most)."""
    base = max((PUBLICATION.get(letter.lower(), 1.0) for letter in record.publication), default=1.0)
    order = day(record) or _digest(record.document) & 0x3FFF
    return base * (1 + order / (1 << 22))  # above a float32's grain, so that ties at a page's edge stay few


def day(record: Record) -> int:
    """The date as a day number from 1; 0 without a date."""
    return day_number(record.date) if record.date else 0


def day_number(when: date) -> int:
    """1 to 131,071: from 1788, before the court's first sitting (1791), to 2146."""
    return max(1, min(when.toordinal() - _FIRST_DAY, _DAYS - 1))


def newest_key(record: Record) -> int:
    """Sorts by date, newest first when descending, and tells any two documents apart."""
    return (day(record) << _HASH_BITS) | _digest(record.document)


def oldest_key(record: Record) -> int:
    """Sorts oldest first when descending; a record without a date comes last."""
    known = day(record)
    return ((_DAYS - known if known else 0) << _HASH_BITS) | _digest(record.document)


def _digest(document: str) -> int:
    return int.from_bytes(hashlib.blake2b(document.encode(errors="replace"), digest_size=_HASH_BITS // 8).digest())
