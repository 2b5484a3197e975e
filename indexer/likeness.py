"""Documents like another one (*affaires semblables*): by what they say, passage to passage, and by what they cite.

Nothing here knows a person: neither the rapporteur nor the parties have a part in it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import log
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.embedder import Embedder
from indexer.index import SearchIndex
from indexer.language import Reading
from indexer.meaning import place_of
from indexer.page import Hit
from indexer.passages import Passage, passages
from indexer.query import Mode, Query
from indexer.record import Record
from indexer.scoring import analyse
from indexer.stretch import Stretch
from indexer.terms import Citing, Either, Term, Word
from indexer.vectors import Narrowing, Neighbour, VectorIndex

_NEAREST: Final = 40
"""Documents looked at for each passage, and for each thing cited."""
_COMMON: Final = 400
"""Cited by more documents than this, an article says nothing of a case (the costs, the formation)."""
_MOST_CITED: Final = 40
_WORTH: Final[Mapping[str, float]] = {"summary": 1.5, "motivations": 1.25, "moyens": 1.0, "expose": 0.6, "texte": 1.0}
"""What a passage's likeness counts, by zone. The header, the operative part and annexes are alike everywhere."""


@dataclass(frozen=True, slots=True)
class Share:
    """Measured by tests/bench/bench_likeness.py."""

    words: float = 0.5
    meaning: float = 0.3
    citations: float = 0.2
    """What each counts of a score."""
    terms: int = 60
    """Words looked for, at most: those that the text says most."""
    passages: int = 12
    """Passages compared, at most: those of the most telling zones first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """What to look for: `record` is a document, a draft or a text pasted. `labels` and `denied` as in a `Query`."""

    record: Record
    labels: frozenset[str]
    denied: frozenset[str] = frozenset()
    filters: Mapping[str, frozenset[str]] = field(default_factory=dict)
    size: int = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """A document like the one given, and why. `hit.extracts` hold its passage that is nearest."""

    hit: Hit
    shared: tuple[str, ...]
    """What both cite, the rarest first, as `Record.cites`."""
    zone: str = ""
    passage: str = ""
    """The passage of the text given that the hit's own answers; empty where only what is cited is alike."""


@dataclass(frozen=True, slots=True)
class _Near:
    """The best pair of passages of one document: `ours` among the passages compared."""

    ours: int
    theirs: Neighbour
    gain: float


