"""Figures of a ranking, how sure they are, and the collections they are taken on."""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from indexer.evaluation import (
    InvalidCollection,
    RememberingEmbedder,
    compare,
    measured,
    read_collection,
    run_modes,
    summary,
)
from indexer.hashing import HashingEmbedder
from indexer.language import read
from indexer.query import Mode


def collection(folder: Path, *, zipped: bool = False) -> Path:
    documents = [
        {"id": "d1", "title": "Faute inexcusable", "text": "La rente ne répare pas le déficit fonctionnel."},
        {
            "id": "d2",
            "title": "Bail",
            "text": "Le bailleur délivre un logement décent.",
            "path": ["Code civil", "Bail"],
        },
        {
            "id": "d3",
            "title": "",
            "text": "Pourvoi sans moyen.",
            "numbers": ["21-20723"],
            "decision_date": "2023-11-17",
        },
    ]
    queries = [
        {"id": "q1", "text": "déficit fonctionnel", "source": "sommaire", "size": 3},
        {"id": "q2", "text": "logement décent", "source": "titre", "size": 4},
        {"id": "q3", "text": "21-20.723", "source": "titre"},
        {"id": "q4", "text": "que personne n'a jugé", "source": "titre"},
    ]
    lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in documents)
    if zipped:
        (folder / "corpus.jsonl.gz").write_bytes(gzip.compress(lines.encode()))
    else:
        (folder / "corpus.jsonl").write_text(lines, "utf-8")
    (folder / "queries.jsonl").write_text("".join(json.dumps(one) + "\n" for one in queries), "utf-8")
    (folder / "qrels.tsv").write_text(
        "query_id\tdoc_id\trelevance\nq1\td1\t2\nq2\td2\t1\nq3\td3\t2\nq2\td9\t2\nq4\td1\t0\n"
    )
    return folder


@pytest.mark.parametrize("zipped", [False, True])
def test_every_mode_is_asked_as_a_reader_asks(tmp_path: Path, zipped: bool) -> None:
    """Words, meaning and both list the documents judged relevant; a number finds its decision."""
    found = read_collection(collection(tmp_path, zipped=zipped))
    assert found.grades == {"q1": {"d1": 2}, "q2": {"d2": 1}, "q3": {"d3": 2}}
    runs = run_modes(found, tmp_path / "work", HashingEmbedder(), read=read)
    assert set(runs) == set(Mode)
    for mode in (Mode.LEXICAL, Mode.HYBRID):
        assert {query: ranked[0] for query, ranked in runs[mode].rankings.items()} == {
            "q1": "d1",
            "q2": "d2",
            "q3": "d3",
        }
        assert summary(measured(runs[mode].rankings, found.grades))["ndcg@10"].mean == 1.0
        assert len(runs[mode].seconds) == 3


def test_conditions_choose_queries(tmp_path: Path) -> None:
    """`--where` keeps the queries whose field says so, numbers too; none at all is said in a sentence."""
    folder = collection(tmp_path)
    assert set(read_collection(folder, where={"source": "titre"}).queries) == {"q2", "q3"}
    assert set(read_collection(folder, where={"size": "3"}).queries) == {"q1"}
    with pytest.raises(InvalidCollection, match="vérifiez --where"):
        read_collection(folder, where={"source": "aucune"})


