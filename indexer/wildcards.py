"""Words with signs (*troncature*): `licenci*`, `decisi?n`."""

from __future__ import annotations

import re
from functools import lru_cache

from indexer.terms import Wildcard

LEAST = 3
"""Letters of a stem that may stand for a longer beginning."""


def expression(term: Wildcard) -> str:
    """As a regular expression over a whole folded word, in the syntax that Python and tantivy share."""
    return "".join({"*": "[a-z0-9]*", "?": "[a-z0-9]"}.get(sign, sign) for sign in term.pattern)


@lru_cache(maxsize=1024)
def compiled(term: Wildcard) -> re.Pattern[str]:
    return re.compile(expression(term))


def beginnings(term: Wildcard) -> list[str]:
    """Stems that a longer word would have: `licenciem*` may be written under the stem `licenci`."""
    return [term.head[:length] for length in range(LEAST, len(term.head))]


def may_stem(term: Wildcard, stem: str) -> bool:
    """Whether a word of this stem may answer."""
    return bool(compiled(term).fullmatch(stem)) or (
        len(stem) >= LEAST and stem != term.head and term.head.startswith(stem)
    )
