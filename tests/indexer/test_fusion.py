"""Words and meaning into one order."""

from __future__ import annotations

import pytest

from indexer.fusion import fuse


def order(words: dict[str, float], meaning: dict[str, float], share: float = 0.5) -> list[str]:
    return [document for document, _ in fuse(words, meaning, share=share, floor=0.8)]


def test_what_both_lists_hold_comes_first() -> None:
    """A document found by words and by meaning outranks the best of either list."""
    assert order({"a": 10, "b": 9, "c": 1}, {"x": 0.90, "b": 0.89, "y": 0.81})[0] == "b"


def test_scores_are_set_on_one_scale() -> None:
    """A lexical score counts against the best of its list, a cosine between the floor and the best of its own."""
    scores = dict(fuse({"a": 40, "b": 10}, {"b": 0.85, "c": 0.9}, share=0.6, floor=0.8))
    assert scores == pytest.approx({"a": 0.6, "b": 0.6 / 4 + 0.4 / 2, "c": 0.4})


def test_how_much_better_the_best_is_counts() -> None:
    """A hit far ahead of its list beats one that is second in both."""
    assert order({"a": 100, "b": 5}, {"x": 0.9, "b": 0.81}) == ["a", "x", "b"]


def test_one_list_alone_keeps_its_order() -> None:
    """Where words find nothing, meaning orders; and the other way round."""
    assert order({}, {"x": 0.85, "y": 0.9}) == ["y", "x"]
    assert order({"a": 1, "b": 2}, {}) == ["b", "a"]
    assert order({}, {}) == []


def test_ties_do_not_depend_on_chance() -> None:
    """Equal scores are ordered by document."""
    assert order({"b": 1, "a": 1}, {}) == order({"a": 1, "b": 1}, {}) == ["a", "b"]


def test_the_best_by_words_leads_the_best_by_meaning_where_they_share_nothing() -> None:
    """A decision that holds the words leads one that is only near, whatever their names: also before it has vectors."""
    assert order({"z": 40}, {"a": 0.95}) == ["z", "a"]
    assert order({"a": 40}, {"z": 0.95}) == ["a", "z"]


def test_words_count_whole_where_no_vector_is_made_yet() -> None:
    """One that has its vector already does not pass a better match that still waits for its own."""
    words, meaning = {"waits": 40.0, "read": 30.0, "far": 39.0}, {"read": 0.95}
    assert fuse(words, meaning, share=0.5, floor=0.8)[0][0] == "read"
    waiting = fuse(words, meaning, share=0.5, floor=0.8, unread={"waits"})
    assert waiting == [("waits", 1.0), ("read", pytest.approx(0.875)), ("far", pytest.approx(0.4875))]
