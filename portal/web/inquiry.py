"""A search as it stands in the address (*recherche dans l'adresse*): read, changed by one step, written back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from indexer.language import Reading
from indexer.query import Query, Sort
from indexer.terms import Word
from portal.web import words

LONGEST = 2_000
"""Characters of a query; beyond it the rest is left out."""
SIZE = 20
_NEAR = re.compile(r"~\s?\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What the results page was asked. `filters` holds each facet's values, sorted."""

    text: str = ""
    filters: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sort: Sort = Sort.RELEVANCE
    case_file: str = ""
    cursor: str = ""

    @classmethod
    def read(cls, params: QueryParams) -> Inquiry:
        """From the address; what is no sort or no facet is ignored."""
        filters = {
            name: tuple(sorted({value for value in params.getlist(parameter) if value}))
            for name, (parameter, _, _) in words.FACETS.items()
        }
        sort = params.get("tri", "")
        return cls(
            text=params.get("q", "").strip()[:LONGEST],
            filters={name: values for name, values in filters.items() if values},
            sort=Sort(sort) if sort in set(Sort) else Sort.RELEVANCE,
            case_file=params.get("dossier", ""),
            cursor=params.get("suite", ""),
        )

    def query(self, labels: frozenset[str], denied: frozenset[str], reading: Reading) -> Query:
        return Query(
            text=self.text,
            reading=reading,
            labels=labels,
            denied=denied,
            filters={name: frozenset(values) for name, values in self.filters.items()},
            sort=self.sort,
            case_file=self.case_file or None,
            size=SIZE,
            cursor=self.cursor or None,
        )

    def pairs(self) -> list[tuple[str, str]]:
        """Facets and sort as parameters of the address."""
        found = [(words.FACETS[name][0], value) for name, values in self.filters.items() for value in values]
        if self.sort is not Sort.RELEVANCE:
            found.append(("tri", self.sort.value))
        return found

    @property
    def address(self) -> str:
        found = ([("q", self.text)] if self.text else []) + self.pairs()
        if self.case_file:
            found.append(("dossier", self.case_file))
        if self.cursor:
            found.append(("suite", self.cursor))
        return "/recherche" + (f"?{urlencode(found)}" if found else "")

    def toggled(self, facet: str, *values: str) -> Inquiry:
        """With these values of a facet if one of them was not asked for, without them if all were."""
        held = set(self.filters.get(facet, ()))
        wanted = held - set(values) if held.issuperset(values) else held | set(values)
        filters = {name: kept for name, kept in self.filters.items() if name != facet}
        if wanted:
            filters[facet] = tuple(sorted(wanted))
        return replace(self, filters=filters, cursor="")

    def sorted_by(self, sort: Sort) -> Inquiry:
        return replace(self, sort=sort, cursor="")

    def following(self, cursor: str) -> Inquiry:
        return replace(self, cursor=cursor)

    def outside(self) -> Inquiry:
        """The same search in every case file."""
        return replace(self, case_file="", cursor="")

    def everywhere(self) -> Inquiry:
        """The same words without any filter."""
        return replace(self, filters={}, case_file="", cursor="")


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece of what was understood: following `without` takes it out of the search; empty where it may not go."""

    what: str
    shown: str
    without: str = ""


def understood(inquiry: Inquiry, reading: Reading) -> list[Piece]:
    """What a query was understood as, in the order typed; an operator has no `what`."""
    return [
        Piece(chip.what, chip.shown, replace(inquiry, text=chip.without, cursor="").address if chip.what else "")
        for chip in reading.chips
    ]


def relaxations(inquiry: Inquiry, reading: Reading) -> list[tuple[str, Inquiry]]:
    """Ways to ask for more when nothing was found: (sentence, the wider search)."""
    found: list[tuple[str, Inquiry]] = []
    for name, values in inquiry.filters.items():
        labels = ", ".join(words.label(name, value) for value in values)
        title = words.FACETS[name][1].lower()
        found.append((f"sans le filtre {title} : {labels}", inquiry.toggled(name, *values)))
    if inquiry.case_file:
        found.append(("dans tous les dossiers", inquiry.outside()))
    if len(inquiry.filters) > 1:
        found.append(("sans aucun filtre", inquiry.everywhere()))
    if any(mark in inquiry.text for mark in '"«“'):
        bare = _NEAR.sub(" ", inquiry.text).translate(dict.fromkeys(map(ord, '"«»“”'), " "))
        found.append(("sans les guillemets", replace(inquiry, text=" ".join(bare.split()), cursor="")))
    fields = [chip for chip in reading.chips if chip.what == "champ"]
    found += [(f"sans {chip.shown}", replace(inquiry, text=chip.without, cursor="")) for chip in fields if chip.without]
    terms = [term for term in reading.terms if isinstance(term, Word)]
    if len(terms) > 2:
        longest = sorted(terms, key=lambda term: -len(term.form))[:2]
        kept = " ".join(term.form for term in terms if term in longest)
        found.append((f"avec « {kept} » seulement", replace(inquiry, text=kept, cursor="")))
    return found
