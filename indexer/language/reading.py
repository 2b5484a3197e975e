"""A query read: its terms, what was understood of it as chips, and what could not be read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Any, Final

from lark import Lark, Transformer
from lark import Token as Leaf
from lark.lexer import Lexer

from indexer.analysis import clean
from indexer.language.lexis import Lexis, PlainLexis
from indexer.language.repairing import repair
from indexer.language.scanning import scan
from indexer.language.tokens import Kind, Slip, Token
from indexer.terms import Days, Either, Every, Phrase, Term, Value, Within, Without, is_literal

_PLAIN: Final = PlainLexis()
_REMEMBERED: Final = 4_096


@dataclass(frozen=True, slots=True)
class Chip:
    """One piece of what was understood. `what` it is: mot, expression, champ…; empty for an operator.

    `without` is the query with this piece taken out, for whoever takes the chip away.
    """

    what: str
    shown: str
    without: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """`terms` are all wanted. `said` holds the words alone, as one would say them: what meaning is looked for by."""

    text: str
    terms: tuple[Term, ...]
    chips: tuple[Chip, ...] = ()
    slips: tuple[Slip, ...] = ()
    ignored: tuple[str, ...] = ()
    """Grammatical words that are not looked for."""
    said: str = ""

    @property
    def spoken(self) -> bool:
        """Whether nothing but words is asked, beside days and facets: meaning has its part then."""
        asked = [term for term in self.terms if not isinstance(term, Value | Days)]
        return bool(self.said) and not any(map(is_literal, asked))


def read(text: str, lexis: Lexis = _PLAIN) -> Reading:
    """Read any text; nothing that can be typed raises an error, and nothing is dropped without a slip."""
    return _remembered(text) if lexis is _PLAIN else _read(text, lexis)


@lru_cache(maxsize=_REMEMBERED)
def _remembered(text: str) -> Reading:
    return _read(text, _PLAIN)


def _read(text: str, lexis: Lexis) -> Reading:
    cleaned = clean(text)
    scanned = scan(cleaned, lexis)
    tokens, repaired = repair(scanned.tokens)
    terms = tuple(dict.fromkeys(_flat(_tree(tokens)))) if tokens else ()
    ignored = tuple(dict.fromkeys(scanned.ignored))
    if not terms and ignored:  # only grammatical words: they are what is wanted
        terms = tuple(Phrase((word,)) for word in ignored)
        return Reading(text, terms, tuple(Chip("mot", word) for word in ignored), (*scanned.slips, *repaired))
    slips = sorted(dict.fromkeys((*scanned.slips, *repaired)), key=lambda slip: slip.start)
    if not terms and not slips and cleaned.strip():
        slips = [Slip("Rien de ce qui est écrit ne se cherche : écrivez un mot, un numéro ou un nom.", 0, len(cleaned))]
    return Reading(
        text=text,
        terms=terms,
        chips=tuple(_chips(cleaned, tokens)),
        slips=tuple(slips),
        ignored=ignored,
        said=_said(cleaned, tokens),
    )


def parse(text: str) -> tuple[Term, ...]:
    """The terms of a query in the order typed, each once. Empty where nothing is asked."""
    return read(text).terms


class _Given(Lexer):
    """Hands the grammar tokens that are read already."""

    def __init__(self, lexer_conf: object) -> None:
        del lexer_conf

    def lex(self, lexer_state: Any, parser_state: Any = None) -> Iterator[Leaf]:  # noqa: ARG002  (lark's signature)
        for token in lexer_state:
            yield Leaf(token.kind.value, token)


_GRAMMAR: Final = Lark(
    resources.files("indexer.language").joinpath("query.lark").read_text("utf-8"), parser="lalr", lexer=_Given
)


class _Building(Transformer[Leaf, Term]):
    """The grammar's tree as terms."""

    def TERM(self, leaf: Leaf) -> Term:  # noqa: N802  (the terminal's name)
        token: Token = leaf.value
        assert token.term is not None
        return token.term

    def start(self, parts: list[Any]) -> Term:
        term: Term = parts[0]
        return term

    def either(self, parts: list[Any]) -> Term:
        return Either(tuple(dict.fromkeys(_terms(parts))))

    def every(self, parts: list[Any]) -> Term:
        return Every(tuple(dict.fromkeys(_terms(parts))))

    def unary(self, parts: list[Any]) -> Term:
        return next(_terms(parts))

    def without(self, parts: list[Any]) -> Term:
        return Without(next(_terms(parts)))

    def within(self, parts: list[Any]) -> Term:
        scope = next(part for part in parts if isinstance(part, Leaf) and part.type == Kind.SCOPE)
        return Within(scope.value.zones, next(_terms(parts)))


def _terms(parts: Iterable[Any]) -> Iterator[Term]:
    return (part for part in parts if not isinstance(part, Leaf))


def _tree(tokens: Sequence[Token]) -> Term:
    tree = _GRAMMAR.parse(tokens)
    return _Building().transform(tree)


def _flat(term: Term) -> Iterator[Term]:
    """What is wanted beside one another."""
    if isinstance(term, Every):
        for part in term.parts:
            yield from _flat(part)
    else:
        yield term


def _chips(text: str, tokens: Sequence[Token]) -> Iterator[Chip]:
    for place, token in enumerate(tokens):
        if token.kind is Kind.AND:
            continue
        removable = token.kind in {Kind.TERM, Kind.SCOPE, Kind.NOT}
        yield Chip(token.what, token.shown, _less(text, tokens, place) if removable else "")


def _less(text: str, tokens: Sequence[Token], place: int) -> str:
    """The query without one token, and without what then has nothing to act on."""
    first = place
    if tokens[place].kind is Kind.TERM:
        while first > 0 and tokens[first - 1].kind in {Kind.NOT, Kind.SCOPE}:
            first -= 1
    kept, _ = repair([*tokens[:first], *tokens[place + 1 :]])
    return _written(text, kept)


def _written(text: str, tokens: Sequence[Token]) -> str:
    """The tokens' own writing, one blank between two but after a prefix."""
    pieces: list[str] = []
    for token in tokens:
        closing = token.kind is Kind.CLOSE
        tight = pieces and (closing or pieces[-1].endswith(("(", ":")) or pieces[-1] == "-")
        piece = text[token.start : token.end].strip()
        if pieces and not tight:
            pieces.append(" ")
        pieces.append(piece)
        if token.kind is Kind.NOT and piece != "-":
            pieces.append(" ")
    return " ".join("".join(pieces).split())


def _said(text: str, tokens: Sequence[Token]) -> str:
    """What is wanted as one would say it, for the embedder: no operator, no field, nothing that is not wanted."""
    said: list[str] = []
    at = 0
    for place, token in enumerate(tokens):
        unwanted = place > 0 and tokens[place - 1].kind is Kind.NOT
        if token.kind is not Kind.TERM or unwanted or token.what == "champ":
            said.append(text[at : token.start])
            at = token.end
    rest = " ".join([*said, text[at:]])
    return " ".join(rest.split()) if any(token.kind is Kind.TERM and token.what != "champ" for token in tokens) else ""
