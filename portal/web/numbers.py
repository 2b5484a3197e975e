"""An appeal number as a person writes it in a field."""

from __future__ import annotations

from indexer.language import parse
from indexer.terms import Reference


def written_number(written: str) -> str:
    """Seven digits, from any writing of an appeal number; empty where there is none."""
    return next((term.keys[0] for term in parse(written) if isinstance(term, Reference)), "")