class Resemblance:
    """Finds them. Safe to share between threads, as its parts are."""

    def __init__(
        self, index: SearchIndex, vectors: VectorIndex, embedder: Embedder, share: Share | None = None
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._embedder = embedder
        self._share = share or Share()

    def find(self, likeness: Likeness) -> list[Similar]:
        """The most alike first; the document itself is never among them."""
        own = likeness.record.document
        told = _telling(likeness.record, self._share.passages)
        near, meaning = self._by_meaning(likeness, told)
        shared, cited = self._by_citation(likeness)
        best = max(meaning.values(), default=1.0) or 1.0
        said = self._by_words(likeness)
        loudest = max(said.values(), default=1.0)
        scores = {
            document: self._share.words * said.get(document, 0.0) / loudest
            + self._share.meaning * meaning.get(document, 0.0) / best
            + self._share.citations * cited.get(document, 0.0)
            for document in said.keys() | meaning.keys() | cited.keys()
            if document != own
        }
        order = sorted(scores, key=lambda document: (-scores[document], document))[: likeness.size]
        places = {document: near[document].theirs.place for document in order if document in near}
        stretches = {document: Stretch(place.zone, place.start, place.end) for document, place in places.items()}
        drawn = self._index.fetch(order, _query(likeness, (), extracts=1), stretches, relaxed=False)
        found = []
        for hit in drawn:
            pair = near.get(hit.document)
            ours = told[pair.ours] if pair else None
            found.append(
                Similar(
                    hit=replace(hit, score=scores[hit.document], extracts=hit.extracts if pair else ()),
                    shared=shared.get(hit.document, ()),
                    zone=ours.zone if ours else "",
                    passage=ours.text if ours else "",
                )
            )
        return found

    def _by_words(self, likeness: Likeness) -> dict[str, float]:
        """What documents that say the same words score."""
        levels = analyse(replace(likeness.record, parties=())).levels
        most = sorted(levels, key=lambda stem: (-levels[stem], stem))[: self._share.terms]
        if not most:
            return {}
        asked = Either(tuple(Word(stem, stem) for stem in most))
        page = self._index.search(_query(likeness, (asked,), extracts=0))
        return {hit.document: hit.score for hit in page.hits if hit.document != likeness.record.document}

    def _by_meaning(self, likeness: Likeness, told: Sequence[Passage]) -> tuple[dict[str, _Near], dict[str, float]]:
        """The best pair of each near document; and the sum of what its passages have in common with ours.

        A passage counts by how much nearer it is than the last of those found: what is like everything says nothing.
        """
        if self._vectors.model != self._embedder.name:
            return {}, {}
        best: dict[str, _Near] = {}
        sums: dict[str, float] = defaultdict(float)
        for number, vector in enumerate(self._vectors_of(likeness.record.document, told)):
            found = self._vectors.search(
                vector,
                labels=likeness.labels,
                denied=likeness.denied,
                k=_NEAREST + 1,
                narrowing=Narrowing(facets={name: values for name, values in likeness.filters.items() if values}),
            )
            found = [one for one in found if one.document != likeness.record.document]
            far = max(found[-1].score if len(found) >= _NEAREST else 0.0, self._embedder.floor)
            for one in found:
                gain = (one.score - far) * _WORTH.get(told[number].zone, 1.0)
                if gain <= 0:
                    continue
                sums[one.document] += gain
                if one.document not in best or gain > best[one.document].gain:
                    best[one.document] = _Near(number, one, gain)
        return best, dict(sums)

    def _vectors_of(self, document: str, told: Sequence[Passage]) -> list[NDArray[np.float32]]:
        """Those that the index holds already, by their text; the others are made."""
        held = {
            place.digest: vector
            for entry in self._vectors.entries(document)
            for place, vector in zip(entry.places, entry.vectors, strict=True)
        }
        digests = [place_of(passage).digest for passage in told]
        fresh = {digest: passage.text for digest, passage in zip(digests, told, strict=True) if digest not in held}
        held.update(zip(fresh, self._embedder.passages(list(fresh.values())), strict=True))
        return [held[digest] for digest in digests]

    def _by_citation(self, likeness: Likeness) -> tuple[dict[str, tuple[str, ...]], dict[str, float]]:
        """What each document cites in common, and what share of the rarity of all that is cited."""
        holders: dict[str, list[str]] = {}
        rarity: dict[str, float] = {}
        own = {*likeness.record.numbers, likeness.record.ecli}
        for key in [key for key in likeness.record.cites if key not in own and not key.startswith("?")][:_MOST_CITED]:
            page = self._index.search(_query(likeness, (Citing((key,)),), extracts=0))
            others = [hit.document for hit in page.hits if hit.document != likeness.record.document]
            if others and page.total <= _COMMON:
                holders[key] = others
                rarity[key] = 1 / log(2 + page.total)
        shared: dict[str, list[str]] = defaultdict(list)
        for key in sorted(holders, key=lambda key: (-rarity[key], key)):
            for document in holders[key]:
                shared[document].append(key)
        whole = sum(rarity.values()) or 1.0
        weights = {document: sum(rarity[key] for key in keys) / whole for document, keys in shared.items()}
        return {document: tuple(keys) for document, keys in shared.items()}, weights


def _telling(record: Record, most: int) -> list[Passage]:
    """The passages to compare: those of the zones that tell cases apart, in reading order within a zone."""
    found = passages(record)
    kept = [passage for passage in found if passage.zone in _WORTH] or list(found)
    return sorted(kept, key=lambda passage: -_WORTH.get(passage.zone, 1.0))[:most]


def _query(likeness: Likeness, terms: tuple[Term, ...], *, extracts: int) -> Query:
    return Query(
        text="semblables",
        reading=Reading("semblables", terms),
        labels=likeness.labels,
        denied=likeness.denied,
        filters=likeness.filters,
        mode=Mode.LEXICAL,
        size=_NEAREST + 1 if terms else likeness.size,
        facets=(),
        extracts=extracts,
    )
