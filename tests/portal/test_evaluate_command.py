"""`minutier evaluate` from a shell: figures as a table or as JSON, kept and compared; bad input told in a sentence."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import portal.app
from indexer.hashing import HashingEmbedder
from portal.cli import main

MEASURES = {"ndcg@10", "recall@10", "recall@100", "mrr", "success@10", "p50_ms", "p95_ms"}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("MINUTIER_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(portal.app, "open_embedder", HashingEmbedder)
    found = tmp_path / "set"
    found.mkdir()
    (found / "corpus.jsonl").write_text(
        '{"id": "a", "text": "Le bail rural."}\n{"id": "b", "text": "La vente."}\n', "utf-8"
    )
    (found / "queries.jsonl").write_text(
        '{"id": "q1", "text": "bail", "kind": "mot"}\n{"id": "q2", "text": "vente"}\n', "utf-8"
    )
    (found / "qrels.tsv").write_text("query\tdoc\tgrade\nq1\ta\t1\nq2\tb\t2\n", "utf-8")
    return found


def test_figures_by_mode_in_one_json_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--json` prints every measure of every mode; the vectors made are kept under XDG_CACHE_HOME."""
    assert main(["evaluate", str(folder), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {mode: set(figures) for mode, figures in found.items()} == dict.fromkeys(
        ("hybrid", "lexical", "semantic"), MEASURES
    )
    assert found["lexical"]["ndcg@10"] == found["hybrid"]["mrr"] == 1.0
    assert list((folder.parent / "cache" / "minutier" / "evaluation").glob("*.vectors"))


def test_two_runs_are_compared(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Figures are kept by query; a later run says the difference and whether it may be chance."""
    kept = folder.parent / "kept.json"
    assert main(["evaluate", str(folder), "--mode", "lexical", "--save", str(kept)]) == 0
    assert set(json.loads(kept.read_text())["lexical"]) == {"q1", "q2"}
    capsys.readouterr()
    assert main(["evaluate", str(folder), "--against", str(kept), "--where", "kind=mot"]) == 0
    said = capsys.readouterr().out
    assert "set : 1 requêtes, 2 documents" in said
    assert "[intervalle à 95 %]" in said
    assert "hybrid, au lieu de semantic : ndcg@10" in said
    assert "lexical, depuis le résultat gardé : ndcg@10 +0.000, p = 1.0000 (peut être le hasard)" in said


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--where", "kind"], "n'est pas une condition"),
        (["--where", "kind=rien"], "vérifiez --where"),
        (["--against", "nulle-part.json"], "n'est pas un résultat gardé"),
        (["--corpus", "nulle-part.jsonl"], "ne peut pas être lu"),
    ],
)
def test_bad_input_is_a_sentence(folder: Path, capsys: pytest.CaptureFixture[str], words: list[str], said: str) -> None:
    """Nothing is measured, and the sentence says what to do."""
    assert main(["evaluate", str(folder), *words]) == 1
    assert said in capsys.readouterr().err
