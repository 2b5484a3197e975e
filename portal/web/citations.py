"""What a decision cites and what cites it (*cite, cité par, même affaire*), each as its reader may see it.

The graph is the index's own: each record bears the normal forms of what it cites, and the same clearance, so that what
is hidden from a reader is neither listed nor counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from indexer.language import Reading
from indexer.language.fields import number
from indexer.query import Mode, Query, Sort
from indexer.terms import Citing, Either, Phrase, Reference, Term, Without
from ingest.extraction import Citation
from portal.nouns.document import Description, days_in_words, show_number
from portal.nouns.kinds import CHAMBERS

DECISIONS = frozenset({"pourvoi", "ecli", "rg", "decision", "legacy"})
UNKNOWN_TEXT = "?#"
"""Begins the value of an article whose code no sentence names."""
SIZE = 20


@dataclass(frozen=True, slots=True)
class Cited:
    """One thing that a text cites, how often, and the search that finds it."""

    shown: str
    address: str
    count: int


@dataclass(frozen=True, slots=True)
class Source:
    """A code, law or convention, and its articles that a text cites."""

    name: str
    articles: tuple[Cited, ...]


def address_of(citation: Citation) -> str:
    """The search that finds what a citation names; empty where it names nothing for sure."""
    asked = _asked(citation)
    return "/recherche?" + urlencode({"q": asked}) if asked else ""


def _asked(citation: Citation) -> str:
    match citation.kind:
        case "pourvoi" | "ecli" | "legacy":
            return show_number(citation.value)
        case "rg":
            return f"RG {citation.value}"
        case "article":
            source, _, article = citation.value.partition("#")
            return "" if citation.value.startswith(UNKNOWN_TEXT) else f"art. {article} {source}"
        case "decision":
            return " ".join(citation.text.split()) if "@" in citation.value else ""
        case _:
            return f"« {' '.join(citation.text.split())} »"


def shown_key(key: str) -> str:
    """A citation's normal form as a person reads it: « article 1240, code civil », « n° 21-12.345 »."""
    source, article, numbered = key.partition("#")
    if article:
        return f"article {numbered}, {source}"
    chamber, at, day = key.partition("@")
    if at:
        return f"{CHAMBERS.get(chamber, ('Cass.', ''))[0]}, {days_in_words(day)}"
    return f"n°\u00a0{show_number(key)}" if key.isdigit() else key


def names(about: Description) -> frozenset[str]:
    """Values of the citations by which a decision is called: its numbers, its ECLI, its chamber and day."""
    return frozenset(
        (*about.numbers, about.ecli or "", *about.rg, *(f"{x}@{about.date}" for x in (about.chamber, "cc")))
    )


def decisions(citations: Sequence[Citation], about: Description) -> list[Cited]:
    """Decisions that a text cites by what finds them, in order, but for what names itself."""
    own = names(about)
    kept = [one for one in citations if one.kind in DECISIONS and one.value not in own and address_of(one)]
    counts = Counter(one.value for one in kept)
    first = {one.value: one for one in reversed(kept)}
    order = sorted(first.values(), key=lambda one: one.start)
    return [Cited(_shown(one), address_of(one), counts[one.value]) for one in order]


def sources(citations: Sequence[Citation]) -> list[Source]:
    """Texts that a text cites by their articles, the most cited first."""
    counts: dict[str, Counter[str]] = {}
    for one in citations:
        if one.kind == "article" and not one.value.startswith(UNKNOWN_TEXT):
            source, _, article = one.value.partition("#")
            counts.setdefault(source, Counter())[article] += 1
    ordered = sorted(counts.items(), key=lambda item: (-item[1].total(), item[0]))
    return [
        Source(
            name,
            tuple(
                Cited(article, "/recherche?" + urlencode({"q": f"art. {article} {name}"}), count)
                for article, count in sorted(articles.items(), key=lambda item: (-item[1], item[0]))
            ),
        )
        for name, articles in ordered
    ]


def citing(about: Description, labels: frozenset[str], denied: frozenset[str], cursor: str = "") -> Query | None:
    """What cites a decision by its number or its ECLI, the newest first; None where it bears neither.

    What bears its number itself is not among them: its own file's pieces, and the affair's other decisions.
    """
    references = list(_references(about))
    if not references:
        return None
    told = [Phrase(words) for reference in references for words in reference.mentions]
    words = Either(tuple(told)) if told else None
    asked: tuple[Term, ...] = (
        Citing((*about.numbers, *([about.ecli] if about.ecli else [])), words),
        *(Without(Reference(reference.keys, ())) for reference in references),
    )
    return _query(asked, labels, denied, cursor=cursor)


def same_affair(about: Description, labels: frozenset[str], denied: frozenset[str]) -> Query | None:
    """Published decisions that bear one of its appeal numbers, itself among them; None where it has none."""
    keys = tuple(key for name in map(number, about.numbers) if name for key in name.keys)
    return _query((Reference(keys, ()),), labels, denied, sort=Sort.OLDEST) if keys else None


def _query(
    terms: tuple[Term, ...],
    labels: frozenset[str],
    denied: frozenset[str],
    *,
    sort: Sort = Sort.NEWEST,
    cursor: str = "",
) -> Query:
    return Query(
        text="citations",
        reading=Reading("citations", terms),
        labels=labels,
        denied=denied,
        mode=Mode.LEXICAL,
        sort=sort,
        size=SIZE,
        cursor=cursor or None,
        facets=(),
        extracts=1,
    )


def _references(about: Description) -> Iterator[Reference]:
    for written in (*about.numbers, about.ecli):
        found = number(written) if written else None
        if found is not None:
            yield found


def _shown(citation: Citation) -> str:
    if citation.kind == "pourvoi":
        return f"n°\u00a0{show_number(citation.value)}"
    return f"RG {citation.value}" if citation.kind == "rg" else " ".join(citation.text.split())
