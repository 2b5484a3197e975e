"""The contract of a model that turns text into vectors of unit length."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
"""float32 [n, dimensions], rows of unit length."""


class Embedder(Protocol):
    """Meaning as numbers (*vecteurs de sens*). The model's own prompts are its business."""

    @property
    def name(self) -> str:
        """Changes when the vectors change; vectors of another name are thrown away and made anew."""
        ...

    @property
    def dimensions(self) -> int: ...

    @property
    def floor(self) -> float:
        """The cosine that texts which have nothing in common reach: no more than this is no finding."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors: ...

    def queries(self, texts: Sequence[str]) -> Vectors: ...
