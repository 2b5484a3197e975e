"""Fusion by rank."""

from __future__ import annotations

import pytest

from indexer.fusion import CONSTANT, Ranking, fuse


def test_what_both_lists_hold_comes_first() -> None:
    """An item found twice outranks the first of either list."""
    assert [item for item, _ in fuse(Ranking("abc", 1.0), Ranking("xby", 1.0))] == ["b", "a", "x", "c", "y"]


def test_score_is_the_weighted_sum_of_reciprocal_ranks() -> None:
    """The formula is the authors'."""
    scores = dict(fuse(Ranking("ab", 0.5), Ranking("b", 2.0)))
    assert scores["a"] == pytest.approx(0.5 / (CONSTANT + 1))
    assert scores["b"] == pytest.approx(0.5 / (CONSTANT + 2) + 2.0 / (CONSTANT + 1))


def test_a_list_without_weight_orders_nothing() -> None:
    """Its items come last, and the other list keeps its order."""
    assert [item for item, _ in fuse(Ranking("zab", 0.0), Ranking("bac", 1.0))] == ["b", "a", "c", "z"]


def test_nothing_fused_is_nothing() -> None:
    """No list, or empty ones, give an empty list."""
    assert fuse() == fuse(Ranking("", 1.0)) == []
