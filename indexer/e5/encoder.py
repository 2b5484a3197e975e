"""One text to one vector: tokenizer, embedding table and graph together."""

from __future__ import annotations

from typing import Final

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from indexer.e5.graph import INPUT, make_graph
from indexer.e5.pack import Pack, Table
from indexer.e5.tokenizer import make_tokenizer

_KEEP_APART: Final = ["SkipLayerNormFusion"]
"""onnxruntime's fused addition and normalisation is one scalar loop, five times slower than the two apart."""


class Encoder:
    """The loaded model. `encode` may be called from many threads at once and runs on the caller's."""

    def __init__(self, pack: Pack, *, quantised: bool = True) -> None:
        shape = pack.shape
        self._tokenizer = make_tokenizer(pack)
        self._words: Table = pack.table("emb.word", shape.vocabulary, shape.hidden)
        places = pack.vector("emb.pos").reshape(shape.positions, shape.hidden)
        self._places: NDArray[np.float32] = places + pack.vector("emb.type")[: shape.hidden]
        options = ort.SessionOptions()
        options.intra_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        self._session = ort.InferenceSession(
            make_graph(pack, quantised=quantised).SerializeToString(),
            options,
            providers=["CPUExecutionProvider"],
            disabled_optimizers=_KEEP_APART,
        )

    def encode(self, text: str) -> NDArray[np.float32]:
        """float32 [hidden], of unit length."""
        tokens = np.array(self._ids(text))
        embeddings = self._words.rows(tokens) + self._places[: len(tokens)]
        (vector,) = self._session.run(None, {INPUT: embeddings[np.newaxis]})
        return np.asarray(vector[0], np.float32)

    def tokens(self, text: str) -> int:
        """How many tokens are read of a text."""
        return len(self._ids(text))

    def _ids(self, text: str) -> list[int]:
        # Lone surrogates come from broken files and are no UTF-8.
        return list(self._tokenizer.encode(text.encode(errors="replace").decode()).ids)
