"""Reads a court's files (*versement*): bytes in, values out."""

from ingest.extraction import (
    Citation,
    Extraction,
    Extractor,
    Metadata,
    PageLayout,
    Unreadable,
    Value,
    Word,
    Zone,
)
from ingest.sandbox import Limits, Workers
from ingest.walk import Leaf, walk

__all__ = [
    "Citation",
    "Extraction",
    "Extractor",
    "Leaf",
    "Limits",
    "Metadata",
    "PageLayout",
    "Unreadable",
    "Value",
    "Word",
    "Workers",
    "Zone",
    "walk",
]
