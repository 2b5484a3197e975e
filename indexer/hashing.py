"""An embedder without a model: the in-memory implementation that tests use.

Each stem is a fixed random direction, and a text the sum of its stems' (random projection; Johnson and
Lindenstrauss 1984). Texts that share words are near, and nothing else is known of meaning.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from indexer.analysis import STOP_WORDS, stem, words
from indexer.embedder import Vectors


class HashingEmbedder:
    """Deterministic, in microseconds, in any process and on any machine."""

    floor = 0.35

    def __init__(self, dimensions: int = 64) -> None:
        self.dimensions = dimensions
        self.name = f"hashing-{dimensions}"
        self._direction = lru_cache(maxsize=100_000)(self._make_direction)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self._vector(text) for text in texts]) if texts else self._none()

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self.passages(texts)

    def _none(self) -> Vectors:
        return np.empty((0, self.dimensions), np.float32)

    def _vector(self, text: str) -> NDArray[np.float32]:
        counts = Counter(stem(word) for word in words(text) if word not in STOP_WORDS)
        total = np.zeros(self.dimensions, np.float64)
        for found, count in sorted(counts.items()):
            total += np.sqrt(count) * self._direction(found)
        if not total.any():
            total = self._direction("").astype(np.float64)
        return (total / np.linalg.norm(total)).astype(np.float32)

    def _make_direction(self, found: str) -> NDArray[np.float64]:
        seed = int.from_bytes(blake2b(found.encode(), digest_size=8).digest(), "big")
        return np.random.default_rng(seed).standard_normal(self.dimensions)
