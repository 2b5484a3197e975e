"""`MemoryIndex`: the plain reading of the contract, and the oracle of the other engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil

from indexer.analysis import STOP_WORDS, stem, words
from indexer.extracts import Highlighter
from indexer.fields import facet_values, raw_values, reference_keys, zone_of
from indexer.near import stand_near
from indexer.page import Hit, Page
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
from indexer.record import Record
from indexer.scoring import (
    CITING_POINTS,
    MENTION_POINTS,
    NEAR_POINTS,
    PHRASE_POINTS,
    REFERENCE_POINTS,
    REPORTER_POINTS,
    WILDCARD_POINTS,
    Analysis,
    analyse,
    level_points,
    newest_key,
    oldest_key,
    prior,
    term_weight,
)
from indexer.stretch import Stretch
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
    enough,
    is_literal,
    sought,
)
from indexer.wildcards import compiled, may_stem


@dataclass(frozen=True, slots=True)
class _Entry:
    record: Record
    analysis: Analysis
    words: frozenset[str]
    keys: frozenset[str]

    def has_phrase(self, phrase: tuple[str, ...]) -> bool:
        if not self.words.issuperset(phrase):
            return False
        size = len(phrase)
        return any(
            tuple(sequence[at : at + size]) == phrase
            for sequence in self.analysis.words.values()
            for at in range(len(sequence) - size + 1)
        )

    def whole(self) -> list[str]:
        """Every part's words in reading order, one empty place between two parts."""
        return [word for sequence in self.analysis.words.values() for word in (*sequence, "")]

    def stems_in(self, zones: frozenset[str]) -> frozenset[str]:
        """What stands in one of these zones, grammatical words aside."""
        return frozenset(
            stem for part, stems in self.analysis.stems.items() if zone_of(part) in zones for stem in stems
        )

    def has_in(self, zones: frozenset[str], words: Iterable[str]) -> bool:
        """Each word stands in one of the zones, grammatical ones aside; anywhere when none is named."""
        if not zones:
            return True
        held = self.stems_in(zones)
        return all(word in STOP_WORDS or stem(word) in held for word in words)

    def points(self, term: Term, weigh: _Rarity, zones: frozenset[str]) -> int | None:
        """The term's part of the score; None when the record does not answer it."""
        match term:
            case Every(parts=parts):
                every = [self.points(part, weigh, zones) for part in parts]
                return None if None in every else sum(filter(None, every))
            case Either(parts=parts):
                some = [found for part in parts if (found := self.points(part, weigh, zones)) is not None]
                return sum(some) if some else None
            case Without(part=part):
                return 0 if self.points(part, weigh, zones) is None else None
            case Within(zones=narrower, part=part):
                return self.points(part, weigh, narrower)
            case Value() | Days():
                return 0 if self.holds(term) else None
            case _:
                return self._leaf(term, weigh, zones)

    def _leaf(self, term: Term, weigh: _Rarity, zones: frozenset[str]) -> int | None:
        match term:
            case Word(form=form):
                level = self.analysis.levels.get(term.stem) if self.has_in(zones, [form]) else None
                return None if level is None else level_points(level) * weigh.stem(term.stem)
            case Phrase(words=found):
                weight = PHRASE_POINTS * sum(weigh.word(word) for word in found)
                return weight if self.has_in(zones, found) and self.has_phrase(found) else None
            case Near(words=found, distance=distance):
                weight = NEAR_POINTS * sum(weigh.word(word) for word in found)
                near = stand_near(self.whole(), found, distance)
                return weight if near and self.has_in(zones, found) else None
            case Wildcard():
                anywhere = any(compiled(term).fullmatch(word) for word in self.words)
                there = not zones or any(may_stem(term, stem) for stem in self.stems_in(zones))
                return WILDCARD_POINTS if anywhere and there else None
            case Reference():
                borne = sum(REFERENCE_POINTS for key in term.keys if key in self.keys)
                mentioned = any(self.has_phrase(mention) for mention in term.mentions)
                return borne + MENTION_POINTS * mentioned or None
            case Citing(keys=keys, words=told):
                known = set(keys) & set(self.record.cites) and not (zones and told)
                cited = CITING_POINTS if known else None
                said = self.points(told, weigh, zones) if told else None
                return None if cited is None and said is None else (cited or 0) + (said or 0)
            case Reporter(words=name):
                return REPORTER_POINTS if set(name) <= set(words(self.record.rapporteur)) else None
            case _:
                raise AssertionError(term)

    def holds(self, term: Value | Days) -> bool:
        if isinstance(term, Value):
            return bool(set(term.values) & set(raw_values(self.record).get(term.name, ())))
        when = self.record.date if term.name == "day" else self.record.changed
        return when is not None and (term.first or when) <= when <= (term.last or when)


class _Rarity:
    """Weights of terms over the published records."""

    def __init__(self, entries: Iterable[_Entry]) -> None:
        self._published = [entry for entry in entries if entry.record.published]

    def stem(self, stem: str) -> int:
        return term_weight(len(self._published), sum(stem in entry.analysis.levels for entry in self._published))

    def word(self, word: str) -> int:
        return term_weight(len(self._published), sum(word in entry.words for entry in self._published))


