"""What the language does not know by itself: the court's citations, and its words for codes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from indexer.analysis import words
from indexer.terms import Term


@dataclass(frozen=True, slots=True)
class Mention:
    """A citation in a query: what is looked for, and how it is called. Offsets are half-open code points."""

    start: int
    end: int
    term: Term
    shown: str
    warning: str = ""
    """A sentence for the person, such as on a wrong key letter."""


class Lexis(Protocol):
    """The court's vocabulary. Asked by `read`; whoever implements it need not fear any text."""

    def mentions(self, text: str) -> Iterable[Mention]:
        """Citations in reading order, none overlapping another."""
        ...

    def code(self, name: str, written: str) -> str | None:
        """The code by which a field holds what a person wrote: (`chamber`, « Civ. 1re ») gives `civ1`."""
        ...

    def called(self, name: str, code: str) -> str:
        """How a code is shown."""
        ...

    def known(self, name: str) -> tuple[str, ...]:
        """Some values of a field, as they may be written: for the sentence that says which there are."""
        ...


class PlainLexis:
    """Codes are written as they are stored, and citations are the numbers that the index reads itself."""

    def mentions(self, text: str) -> Iterable[Mention]:
        del text
        return ()

    def code(self, name: str, written: str) -> str | None:
        del name
        found = words(written)
        return found[0] if len(found) == 1 else None

    def called(self, name: str, code: str) -> str:
        del name
        return code

    def known(self, name: str) -> tuple[str, ...]:
        del name
        return ()
