"""Vectors beside the full text: exact search over int8 rows, in blocks by clearance, on disk."""

from indexer.vectors.entry import Access, Entry, Narrowing, Neighbour, Place
from indexer.vectors.index import ReadOnly, VectorIndex, WriterBusy

__all__ = ["Access", "Entry", "Narrowing", "Neighbour", "Place", "ReadOnly", "VectorIndex", "WriterBusy"]
