"""A query's terms, filters and clearance as tantivy queries. No text is ever given to tantivy's parser."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise
from math import ceil

import tantivy

from indexer.analysis import STOP_WORDS, stem
from indexer.query import Query
from indexer.scoring import (
    BASE_POINTS,
    CITING_POINTS,
    LEVEL_POINTS,
    MENTION_POINTS,
    NEAR_POINTS,
    PHRASE_POINTS,
    REFERENCE_POINTS,
    REPORTER_POINTS,
    WILDCARD_POINTS,
    day_number,
    term_weight,
)
from indexer.tantivy.schema import LEVEL_FIELDS, zone_field
from indexer.tantivy.shard import MUST, MUST_NOT, SHOULD, Snapshot
from indexer.terms import (
    RELAXED_SHARE,
    Citing,
    Days,
    Either,
    Every,
    Near,
    Phrase,
    Reference,
    Reporter,
    Term,
    Value,
    Wildcard,
    Within,
    Without,
    Word,
    is_literal,
)
from indexer.wildcards import beginnings, expression

Clause = tuple[tantivy.Occur, tantivy.Query]
const = tantivy.Query.const_score_query
boolean = tantivy.Query.boolean_query


@dataclass(frozen=True, slots=True)
class Statistics:
    """Rarity of terms in the published corpus, the only one that may weigh on a score."""

    published: Snapshot

    def weight(self, name: str, word: str) -> int:
        searcher = self.published.searcher
        return term_weight(searcher.num_docs, searcher.doc_freq(name, word))


@dataclass(frozen=True, slots=True)
class Clauses:
    """Builds for one shard."""

    shard: Snapshot
    statistics: Statistics
    zones: frozenset[str]
    """Where words must stand; anywhere when empty."""

    def conditions(self, query: Query, *, but: str = "") -> list[Clause] | None:
        """All that is asked beside words, without the filter on facet `but`; None when nothing can match."""
        cleared = self.shard.cleared(query.labels)
        if cleared is None:
            return None
        found: list[Clause] = [(MUST, cleared)]
        for name, values in query.filters.items():
            if values and name != but:
                found.append((MUST, const(self.shard.any_of(name, sorted(values)), 0.0)))
        if query.case_file is not None:
            found.append((MUST, const(self.shard.term("case_file", query.case_file), 0.0)))
        if query.date_from or query.date_to:
            found.append((MUST, const(self._between("day", query.date_from, query.date_to), 0.0)))
        if query.denied:
            found.append((MUST_NOT, self.shard.any_of("document", sorted(query.denied))))
        return found

    def _between(self, name: str, first: date | None, last: date | None) -> tantivy.Query:
        lower = day_number(first) if first else 1
        upper = day_number(last) if last else None
        return tantivy.Query.range_query(self.shard.schema, name, tantivy.FieldType.Unsigned, lower, upper)

    def words(self, terms: tuple[Term, ...], *, relaxed: bool, scored: bool) -> list[Clause]:
        """Every term wanted; a quarter of the words, but every phrase and reference, when `relaxed`."""
        if not terms:
            return [(MUST, const(tantivy.Query.all_query(), 0.0))]
        if relaxed:
            wanted = [(SHOULD, boolean(self.of(term, scored=scored))) for term in terms if not is_literal(term)]
            asked = [clause for term in terms if is_literal(term) for clause in self.of(term, scored=scored)]
            if wanted:
                least = ceil(len(wanted) / RELAXED_SHARE)
                asked.append((MUST, boolean(wanted, minimum_number_should_match=least)))
            return asked
        return [clause for term in terms for clause in self.of(term, scored=scored)]

    def of(self, term: Term, *, scored: bool) -> list[Clause]:
        """What must hold for a term; a list, so that the terms of a query stand in one flat clause."""
        match term:
            case Every(parts=parts):
                return [clause for part in parts for clause in self.of(part, scored=scored)]
            case Either(parts=parts):
                return [(MUST, boolean([(SHOULD, self._whole(part, scored=scored)) for part in parts]))]
            case Without(part=part):
                return [(MUST_NOT, self._whole(part, scored=False))]
            case Within(zones=zones, part=part):
                return replace(self, zones=zones).of(part, scored=scored)
            case Value(name=name, values=values):
                return [(MUST, const(self.shard.any_of(name, sorted(values)), 0.0))]
            case Days(name=name, first=first, last=last):
                return [(MUST, const(self._between(name, first, last), 0.0))]
            case _:
                return self._leaf(term, scored=scored)

    def _whole(self, term: Term, *, scored: bool) -> tantivy.Query:
        """A term as one query; what is only not wanted is read as all the rest."""
        clauses = self.of(term, scored=scored)
        if all(occurs == MUST_NOT for occurs, _ in clauses):
            clauses.append((MUST, const(tantivy.Query.all_query(), 0.0)))
        return boolean(clauses)

    def _leaf(self, term: Term, *, scored: bool) -> list[Clause]:
        match term:
            case Word():
                return self._word(term, scored=scored)
            case Phrase(words=words):
                weight = self._rarity(words) * PHRASE_POINTS if scored else 0
                return [(MUST, const(self._phrase(words), float(weight))), *self._all_placed(words)]
            case Near(words=words, distance=distance):
                near = boolean([(MUST, self._near(one, other, distance)) for one, other in pairwise(words)])
                weight = self._rarity(words) * NEAR_POINTS if scored else 0
                return [(MUST, const(near, float(weight))), *self._all_placed(words)]
            case Wildcard():
                return self._wildcard(term)
            case Citing(keys=keys, words=told):
                if self.zones and told:
                    return [(MUST, self._whole(told, scored=scored))]
                cited = const(self.shard.any_of("cites", sorted(keys)), float(CITING_POINTS))
                said = [(SHOULD, self._whole(told, scored=scored))] if told else []
                return [(MUST, boolean([(SHOULD, cited), *said]))]
            case Reporter(words=words):
                named = boolean([(MUST, self.shard.term("rapporteur", word)) for word in words])
                return [(MUST, const(named, float(REPORTER_POINTS)))]
            case Reference():
                return [(MUST, self._reference(term))]
            case _:
                raise AssertionError(term)

    def _rarity(self, words: Iterable[str]) -> int:
        return sum(self.statistics.weight("exact", word) for word in words)

    def _word(self, term: Word, *, scored: bool) -> list[Clause]:
        if not scored:
            return [(MUST, self.shard.term("stem", term.stem)), *self._placed(term.stem)]
        weight = self.statistics.weight("stem", term.stem)
        found = [(MUST, const(self.shard.term("stem", term.stem), float(weight * BASE_POINTS)))]
        found += self._placed(term.stem)
        for bit, name in enumerate(LEVEL_FIELDS):
            points = float(weight * LEVEL_POINTS << bit)
            found.append((SHOULD, const(self.shard.term(name, term.stem), points)))
        return found

    def _wildcard(self, term: Wildcard) -> list[Clause]:
        pattern = expression(term)
        found = [(MUST, const(self._matching("exact", pattern), float(WILDCARD_POINTS)))]
        if self.zones:
            begun = beginnings(term)
            places = [(SHOULD, self._matching(zone_field(zone), pattern)) for zone in sorted(self.zones)]
            if begun:
                places += [(SHOULD, self.shard.any_of(zone_field(zone), begun)) for zone in sorted(self.zones)]
            found.append((MUST, const(boolean(places), 0.0)))
        return found

    def _matching(self, name: str, pattern: str) -> tantivy.Query:
        return tantivy.Query.regex_query(self.shard.schema, name, pattern)

    def _all_placed(self, words: Iterable[str]) -> list[Clause]:
        wanted = [stem(word) for word in words if word not in STOP_WORDS]
        return [clause for found in wanted for clause in self._placed(found)]

    def _placed(self, wanted: str) -> list[Clause]:
        """The stem stands in one of the zones wanted; no zone's field holds grammatical words."""
        if not self.zones:
            return []
        places = [(SHOULD, self.shard.term(zone_field(zone), wanted)) for zone in sorted(self.zones)]
        return [(MUST, const(boolean(places), 0.0))]

    def _phrase(self, words: tuple[str, ...]) -> tantivy.Query:
        if len(words) == 1:
            return self.shard.term("exact", words[0])
        return tantivy.Query.phrase_query(self.shard.schema, "exact", list(words))

    def _near(self, one: str, other: str, distance: int) -> tantivy.Query:
        orders: list[list[str | tuple[int, str]]] = [[one, other], [other, one]]
        phrases = [tantivy.Query.phrase_query(self.shard.schema, "exact", order, distance) for order in orders]
        return boolean([(SHOULD, phrase) for phrase in phrases])

    def _reference(self, term: Reference) -> tantivy.Query:
        borne: list[Clause] = [
            (SHOULD, const(self.shard.term("number", key), float(REFERENCE_POINTS))) for key in term.keys
        ]
        if not term.mentions:
            return boolean(borne)
        mentioned = boolean([(SHOULD, self._phrase(words)) for words in term.mentions])
        return boolean([*borne, (SHOULD, const(mentioned, float(MENTION_POINTS)))])
