"""How far words stand from one another (*proximité*)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise


def stand_near(sequence: Sequence[str], words: Sequence[str], distance: int) -> bool:
    """Whether each word stands with the next one at most `distance` words between, either way."""
    places = {word: [place for place, held in enumerate(sequence) if held == word] for word in words}
    return all(
        any(0 < abs(first - second) <= distance + 1 for first in places[one] for second in places[other])
        for one, other in pairwise(words)
    )
