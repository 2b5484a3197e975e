"""A query's terms, filters and clearance as tantivy queries. No text is ever given to tantivy's parser."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import tantivy

from indexer.analysis import STOP_WORDS, stem
from indexer.query import Query
from indexer.scoring import (
    BASE_POINTS,
    LEVEL_POINTS,
    MENTION_POINTS,
    PHRASE_POINTS,
    REFERENCE_POINTS,
    day_number,
    term_weight,
)
from indexer.tantivy.schema import LEVEL_FIELDS, zone_field
from indexer.tantivy.shard import MUST, MUST_NOT, SHOULD, Snapshot
from indexer.terms import RELAXED_SHARE, Phrase, Reference, Term, Word, is_literal

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
            found.append((MUST, const(self._dates(query), 0.0)))
        if query.denied:
            found.append((MUST_NOT, self.shard.any_of("document", sorted(query.denied))))
        return found

    def _dates(self, query: Query) -> tantivy.Query:
        lower = day_number(query.date_from) if query.date_from else 1
        upper = day_number(query.date_to) if query.date_to else None
        return tantivy.Query.range_query(self.shard.schema, "day", tantivy.FieldType.Unsigned, lower, upper)

    def words(self, terms: tuple[Term, ...], *, relaxed: bool, scored: bool) -> list[Clause]:
        """Every term wanted; a quarter of the words, but every phrase and reference, when `relaxed`."""
        if not terms:
            return [(MUST, const(tantivy.Query.all_query(), 0.0))]
        if relaxed:
            wanted = [(SHOULD, boolean(self._term(term, scored=scored))) for term in terms if not is_literal(term)]
            asked = [
                clause for term in terms if not isinstance(term, Word) for clause in self._term(term, scored=scored)
            ]
            if wanted:
                least = ceil(len(wanted) / RELAXED_SHARE)
                asked.append((MUST, boolean(wanted, minimum_number_should_match=least)))
            return asked
        return [clause for term in terms for clause in self._term(term, scored=scored)]

    def _term(self, term: Term, *, scored: bool) -> list[Clause]:
        match term:
            case Word():
                return self._word(term, scored=scored)
            case Phrase():
                weight = sum(self.statistics.weight("exact", word) for word in term.words) if scored else 0
                phrase = (MUST, const(self._phrase(term.words), float(weight * PHRASE_POINTS)))
                wanted = [stem(word) for word in term.words if word not in STOP_WORDS]
                return [phrase, *(clause for found in wanted for clause in self._placed(found))]
            case Reference():
                return [(MUST, self._reference(term))]

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

    def _reference(self, term: Reference) -> tantivy.Query:
        borne: list[Clause] = [
            (SHOULD, const(self.shard.term("number", key), float(REFERENCE_POINTS))) for key in term.keys
        ]
        mentioned = boolean([(SHOULD, self._phrase(words)) for words in term.mentions])
        return boolean([*borne, (SHOULD, const(mentioned, float(MENTION_POINTS)))])
