"""Search for a court: values in, hits out (*moteur de recherche*)."""

from indexer.hybrid import HybridSearch
from indexer.index import SearchIndex
from indexer.likeness import Likeness, Similar
from indexer.memory import MemoryIndex
from indexer.page import Extract, Hit, Page
from indexer.query import InvalidCursor, InvalidQuery, Mode, Query, Sort
from indexer.record import FACETS, ZONES, Record
from indexer.tantivy.index import TantivyIndex
from indexer.tantivy.store import OutdatedIndex, WriterTaken

__all__ = [
    "FACETS",
    "ZONES",
    "Extract",
    "Hit",
    "HybridSearch",
    "InvalidCursor",
    "InvalidQuery",
    "Likeness",
    "MemoryIndex",
    "Mode",
    "OutdatedIndex",
    "Page",
    "Query",
    "Record",
    "SearchIndex",
    "Similar",
    "Sort",
    "TantivyIndex",
    "WriterTaken",
]