def test_the_same_queries_on_another_corpus(tmp_path: Path) -> None:
    """With another corpus, only queries that it answers are asked."""
    folder = collection(tmp_path)
    other = tmp_path / "other.jsonl"
    other.write_text('{"id": "d2", "text": "Bail."}\n\n{"id": "d7", "text": "Vente."}\n', "utf-8")
    found = read_collection(folder, other)
    assert (set(found.queries), set(found.records)) == ({"q2"}, {"d2", "d7"})


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("corpus.jsonl", '{"id": "d1"}\n', "corpus.jsonl », ligne 1"),
        ("corpus.jsonl", '{"id": "d1", "text": ""}\n[]\n', "ligne 2"),
        ("queries.jsonl", "{", "queries.jsonl », ligne 1"),
        ("qrels.tsv", "query_id\tdoc_id\trelevance\nq1\td1\n", "qrels.tsv », ligne 2"),
        ("qrels.tsv", None, "ne peut pas être lu"),
        ("queries.jsonl", None, "ne peut pas être lu"),
        ("corpus.jsonl", None, "n'est pas un jeu d'évaluation"),
    ],
)
def test_a_broken_collection_is_told_where(tmp_path: Path, name: str, text: str | None, said: str) -> None:
    """The sentence names the file and the line."""
    folder = collection(tmp_path)
    if text is None:
        (folder / name).unlink()
    else:
        (folder / name).write_text(text, "utf-8")
    with pytest.raises(InvalidCollection, match=said):
        read_collection(folder)


def test_figures_are_those_of_the_definitions() -> None:
    """nDCG by gain over log rank, recall of what the list had room for, reciprocal rank, success within ten."""
    ranked = ["x", "a", "y", "b", *(f"z{number}" for number in range(96))]
    found = measured({"q": ranked}, {"q": {"a": 2, "b": 1, "c": 1}, "never asked": {"a": 1}})
    ideal = 2 + 1 / math.log2(3) + 1 / math.log2(4)
    assert found["q"]["ndcg@10"] == pytest.approx((2 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert found["q"]["recall@10"] == found["q"]["recall@100"] == pytest.approx(2 / 3)
    assert (found["q"]["mrr"], found["q"]["success@10"]) == (0.5, 1.0)
    assert set(found["never asked"].values()) == {0.0}
    many = {f"r{number}": 1 for number in range(200)}
    assert measured({"q": list(many)[:100]}, {"q": many})["q"]["recall@100"] == 1.0


def test_a_difference_is_told_from_chance() -> None:
    """A steady gain over 40 queries is established, a coin's throw is not; intervals hold the mean."""
    dice = np.random.default_rng(1)
    base = {
        f"q{number}": dict.fromkeys(("ndcg@10", "recall@10", "recall@100", "mrr", "success@10"), float(dice.random()))
        for number in range(40)
    }
    better = {
        query: {name: value + 0.05 * float(dice.random()) for name, value in one.items()} for query, one in base.items()
    }
    tossed = {query: {name: value + float(dice.normal()) for name, value in one.items()} for query, one in base.items()}
    assert compare(better, base, "mrr").p < 0.001
    assert compare(better, base, "mrr").difference > 0
    assert compare(tossed, base, "mrr").p > 0.05
    assert compare(base, base, "mrr").p == 1.0
    assert compare(base, {}, "mrr").p == 1.0
    figure = summary(base)["mrr"]
    assert figure.low < figure.mean < figure.high


class Counting(HashingEmbedder):
    def __init__(self) -> None:
        super().__init__()
        self.embedded: list[str] = []

    def passages(self, texts: Sequence[str]) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        self.embedded += texts
        return super().passages(texts)


def test_a_text_is_embedded_once(tmp_path: Path) -> None:
    """Vectors are kept by model, role and text; a row cut short by a power cut is made again."""
    texts = ["un", "deux", "un", "trois"]
    model, told = Counting(), []
    first = RememberingEmbedder(model, tmp_path, told=lambda done, total: told.append((done, total)))
    made = first.passages(texts)
    assert model.embedded == ["un", "deux", "trois"]
    np.testing.assert_array_equal(made, HashingEmbedder().passages(texts))
    np.testing.assert_array_equal(first.queries(["un"]), HashingEmbedder().queries(["un"]))
    seen = len(model.embedded)
    again = RememberingEmbedder(model, tmp_path)
    np.testing.assert_array_equal(again.passages(["trois", "deux"]), made[[3, 1]])
    assert len(model.embedded) == seen
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:-7])
    np.testing.assert_array_equal(RememberingEmbedder(model, tmp_path).passages(texts), made)
    assert again.passages([]).shape == (0, model.dimensions)
    assert told == []
