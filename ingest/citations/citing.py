"""All recognisers over one text; where two claim the same characters, the surer one keeps them."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.citations.articles import articles
from ingest.citations.decisions import decisions
from ingest.citations.identifiers import identifiers
from ingest.extraction import Citation
from ingest.level import level

MAX_CITATIONS = 50_000
"""More than any document cites: one real decision of 438,043 characters holds some hundreds."""


def cite(text: str, plain: str | None = None) -> tuple[Citation, ...]:
    """Citations in the order of the text, without overlap: `text[c.start:c.end] == c.text`. Linear in its length.

    `plain` is the text levelled, where the caller has it.
    """
    plain = level(text) if plain is None else plain
    taken = bytearray(len(text))
    kept: list[Citation] = []
    for citation in _claims(text, plain):
        if len(kept) >= MAX_CITATIONS:
            break
        if taken.find(1, citation.start, citation.end) < 0:
            taken[citation.start : citation.end] = b"\1" * (citation.end - citation.start)
            kept.append(citation)
    return tuple(sorted(kept, key=lambda citation: citation.start))


def _claims(text: str, plain: str) -> Iterator[Citation]:
    yield from identifiers(text, plain)
    yield from decisions(text, plain)
    yield from articles(text, plain)
