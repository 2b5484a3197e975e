"""Words and meaning into one order: a weighted sum of both scores (Bruch, Gai and Ingber 2023, arXiv:2210.11934).

Each score is set on a scale from 0 to 1: a lexical one against the best of its list, a cosine between
what unrelated texts reach and the best of its list. Fusion by rank alone (RRF) forgets how much better
the best is: its first ten were worse on each set, its first hundred as good or a little fuller
(tests/bench/bench_meaning.py prints both).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping


def fuse(
    words: Mapping[str, float],
    meaning: Mapping[str, float],
    *,
    share: float,
    floor: float,
    unread: Collection[str] = (),
) -> list[tuple[str, float]]:
    """Every document of the two lists once with its score, best first.

    `words` are lexical scores above 0 and `meaning` cosines above `floor`, each by document; `share` is
    what words count of the whole. `unread` have no vector yet: nothing says that their meaning is far, so
    their words count whole. Of equal scores what words found comes first, then by document: the best of
    either list alone are equal where they share nothing.
    """
    best = max(words.values(), default=1.0)
    nearest = max(meaning.values(), default=1.0)
    scores = {document: (1.0 if document in unread else share) * score / best for document, score in words.items()}
    for document, cosine in meaning.items():
        near = (cosine - floor) / (nearest - floor)
        scores[document] = scores.get(document, 0.0) + (1 - share) * near
    return sorted(scores.items(), key=lambda scored: (-scored[1], scored[0] not in words, scored[0]))