class MemoryIndex:
    """Everything in a dict. For tests and small demonstrations: each search reads each record."""

    def __init__(self) -> None:
        self._documents: dict[str, list[_Entry]] = {}

    def replace(self, records: Iterable[Record]) -> None:
        found: dict[str, dict[str, _Entry]] = {}
        for record in records:
            found.setdefault(record.document, {})[record.id] = _entry(record)
        self._documents.update((document, list(entries.values())) for document, entries in found.items())

    def remove(self, documents: Iterable[str]) -> None:
        for document in documents:
            self._documents.pop(document, None)

    def close(self) -> None:
        self._documents.clear()

    def search(self, query: Query) -> Page:
        check(query)
        query = admitted(query)
        position = read_cursor(query)
        terms = terms_of(query)
        if not terms and query.text.strip():
            return Page(total=0, hits=(), facets={name: {} for name in query.facets})
        visible = [entry for entry in self._entries() if _may_find(entry.record, query)]
        weigh = _Rarity(self._entries())
        found = _matching(visible, terms, weigh, query.zones, relaxed=position.relaxed)
        if len(found) < enough(terms) and query.cursor is None:
            position = Position(relaxed=True)
            found = _matching(visible, terms, weigh, query.zones, relaxed=True)
        return uncounted(_page(query, terms, position, found, weigh), query)

    def fetch(
        self, documents: Sequence[str], query: Query, stretches: Mapping[str, Stretch] | None = None, *, relaxed: bool
    ) -> list[Hit]:
        terms = terms_of(query)
        weigh = _Rarity(self._entries())
        highlighter = _highlighter(terms, weigh)
        hits = []
        for document in documents:
            for entry in self._documents.get(document, ()):
                if _may_find(entry.record, query) and _passes(entry.record, query):
                    matching = _matching([entry], terms, weigh, query.zones, relaxed=relaxed) if terms else []
                    score = matching[0][0] * prior(entry.record) if matching else 0.0
                    stretch = None if matching else (stretches or {}).get(document)
                    hits.append(_hit(entry, score, highlighter, query.extracts, stretch))
        return hits

    def _entries(self) -> Iterable[_Entry]:
        return (entry for entries in self._documents.values() for entry in entries)


def _entry(record: Record) -> _Entry:
    analysis = analyse(record)
    words = frozenset(word for sequence in analysis.words.values() for word in sequence)
    return _Entry(record, analysis, words, frozenset(reference_keys(record)))


def _may_find(record: Record, query: Query) -> bool:
    cleared = bool(record.labels & query.labels) and not record.unless & query.labels
    return cleared and record.document not in query.denied


def _matching(
    entries: list[_Entry], terms: tuple[Term, ...], weigh: _Rarity, zones: frozenset[str], *, relaxed: bool
) -> list[tuple[int, _Entry]]:
    words = sum(not is_literal(term) for term in terms)
    wanted = ceil(words / RELAXED_SHARE) if relaxed else words
    found = []
    for entry in entries:
        answers = {term: points for term in terms if (points := entry.points(term, weigh, zones)) is not None}
        held = sum(not is_literal(term) for term in answers)
        if held >= wanted and len(answers) - held == len(terms) - words:
            found.append((sum(answers.values()), entry))
    return found


def _passes(record: Record, query: Query, *, but: str = "") -> bool:
    values = facet_values(record)
    if any(wanted and name != but and not wanted & set(values.get(name, ())) for name, wanted in query.filters.items()):
        return False
    if query.case_file is not None and record.case_file != query.case_file:
        return False
    if query.date_from is None and query.date_to is None:
        return True
    when = record.date
    return when is not None and (query.date_from or when) <= when <= (query.date_to or when)


def _page(
    query: Query, terms: tuple[Term, ...], position: Position, found: list[tuple[int, _Entry]], weigh: _Rarity
) -> Page:
    sort = effective_sort(query)
    sort_key = oldest_key if sort is Sort.OLDEST else newest_key
    scored = sort is Sort.RELEVANCE
    ranked = sorted(
        (
            (points * prior(e.record) if scored else 0.0, sort_key(e.record), e)
            for points, e in found
            if _passes(e.record, query)
        ),
        key=lambda ranked: (-ranked[0], -ranked[1]),
    )
    rest = [one for one in ranked if position.key is None or one[1] < position.key][
        0 if position.key is not None else position.offset :
    ]
    drawn = rest[: query.size]
    cursor = None
    if len(rest) > len(drawn):
        key = None if scored else drawn[-1][1]
        cursor = write_cursor(query, replace(position, offset=position.offset + len(drawn), key=key))
    highlighter = _highlighter(terms, weigh)
    return Page(
        total=len(ranked),
        hits=tuple(_hit(entry, score, highlighter, query.extracts) for score, _, entry in drawn),
        facets={name: _counts(name, query, found) for name in query.facets},
        cursor=cursor,
        relaxed=position.relaxed and bool(ranked),
    )


def _counts(name: str, query: Query, found: list[tuple[int, _Entry]]) -> dict[str, int]:
    counts = Counter(
        value
        for _, entry in found
        if _passes(entry.record, query, but=name)
        for value in facet_values(entry.record).get(name, ())
    )
    return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))


def _highlighter(terms: tuple[Term, ...], weigh: _Rarity) -> Highlighter:
    leaves = tuple(sought(terms))
    return Highlighter(leaves, {t: float(weigh.stem(t.stem)) if isinstance(t, Word) else 300.0 for t in leaves})


def _hit(entry: _Entry, score: float, highlighter: Highlighter, most: int, stretch: Stretch | None = None) -> Hit:
    record = entry.record
    body = [(name, text) for name, text in entry.analysis.parts.items() if name not in ("title", "parties")]
    if stretch is not None:
        body = stretch.of(body)
    return Hit(
        document=record.document,
        kind=record.kind,
        title=record.title,
        score=score,
        case_file=record.case_file,
        numbers=record.numbers,
        ecli=record.ecli,
        date=record.date,
        chamber=record.chamber,
        formation=record.formation,
        solution=record.solution,
        publication=record.publication,
        state=record.state,
        jurisdiction=record.jurisdiction,
        published=record.published,
        title_only=record.title_only,
        extracts=() if record.title_only else highlighter.extracts(body, most),
    )
