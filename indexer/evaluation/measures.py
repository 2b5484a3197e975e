"""Figures of a ranking against what is relevant, as trec_eval defines them, and how sure they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pytrec_eval
from numpy.typing import NDArray

MEASURES: Final = ("ndcg@10", "recall@10", "recall@100", "mrr", "success@10")
_ASKED: Final = {"ndcg_cut.10", "P.10,100", "recip_rank", "success.10"}
_DRAWS: Final = 10_000
_SEED: Final = 20_01

Figures = Mapping[str, Mapping[str, float]]
"""Each measure by query."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A mean over queries, and its 95 % interval by the bootstrap (Sakai 2006)."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` of two means over the same queries; `p` that chance alone brings as much (randomization test)."""

    difference: float
    p: float


def measured(
    rankings: Mapping[str, Sequence[str]], grades: Mapping[str, Mapping[str, int]]
) -> dict[str, dict[str, float]]:
    """Each measure of each query's ranking, best first. A query without a ranking counts nought.

    Recall is of what the list had room for: divided by the number relevant, or by the list's length where that is less.
    """
    run = {
        query: {document: float(len(ranked) - place) for place, document in enumerate(ranked)}
        for query, ranked in rankings.items()
    }
    evaluator = pytrec_eval.RelevanceEvaluator({query: dict(found) for query, found in grades.items()}, _ASKED)
    told = evaluator.evaluate(run)
    found: dict[str, dict[str, float]] = {}
    for query, relevant in grades.items():
        one = told.get(query, {})
        found[query] = {
            "ndcg@10": one.get("ndcg_cut_10", 0.0),
            "recall@10": one.get("P_10", 0.0) * 10 / min(10, len(relevant)),
            "recall@100": one.get("P_100", 0.0) * 100 / min(100, len(relevant)),
            "mrr": one.get("recip_rank", 0.0),
            "success@10": one.get("success_10", 0.0),
        }
    return found


def summary(figures: Figures) -> dict[str, Figure]:
    """The mean of each measure over all queries."""
    return {measure: _mean(_values(figures, measure)) for measure in MEASURES}


def compare(ours: Figures, theirs: Figures, measure: str) -> Comparison:
    """Two-sided paired randomization test (Smucker, Allan and Carterette 2007) over the queries of both."""
    shared = sorted(ours.keys() & theirs.keys())
    differences = np.array([ours[query][measure] - theirs[query][measure] for query in shared])
    if not len(differences):
        return Comparison(0.0, 1.0)
    observed = abs(differences.mean())
    dice = np.random.default_rng(_SEED)
    reached = 0
    for _ in range(_DRAWS // 100):
        signs = dice.integers(0, 2, (100, len(differences)), np.int8) * 2 - 1
        reached += int((np.abs((signs * differences).mean(axis=1)) >= observed - 1e-12).sum())
    return Comparison(float(differences.mean()), (reached + 1) / (_DRAWS + 1))


def _values(figures: Figures, measure: str) -> NDArray[np.float64]:
    return np.array([figures[query][measure] for query in sorted(figures)])


def _mean(values: NDArray[np.float64]) -> Figure:
    dice = np.random.default_rng(_SEED)
    means = np.concatenate(
        [values[dice.integers(0, len(values), (100, len(values)))].mean(axis=1) for _ in range(_DRAWS // 100)]
    )
    low, high = np.quantile(means, (0.025, 0.975))
    return Figure(float(values.mean()), float(low), float(high))
