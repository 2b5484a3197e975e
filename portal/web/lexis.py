"""The court's own vocabulary for the query language: its citations, and its words for codes (*lexique*)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from indexer.analysis import words as folded_words
from indexer.language import Mention, Reading, read
from indexer.language.fields import number
from indexer.terms import Citing, Days, Either, Every, Phrase, Term, Value
from ingest.citations import cite
from ingest.extraction import Citation
from ingest.taxonomy import JURISDICTIONS, chamber_code, formation_code, publication_codes, solution_code
from portal.nouns.document import show_number
from portal.nouns.kinds import CHAMBERS, KINDS, STATES
from portal.web import words

_NUMBERS = frozenset({"pourvoi", "ecli", "legacy", "rg"})
_LABELS: Mapping[str, Mapping[str, str]] = {
    "kind": KINDS,
    "state": STATES,
    "jurisdiction": JURISDICTIONS,
    "chamber": {code: names[0] for code, names in CHAMBERS.items()},
    "formation": words.FORMATIONS,
    "solution": words.SOLUTIONS,
    "publication": words.PUBLICATIONS,
}
_SHORTEST = 3
_NAMED = 6
"""Values that the sentence on an unknown one names."""


class CourtLexis:
    """Reads citations as `ingest` does in documents, and codes by any of their names."""

    def mentions(self, text: str) -> Iterable[Mention]:
        for citation in cite(text):
            term = _sought(citation)
            if term is not None:
                warning = citation.note if citation.kind == "pourvoi" and "lettre clé" in citation.note else ""
                yield Mention(citation.start, citation.end, term, _shown(citation), warning)

    def code(self, name: str, written: str) -> str | None:
        flat = " ".join(folded_words(written))
        labels = _LABELS[name]
        if flat in labels:
            return flat
        exact = [code for code, label in labels.items() if " ".join(folded_words(label)) == flat]
        return exact[0] if exact else _by_words(name, written) or _beginning(labels, flat)

    def called(self, name: str, code: str) -> str:
        return _LABELS[name].get(code, code)

    def known(self, name: str) -> tuple[str, ...]:
        return tuple(label.lower() for label in _LABELS[name].values())[:_NAMED]


def _by_words(name: str, written: str) -> str | None:
    """What the court's own lists make of it; none of them has a word for what it does not know."""
    match name:
        case "chamber":
            return chamber_code(written)
        case "formation":
            return formation_code(written)
        case "solution":
            found = solution_code(written)
            return None if found == "other" else found
        case "publication":
            return next(iter(publication_codes(written)), None)
        case _:
            return None


def _beginning(labels: Mapping[str, str], flat: str) -> str | None:
    """The one value whose name begins so: « mémoire en d » is « Mémoire en défense »."""
    begun = [code for code, label in labels.items() if " ".join(folded_words(label)).startswith(flat)]
    return begun[0] if len(begun) == 1 and len(flat) >= _SHORTEST else None


def _sought(citation: Citation) -> Term | None:
    """What a citation in a query looks for; None where its words say it better."""
    if citation.kind in _NUMBERS:
        return number(citation.text) or number(citation.value)
    if citation.kind == "article":
        return _article(citation.value)
    if citation.kind == "decision":
        return _decision(citation.value)
    told = _all_words(citation.text)
    return Citing((citation.value,), told) if told else None


def _article(value: str) -> Term | None:
    """`code du travail#L1234-5`: those that cite it, and those that only say its words."""
    source, _, article = value.partition("#")
    told = _all_words(f"{_spaced(article)} {source}")
    return None if source == "?" or told is None else Citing((value,), told)


def _spaced(article: str) -> str:
    """`L1234-5` as decisions write it: the letter is a word of its own."""
    letters = article[: len(article) - len(article.lstrip("LORDAC*"))]
    return f"{letters} {article[len(letters) :]}"


def _decision(value: str) -> Term | None:
    """`civ1@2022-01-12`: the decisions of that chamber and day, and what cites them so."""
    chamber, at, day = value.partition("@")
    if not at:
        return None
    when = date.fromisoformat(day)
    days = Days("day", when, when)
    itself: Term = days if chamber == "cc" else Every((Value("chamber", (chamber,)), days))
    return Either((itself, Citing((value,))))


def _all_words(text: str) -> Term | None:
    terms = read(text).terms
    kept = tuple(term for term in terms if not (isinstance(term, Phrase) and not term.words))
    return None if not kept else kept[0] if len(kept) == 1 else Every(kept)


def _shown(citation: Citation) -> str:
    if citation.kind == "pourvoi":
        return show_number(citation.value)
    if citation.kind == "article":
        source, _, article = citation.value.partition("#")
        return f"article {article}, {source}"
    return " ".join(citation.text.split())


_COURT = CourtLexis()


def read_query(text: str) -> Reading:
    """A query as the court reads it. Any text can be read."""
    return read(text, _COURT)
