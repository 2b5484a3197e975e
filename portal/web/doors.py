"""Citations that open what they name at once (*numéros et citations ouvrent des portes*)."""

from __future__ import annotations

from dataclasses import replace

from indexer.language import Reading
from indexer.terms import Citing, Either, Every, Reference, Term


def appeal(reading: Reading) -> str:
    """The appeal number that a whole query is, seven digits; empty where it is anything else."""
    match reading.terms:
        case (Reference(keys=(key,)),) if len(key) == 7 and key.isdigit():
            return key
        case _:
            return ""


def named(reading: Reading) -> Reading | None:
    """The same query for the documents that it names alone, not for those that cite them; None where it names none.

    An ECLI, an RG or a JURITEXT number, a chamber and a day, or several of them together (« 2e Civ., 5 octobre 2023,
    n° 20-21.308 »).
    """
    borne = [_borne(term) for term in reading.terms]
    if not borne or None in borne:
        return None
    return replace(reading, terms=tuple(term for term in borne if term is not None))


def _borne(term: Term) -> Term | None:
    match term:
        case Reference(keys=keys):
            return Reference(keys, ())
        case Either(parts=(itself, Citing(words=None))) if isinstance(itself, Every):
            return itself
        case _:
            return None
