"""One search over the two shards of a generation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any, Final

import tantivy

from indexer.extracts import Highlighter
from indexer.page import Extract, Hit, Page
from indexer.paging import (
    Position,
    admitted,
    check,
    effective_sort,
    read_cursor,
    terms_of,
    uncounted,
    write_cursor,
)
from indexer.query import Query, Sort
from indexer.stretch import Stretch
from indexer.tantivy.clauses import Clauses, Statistics, boolean, const
from indexer.tantivy.schema import Zones, read_hit
from indexer.tantivy.shard import MUST, SHOULD, Snapshot
from indexer.terms import Term, Word, enough, sought

NO_STRETCHES: Final[Mapping[str, Stretch]] = {}
_counting: Final = ThreadPoolExecutor(4, thread_name_prefix="facets")
"""Facets are counted while hits are ranked and drawn: tantivy releases the interpreter's lock."""
_MOST_VALUES: Final = 1000
"""Values counted of one facet."""


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the ranking: sorts by score, then by `key`, which no two documents share."""

    score: float
    key: int
    shard: Snapshot
    address: tantivy.DocAddress


def search(shards: tuple[Snapshot, Snapshot], query: Query) -> Page:
    """Published and restricted hits as one list. Raises InvalidQuery."""
    check(query)
    query = admitted(query)
    position = read_cursor(query)
    terms = terms_of(query)
    if not terms and query.text.strip():
        return Page(total=0, hits=(), facets={name: {} for name in query.facets})
    one = Search(shards, query, terms, position)
    page = one.page()
    wanted = enough(terms)
    if page.total < wanted and query.cursor is None and one.holding() < wanted:
        page = Search(shards, query, terms, Position(relaxed=True)).page()
        page = replace(page, relaxed=page.total > 0)
    return uncounted(page, query)


def fetch(
    shards: tuple[Snapshot, Snapshot],
    documents: Sequence[str],
    query: Query,
    stretches: Mapping[str, Stretch],
    *,
    relaxed: bool,
) -> list[Hit]:
    """As `SearchIndex.fetch`."""
    return Search(shards, query, terms_of(query), Position(relaxed=relaxed)).named(documents, stretches)


class Search:
    """A query on its way through both shards."""

    def __init__(
        self, shards: tuple[Snapshot, Snapshot], query: Query, terms: tuple[Term, ...], position: Position
    ) -> None:
        self._query = query
        self._terms = terms
        self._position = position
        self._sort = effective_sort(query)
        self._statistics = Statistics(shards[0])
        self._clauses = [Clauses(shard, self._statistics, query.zones) for shard in shards if shard.searcher.num_docs]

    def page(self) -> Page:
        query, position = self._query, self._position
        counting = _counting.submit(self._facets) if query.facets else None
        ranked, total = self._rank(position.offset + query.size + 1 if self._by_score else query.size + 1)
        start = position.offset if self._by_score else 0
        drawn = ranked[start : start + query.size]
        cursor = None
        if drawn and len(ranked) > start + query.size:
            cursor = write_cursor(query, replace(position, offset=position.offset + len(drawn), key=self._key(drawn)))
        hits = self._draw(drawn)
        return Page(
            total=total,
            hits=hits,
            facets=counting.result() if counting else {},
            cursor=cursor,
            relaxed=position.relaxed,
        )

    def named(self, documents: Sequence[str], stretches: Mapping[str, Stretch]) -> list[Hit]:
        """Documents by name, drawn; scored where the words match."""
        drawn = []
        for clauses in self._clauses:
            conditions = clauses.conditions(self._query)
            if conditions is None or not documents:
                continue
            named = const(clauses.shard.any_of("document", sorted(set(documents))), 0.0)
            asked = [(MUST, named), *conditions]
            if self._terms:
                words = clauses.words(self._terms, relaxed=self._position.relaxed, scored=True)
                asked.append((SHOULD, boolean(words)))
            result = clauses.shard.searcher.search(
                boolean(asked), 2 * len(documents), weight_by_field="weight", count=False
            )
            drawn += [Found(score, 0, clauses.shard, address) for score, address in result.hits]
        order = {document: place for place, document in enumerate(documents)}
        return sorted(self._draw(drawn, stretches), key=lambda hit: order[hit.document])

    def holding(self) -> int:
        """How many documents hold all the words, filters and dates aside."""
        bare = replace(self._query, filters={}, date_from=None, date_to=None, case_file=None)
        total = 0
        for clauses in self._clauses:
            conditions = clauses.conditions(bare)
            if conditions is not None:
                words = clauses.words(self._terms, relaxed=False, scored=False)
                total += _count(clauses.shard.searcher.search(boolean([*words, *conditions]), 1))
        return total

    @property
    def _by_score(self) -> bool:
        return self._sort is Sort.RELEVANCE

    def _key(self, drawn: list[Found]) -> int | None:
        return None if self._by_score else drawn[-1].key

    def _rank(self, wanted: int) -> tuple[list[Found], int]:
        """The first `wanted` of both shards, and how many documents match."""
        ranked: list[Found] = []
        total = 0
        for clauses in self._clauses:
            conditions = clauses.conditions(self._query)
            if conditions is None:
                continue
            words = clauses.words(self._terms, relaxed=self._position.relaxed, scored=self._by_score)
            whole = boolean([*words, *conditions])
            found, count = (
                self._by_relevance(clauses.shard, whole, wanted)
                if self._by_score
                else self._by_date(clauses.shard, whole, wanted)
            )
            ranked += found
            total += count
        ranked.sort(key=lambda found: (-found.score, -found.key))
        return ranked[:wanted], total

    def _by_relevance(self, shard: Snapshot, whole: tantivy.Query, wanted: int) -> tuple[list[Found], int]:
        """All ties at the edge are looked at, so that the order never depends on where records lie on disk."""
        limit = wanted + 16
        while True:
            result = shard.searcher.search(whole, limit, weight_by_field="weight")
            hits = result.hits
            if len(hits) < limit or hits[-1][0] < hits[wanted - 1][0]:
                break
            limit *= 4
        keys = shard.searcher.fast_field_values("newest", [address for _, address in hits])
        found = [Found(score, int(key or 0), shard, at) for (score, at), key in zip(hits, keys, strict=True)]
        return found, _count(result)

    def _by_date(self, shard: Snapshot, whole: tantivy.Query, wanted: int) -> tuple[list[Found], int]:
        name = "newest" if self._sort is Sort.NEWEST else "oldest"
        below = self._position.key
        asked = whole
        if below is not None:
            rest = tantivy.Query.range_query(
                shard.schema, name, tantivy.FieldType.Unsigned, None, below, include_upper=False
            )
            asked = boolean([(MUST, whole), (MUST, rest)])
        result = shard.searcher.search(asked, wanted, order_by_field=name)
        total = _count(result if below is None else shard.searcher.search(whole, 1))
        return [Found(0.0, int(key), shard, address) for key, address in result.hits], total

    def _facets(self) -> dict[str, dict[str, int]]:
        """Counts by value, most frequent first; a facet's own filter does not narrow its counts."""
        names = self._query.facets
        counts: dict[str, Counter[str]] = {name: Counter() for name in names}
        filtered = [name for name in names if self._query.filters.get(name)]
        groups = [("", [name for name in names if name not in filtered]), *((name, [name]) for name in filtered)]
        for clauses in self._clauses:
            words = clauses.words(self._terms, relaxed=self._position.relaxed, scored=False)
            for but, group in groups:
                conditions = clauses.conditions(self._query, but=but) if group else None
                if conditions is None:
                    continue
                asked = {name: {"terms": {"field": name, "size": _MOST_VALUES}} for name in group}
                answer: Mapping[str, Any] = clauses.shard.searcher.aggregate(boolean([*words, *conditions]), asked)
                for name in group:
                    for bucket in answer[name]["buckets"]:
                        counts[name][bucket["key"]] += bucket["doc_count"]
        return {name: dict(sorted(c.items(), key=lambda item: (-item[1], item[0]))) for name, c in counts.items()}

    def _draw(self, drawn: list[Found], stretches: Mapping[str, Stretch] = NO_STRETCHES) -> tuple[Hit, ...]:
        if not drawn:
            return ()
        highlighter = Highlighter(sought(self._terms), self._weights())

        def lit(document: str, score: float, body: Zones) -> tuple[Extract, ...]:
            stretch = None if score else stretches.get(document)
            if stretch is None:
                return highlighter.extracts_of(body, self._query.extracts)
            cited = [(zone, read()) for zone, read in body if zone == stretch.zone]
            return highlighter.extracts(stretch.of(cited), self._query.extracts)

        shown = lit if self._query.extracts > 0 else None
        return tuple(read_hit(found.shard.searcher.doc(found.address), found.score, shown) for found in drawn)

    def _weights(self) -> dict[Term, float]:
        return {
            term: float(self._statistics.weight("stem", term.stem)) if isinstance(term, Word) else 300.0
            for term in sought(self._terms)
        }


def _count(result: tantivy.SearchResult) -> int:
    count: int = result.count  # type: ignore[attr-defined]  # the stub leaves it out
    return count
