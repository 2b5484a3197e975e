"""Search for a court: values in, hits out (*moteur de recherche*)."""

from indexer.hybrid import HybridSearch
from indexer.index import SearchIndex
from indexer.memory import MemoryIndex
from indexer.page import Extract, Hit, Page
from indexer.query import InvalidCursor, InvalidQuery, Mode, Query, Sort
from indexer.record import FACETS, ZONES, Record
from indexer.tantivy.generations import WriterTaken
from indexer.tantivy.index import TantivyIndex

__all__ = [
    "FACETS",
    "ZONES",
    "Extract",
    "Hit",
    "HybridSearch",
    "InvalidCursor",
    "InvalidQuery",
    "MemoryIndex",
    "Mode",
    "Page",
    "Query",
    "Record",
    "SearchIndex",
    "Sort",
    "TantivyIndex",
    "WriterTaken",
]
