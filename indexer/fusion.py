"""Two rankings into one: reciprocal rank fusion (Cormack, Clarke and Büttcher 2009).

Ranks are fused and not scores: a cosine and a BM25 score have no common measure.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

T = TypeVar("T", bound=Hashable)

CONSTANT: Final = 60.0
"""How slowly a rank's worth falls; the authors' value."""


@dataclass(frozen=True, slots=True)
class Ranking(Generic[T]):
    """One list, best first, and how much it counts."""

    items: Sequence[T]
    weight: float


def fuse(*rankings: Ranking[T]) -> list[tuple[T, float]]:
    """Every item of the lists once, by the sum of weight / (CONSTANT + rank), best first.

    Equal scores keep the order of the first list that holds them, so the outcome never depends on chance.
    """
    scores: dict[T, float] = {}
    for ranking in rankings:
        for rank, item in enumerate(ranking.items, 1):
            scores[item] = scores.get(item, 0.0) + ranking.weight / (CONSTANT + rank)
    return sorted(scores.items(), key=lambda scored: -scored[1])
