"""Any sentence-transformers model on the disk behind the `Embedder` contract: the extra `[sentence-transformers]`."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cached_property
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from indexer.embedder import Vectors


class SentenceTransformerEmbedder:
    """The model in `directory`, never fetched from a network. Its own prompts for queries and documents are used.

    `floor` is the model's own (`Embedder.floor`): measure it, or leave 0 and every near passage is listed.
    Loading imports torch, some seconds and hundreds of megabytes: it waits for the first text.
    """

    def __init__(self, directory: Path, *, floor: float = 0.0, batch: int = 16) -> None:
        if not (directory / "modules.json").is_file():
            raise FileNotFoundError(f"{directory} holds no sentence-transformers model")
        self._directory = directory
        self.floor = floor
        self._batch = batch
        self._lock = threading.Lock()

    @cached_property
    def name(self) -> str:
        """The directory's name and a digest of its weights' names, sizes and configuration."""
        digest = blake2b(digest_size=8)
        for path in sorted(self._directory.rglob("*")):
            if path.is_file():
                digest.update(f"{path.relative_to(self._directory)}:{path.stat().st_size};".encode())
                if path.suffix == ".json" and path.stat().st_size < 1 << 16:
                    digest.update(path.read_bytes())
        return f"sentence-transformers/{self._directory.name}/{digest.hexdigest()}"

    @cached_property
    def dimensions(self) -> int:
        pooling = self._directory / "1_Pooling" / "config.json"
        if pooling.is_file():
            return int(json.loads(pooling.read_text())["word_embedding_dimension"])
        return int(self._model.get_sentence_embedding_dimension())

    @cached_property
    def _model(self) -> Any:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  # an extra, and slow to import

        return SentenceTransformer(str(self._directory), device="cpu", local_files_only=True)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, "document")

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, "query")

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with self._lock:
            model = self._model
            found = model.encode(
                list(texts),
                prompt_name=prompt if prompt in model.prompts else None,
                batch_size=self._batch,
                normalize_embeddings=True,
                show_progress_bar=False,
            )
        return np.asarray(found, np.float32)
