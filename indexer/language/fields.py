"""Fields that a query may name (*champs*): `chambre:soc`, `date:2020..2023`, `motivations:"cause réelle"`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from indexer.analysis import words
from indexer.language.days import span
from indexer.language.lexis import Lexis
from indexer.references import MOST, READERS, reference_key
from indexer.terms import Citing, Days, Either, Reference, Reporter, Term, Value


class Holds(StrEnum):
    """What stands after a field's colon."""

    WORDS = "words"
    CODE = "code"
    DAYS = "days"
    NUMBER = "number"
    NAME = "name"
    CITED = "cited"


@dataclass(frozen=True, slots=True)
class Field:
    """`name` as a person reads it; `target` is the index's own: zones, a facet, a day."""

    name: str
    holds: Holds
    target: str


_ZONES: Final = {
    "introduction": "introduction",
    "exposé": "expose",
    "faits": "expose",
    "moyens": "moyens",
    "motivations": "motivations",
    "motifs": "motivations",
    "dispositif": "dispositif",
    "annexes": "annexes",
    "titre": "title",
    "sommaire": "summary",
    "thèmes": "themes",
    "thème": "themes",
    "visa": "visa",
    "partie": "parties",
    "parties": "parties",
}
_CODES: Final = {
    "chambre": "chamber",
    "formation": "formation",
    "solution": "solution",
    "publication": "publication",
    "juridiction": "jurisdiction",
    "type": "kind",
    "nature": "kind",
    "état": "state",
}
_OTHERS: Final = (
    Field("date", Holds.DAYS, "day"),
    Field("modifié", Holds.DAYS, "changed"),
    Field("numéro", Holds.NUMBER, ""),
    Field("pourvoi", Holds.NUMBER, ""),
    Field("rg", Holds.NUMBER, ""),
    Field("ecli", Holds.NUMBER, ""),
    Field("rapporteur", Holds.NAME, ""),
    Field("cite", Holds.CITED, ""),
)
_ALTERNATIVES: Final = re.compile(r"\s*,\s*|\s+(?:OU|OR)\s+")
SHOWN: Final = (
    "chambre", "formation", "date", "solution", "publication", "numéro", "ecli", "juridiction", "visa", "motivations",
    "dispositif", "moyens", "rapporteur", "partie", "type", "état", "modifié", "cite",
)  # fmt: skip
"""Named in the sentence that says which fields there are."""


def _known() -> dict[str, Field]:
    found = [Field(name, Holds.WORDS, zone) for name, zone in _ZONES.items()]
    found += [Field(name, Holds.CODE, facet) for name, facet in _CODES.items()]
    return {"".join(words(field.name)): field for field in (*found, *_OTHERS)}


FIELDS: Final = _known()
"""By name, folded."""


def value(field: Field, written: str, lexis: Lexis) -> tuple[Term, str] | str:
    """What a field's value asks for and how it is shown; a sentence where it cannot be read."""
    match field.holds:
        case Holds.CODE:
            return _coded(field, written, lexis)
        case Holds.DAYS:
            found = span(written)
            if found is None:
                return (
                    f"« {field.name}:{written} » : la date n’est pas lisible, écrivez {field.name}:2022, "
                    f"{field.name}:2020..2023 ou {field.name}:12/01/2022."
                )
            return Days(field.target, *found), written
        case Holds.NUMBER:
            term = number(written)
            if term is None:
                return f"« {field.name}:{written} » : ce n’est pas un numéro que l’on sache lire."
            return term, written
        case Holds.CITED:
            return _cited(field, written, lexis)
        case _:
            name = tuple(words(written))[:MOST]
            return (Reporter(name), written) if name else f"« {field.name}: » attend un nom."


def number(written: str) -> Reference | None:
    """An identifier that is the whole text, in any writing."""
    written = written.strip()
    for pattern, reader in READERS[:-1]:
        if match := pattern.fullmatch(written):
            term = reader(match)
            return term if isinstance(term, Reference) else None
    key = reference_key(written)
    return Reference((key,), ()) if key and any(letter.isdigit() for letter in key) else None


def _coded(field: Field, written: str, lexis: Lexis) -> tuple[Term, str] | str:
    codes = [lexis.code(field.target, written)]
    if codes == [None]:
        codes = [lexis.code(field.target, part) for part in _ALTERNATIVES.split(written) if part.strip()]
    known = tuple(dict.fromkeys(code for code in codes if code))
    if not known or None in codes:
        among = ", ".join(lexis.known(field.target))
        ending = f" : écrivez par exemple {among.rstrip('.')}." if among else "."
        return f"« {field.name}:{written} » : cette valeur n’existe pas{ending}"
    return Value(field.target, known), " ou ".join(lexis.called(field.target, code) for code in known)


def _cited(field: Field, written: str, lexis: Lexis) -> tuple[Term, str] | str:
    found = list(lexis.mentions(written))
    citing = [citing_of(mention.term) for mention in found] or [citing_of(number(written))]
    terms = [term for term in citing if term is not None]
    if not terms:
        return f"« {field.name}:{written} » : ce n’est pas une référence que l’on sache lire."
    return terms[0] if len(terms) == 1 else Either(tuple(terms)), written


def citing_of(term: Term | None) -> Term | None:
    """What cites the decision or the text that a term names."""
    match term:
        case Citing():
            return term
        case Reference(keys=keys):
            return Citing(keys)
        case Either(parts=parts):
            return next((found for part in parts if (found := citing_of(part))), None)
        case _:
            return None
