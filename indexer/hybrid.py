"""Words and meaning together (*recherche hybride*): one page from a full-text index and a vector index.

What words find and what meaning finds are fused by their scores. `total` and the facets count every document
that the words match, and the hits by meaning alone that are listed. Lists by date, and queries that ask
for a number or a phrase in quotation marks, are the full text's alone: meaning has no part in them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from indexer.embedder import Embedder
from indexer.fusion import fuse
from indexer.index import SearchIndex
from indexer.likeness import Likeness, Resemblance, Similar
from indexer.meaning import CASE_FILE
from indexer.page import Hit, Page
from indexer.paging import Position, check, read_cursor, reading_of, write_cursor
from indexer.query import Mode, Query, Sort
from indexer.record import FACETS
from indexer.stretch import Stretch
from indexer.terms import Days, Term, Value, names_reporter
from indexer.vectors import Narrowing, Neighbour, VectorIndex

MEANING: Final = "sens"
"""`Hit.reason` of a hit that meaning alone found."""


@dataclass(frozen=True, slots=True)
class Tuning:
    """Measured on development queries by tests/bench/bench_meaning.py."""

    share: float = 0.5
    """What words count of a fused score; meaning counts the rest."""
    window: int = 100
    """Lexical hits that are fused; those after them follow in their own order."""
    neighbours: int = 100
    """Hits by meaning, at most."""


class HybridSearch:
    """Searches in every mode. Safe to share between threads, as its parts are."""

    def __init__(
        self, index: SearchIndex, vectors: VectorIndex, embedder: Embedder, tuning: Tuning | None = None
    ) -> None:
        self._index = index
        self._vectors = vectors
        self._embedder = embedder
        self._tuning = tuning or Tuning()
        self._resemblance = Resemblance(index, vectors, embedder)

    def search(self, query: Query) -> Page:
        """Raises InvalidQuery. Pages by cursor are stable while the indexes are."""
        check(query)
        query = lifted(query)
        if query.mode is Mode.LEXICAL or not query.text.strip():
            return self._index.search(query)
        reading = reading_of(query)
        if query.mode is Mode.SEMANTIC and not names_reporter(reading.terms):
            return self._by_meaning(query)
        if not reading.spoken or query.sort is not Sort.RELEVANCE:
            return self._index.search(query)
        return self._fused(query)

    def similar(self, likeness: Likeness) -> list[Similar]:
        """Documents like the one given, the most alike first."""
        return self._resemblance.find(likeness)

    def close(self) -> None:
        self._index.close()
        self._vectors.close()

    def _near(self, query: Query) -> dict[str, Neighbour]:
        if self._vectors.model != self._embedder.name:
            return {}
        found = self._vectors.search(
            self._embedder.queries([reading_of(query).said or query.text])[0],
            labels=query.labels,
            denied=query.denied,
            k=self._tuning.neighbours,
            narrowing=narrowing(query),
        )
        return {near.document: near for near in found if near.score > self._embedder.floor}

    def _by_meaning(self, query: Query) -> Page:
        """The documents above the floor, `Tuning.neighbours` at most: `total` and the facets count these."""
        asked = replace(query, sort=Sort.RELEVANCE)
        offset = read_cursor(asked).offset
        near = self._near(query)
        listed = self._fetch(list(near), replace(query, extracts=0), near, relaxed=True)
        if query.sort is not Sort.RELEVANCE:
            listed = _by_date(listed, query.sort)
        order = [hit.document for hit in listed]
        after = offset + query.size
        scores = {document: found.score for document, found in near.items()}
        return Page(
            total=len(listed),
            hits=self._draw(order[offset:after], query, near, scores, relaxed=True),
            facets=_facets(query.facets, {}, listed),
            cursor=write_cursor(asked, Position(offset=after)) if after < len(listed) else None,
        )

    def _fused(self, query: Query) -> Page:
        """The first `Tuning.window` lexical hits fused with the nearest; then the other lexical hits in their order."""
        offset = read_cursor(query).offset
        words = self._index.search(replace(query, size=self._tuning.window, cursor=None, extracts=0))
        by_words = {hit.document: hit.score for hit in words.hits}
        near = self._near(query)
        beyond = [document for document in near if document not in by_words]
        others = self._fetch(beyond, replace(query, extracts=0), near, relaxed=words.relaxed)
        alone = [hit for hit in others if not hit.score]
        scores = self._scores(by_words, others, near)
        order = list(scores)[offset : offset + query.size]
        after, rest = offset + query.size, words.total - len(by_words)
        past = max(0, offset - len(scores))
        if past < rest and len(order) < query.size:
            first = len(by_words) + past
            for hit in self._further(query, words, first, query.size - len(order)):
                if hit.document not in scores:
                    scores[hit.document] = self._tuning.share * hit.score / words.hits[0].score
                    order.append(hit.document)
        return Page(
            total=words.total + len(alone),
            hits=self._draw(order, query, near, scores, relaxed=words.relaxed),
            facets=_facets(query.facets, words.facets, alone),
            cursor=write_cursor(query, Position(offset=after)) if after < len(scores) + rest else None,
            relaxed=words.relaxed,
        )

    def _scores(
        self, by_words: Mapping[str, float], others: Sequence[Hit], near: Mapping[str, Neighbour]
    ) -> dict[str, float]:
        """Fused scores of all that may be listed, best first."""
        words = dict(by_words) | {hit.document: hit.score for hit in others if hit.score}
        listed = words.keys() | {hit.document for hit in others}
        meaning = {document: found.score for document, found in near.items() if document in listed}
        unread = self._vectors.lacking(words.keys() - meaning.keys())
        return dict(fuse(words, meaning, share=self._tuning.share, floor=self._embedder.floor, unread=unread))

    def _further(self, query: Query, words: Page, first: int, size: int) -> tuple[Hit, ...]:
        """Lexical hits from rank `first`, counted from 0."""
        cursor = write_cursor(query, Position(offset=first, relaxed=words.relaxed))
        return self._index.search(replace(query, size=size, cursor=cursor, facets=(), extracts=0)).hits

    def _fetch(
        self, documents: Sequence[str], query: Query, near: Mapping[str, Neighbour], *, relaxed: bool
    ) -> list[Hit]:
        if not documents:
            return []
        places = {document: near[document].place for document in documents if document in near}
        stretches = {document: Stretch(place.zone, place.start, place.end) for document, place in places.items()}
        return self._index.fetch(documents, query, stretches, relaxed=relaxed)

    def _draw(
        self,
        documents: Sequence[str],
        query: Query,
        near: Mapping[str, Neighbour],
        scores: Mapping[str, float],
        *,
        relaxed: bool,
    ) -> tuple[Hit, ...]:
        return tuple(
            replace(hit, score=scores[hit.document], reason="" if hit.score else MEANING)
            for hit in self._fetch(documents, query, near, relaxed=relaxed)
        )


def lifted(query: Query) -> Query:
    """The same query with the facets and days that its words name as filters, which bind meaning too."""
    reading = reading_of(query)
    filters = dict(query.filters)
    first, last = query.date_from, query.date_to
    kept: list[Term] = []
    for term in reading.terms:
        match term:
            case Value(name=name, values=values) if name in FACETS and name not in filters:
                filters[name] = frozenset(values)
            case Days(name="day", first=after, last=before):
                first = max(filter(None, (first, after)), default=None)
                last = min(filter(None, (last, before)), default=None)
            case _:
                kept.append(term)
    if not kept or len(kept) == len(reading.terms):
        return query
    asked = replace(reading, terms=tuple(kept))
    return replace(query, reading=asked, filters=filters, date_from=first, date_to=last)


def narrowing(query: Query) -> Narrowing:
    """A query's filters as the vector index takes them."""
    facets = {name: values for name, values in query.filters.items() if values}
    if query.case_file is not None:
        facets[CASE_FILE] = frozenset({query.case_file})
    return Narrowing(facets=facets, date_from=query.date_from, date_to=query.date_to)


def _by_date(hits: Sequence[Hit], sort: Sort) -> list[Hit]:
    """Undated ones last, whichever way."""
    dated = sorted((hit for hit in hits if hit.date), key=lambda hit: (hit.date, hit.document))
    if sort is Sort.NEWEST:
        dated.reverse()
    return [*dated, *(hit for hit in hits if not hit.date)]


def _facets(
    names: Sequence[str], counted: Mapping[str, Mapping[str, int]], hits: Sequence[Hit]
) -> dict[str, dict[str, int]]:
    """Counts by value, most frequent first: those given, and the hits beside them."""
    facets = {}
    for name in names:
        counts = Counter(counted.get(name, {}))
        counts.update(value for hit in hits for value in _values(hit, name))
        facets[name] = dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))
    return facets


def _values(hit: Hit, facet: str) -> tuple[str, ...]:
    if facet == "publication":
        return tuple(dict.fromkeys(hit.publication))
    if facet == "year":
        return (str(hit.date.year),) if hit.date else ()
    value = getattr(hit, facet)
    return (value,) if value else ()
