"""Tokens that the grammar can read, from any tokens: what does not fit is taken out, and said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from indexer.language.tokens import Kind, Slip, Token
from indexer.references import MOST

DEEPEST: Final = 16
"""Parentheses inside one another."""
_JOINS: Final = {Kind.AND, Kind.OR}
_PREFIXES: Final = {Kind.NOT, Kind.SCOPE}


def repair(tokens: Sequence[Token]) -> tuple[list[Token], list[Slip]]:
    """In order; at most `indexer.references.MOST` terms."""
    slips: list[Slip] = []
    kept = _few(list(tokens), slips)
    kept = _balanced(kept, slips)
    while True:
        fitting = _fitting(kept, slips)
        if len(fitting) == len(kept):
            return fitting, slips
        kept = fitting


def _few(tokens: list[Token], slips: list[Slip]) -> list[Token]:
    seen = 0
    for place, token in enumerate(tokens):
        seen += token.kind is Kind.TERM
        if seen > MOST:
            left = f"la suite, à partir de « {token.shown[:40]} », est laissée."
            slips.append(Slip(f"Une recherche compte {MOST} termes au plus : {left}", token.start, tokens[-1].end))
            return tokens[:place]
    return tokens


def _balanced(tokens: list[Token], slips: list[Slip]) -> list[Token]:
    """Each parenthesis with its other one, none too deep."""
    open_at: list[int] = []
    odd: set[int] = set()
    for place, token in enumerate(tokens):
        if token.kind is Kind.OPEN:
            open_at.append(place)
        elif token.kind is Kind.CLOSE:
            if not open_at:
                odd.add(place)
            elif len(open_at) > DEEPEST:
                odd |= {open_at.pop(), place}
            else:
                open_at.pop()
    odd.update(open_at)
    if odd:
        first = tokens[min(odd)]
        sentence = (
            "Des parenthèses vont trop profond ou par une seule : elles sont laissées, et les mots sont cherchés."
        )
        slips.append(Slip(sentence, first.start, first.end))
    return [token for place, token in enumerate(tokens) if place not in odd]


def _fitting(tokens: list[Token], slips: list[Slip]) -> list[Token]:
    """Without operators and names of zones that have nothing to act on, and without empty parentheses."""
    kept: list[Token] = []
    for place, token in enumerate(tokens):
        following = tokens[place + 1].kind if place + 1 < len(tokens) else None
        before = kept[-1].kind if kept else None
        if token.kind in _JOINS:
            lone = before in {None, Kind.OPEN, *_JOINS, *_PREFIXES} or following in {None, Kind.CLOSE, *_JOINS}
        elif token.kind in _PREFIXES:
            lone = following in {None, Kind.CLOSE, *_JOINS}
        elif token.kind is Kind.CLOSE and before is Kind.OPEN:
            kept.pop()
            continue
        else:
            lone = False
        if lone:
            named = "Le champ" if token.kind is Kind.SCOPE else "L’opérateur"
            sentence = f"{named} « {token.shown} » n’a rien sur quoi porter : il est laissé."
            slips.append(Slip(sentence, token.start, token.end))
        else:
            kept.append(token)
    return kept
