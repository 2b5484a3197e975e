"""How well each mode finds, on queries judged by people who know (*évaluation de la recherche*)."""

from indexer.evaluation.collection import Collection, InvalidCollection, read_collection
from indexer.evaluation.measures import Comparison, Figure, compare, measured, summary
from indexer.evaluation.remembering import RememberingEmbedder
from indexer.evaluation.runs import Run, run_modes

__all__ = [
    "Collection",
    "Comparison",
    "Figure",
    "InvalidCollection",
    "RememberingEmbedder",
    "Run",
    "compare",
    "measured",
    "read_collection",
    "run_modes",
    "summary",
]
