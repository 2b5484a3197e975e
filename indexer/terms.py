"""What may be asked of an index, as a tree of values (*termes*). `indexer.language` reads them from a query."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

RELAXED_SHARE: Final = 4
"""One word in so many must be found where no document holds them all."""

_LONG: Final = 4
_FEW: Final = 10


@dataclass(frozen=True, slots=True)
class Word:
    """A word wanted in any of its inflections; `form` is what was typed, folded."""

    stem: str
    form: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """Folded words wanted side by side, uninflected; one word alone is an exact form."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Folded words, two or more, all different: at most `distance` others between each and the next, either way."""

    words: tuple[str, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Wildcard:
    """A folded word with `*` for any letters and `?` for one; begins with letters or digits."""

    pattern: str

    @property
    def head(self) -> str:
        """What stands before the first sign."""
        return self.pattern.split("*", 1)[0].split("?", 1)[0]


@dataclass(frozen=True, slots=True)
class Reference:
    """An identifier wanted: `keys` as `reference_key` makes them, or a mention of it in a text."""

    keys: tuple[str, ...]
    mentions: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Citing:
    """A text that cites what `keys` name (*cite*); `words` is how it is told where the citation was not recognised.

    Where a zone is asked, the words alone say whether it stands there.
    """

    keys: tuple[str, ...]
    words: Term | None = None


@dataclass(frozen=True, slots=True)
class Reporter:
    """Folded words of the name of the *rapporteur*."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Value:
    """One of these values of a facet, or of another raw field."""

    name: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Days:
    """A day between two, both included: `name` is `day` (of the document) or `changed`."""

    name: str
    first: date | None
    last: date | None


@dataclass(frozen=True, slots=True)
class Every:
    """All of the parts."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Either:
    """One of the parts at least."""

    parts: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Without:
    """Not the part (*sauf*)."""

    part: Term


@dataclass(frozen=True, slots=True)
class Within:
    """The part, its words in one of these zones."""

    zones: frozenset[str]
    part: Term


Term = (
    Word | Phrase | Near | Wildcard | Reference | Citing | Reporter | Value | Days | Every | Either | Without | Within
)


def is_literal(term: Term) -> bool:
    """Whether a term is wanted in every hit: all but words, and articles, which are told in words too.

    Numbers joined by hyphens (article 1234-5) stand side by side too, but among words they count as a word.
    """
    match term:
        case Word():
            return False
        case Phrase(words=words):
            return not all(word.isdigit() for word in words)
        case Citing(words=told):
            return told is None
        case _:
            return True


def is_filter(term: Term) -> bool:
    """Whether a term only narrows: it says nothing of how well a document answers."""
    match term:
        case Value() | Days() | Without():
            return True
        case Every(parts=parts) | Either(parts=parts):
            return all(map(is_filter, parts))
        case Within(part=part):
            return is_filter(part)
        case _:
            return False


def enough(terms: tuple[Term, ...]) -> int:
    """How many documents must hold all terms for these alone to be shown: one, or ten where four words are asked."""
    words = sum(not is_literal(term) for term in terms)
    if words < 2:
        return 0
    return _FEW if sum(isinstance(term, Word) for term in terms) >= _LONG else 1


def sought(terms: Iterable[Term]) -> Iterator[Term]:
    """The leaves that a text may hold, in order: what is to be lit. Nothing of what is not wanted."""
    for term in terms:
        match term:
            case Every(parts=parts) | Either(parts=parts):
                yield from sought(parts)
            case Within(part=part):
                yield from sought([part])
            case Citing(words=words):
                yield from sought([words] if words else [])
            case Without() | Value() | Days() | Reporter():
                pass
            case _:
                yield term


def names_reporter(terms: Iterable[Term]) -> bool:
    """Whether a magistrate is asked for by name."""
    return any(isinstance(leaf, Reporter) for leaf in _all(terms))


def values_of(terms: Iterable[Term], name: str) -> set[str]:
    """Every value of a field that is named anywhere, wanted or not."""
    return {value for leaf in _all(terms) if isinstance(leaf, Value) and leaf.name == name for value in leaf.values}


def _all(terms: Iterable[Term]) -> Iterator[Term]:
    for term in terms:
        match term:
            case Every(parts=parts) | Either(parts=parts):
                yield from _all(parts)
            case Within(part=part) | Without(part=part):
                yield from _all([part])
            case _:
                yield term
