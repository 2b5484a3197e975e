"""Figures of the embedder on this machine: `python -m tests.bench.bench_embedding [COUNT]`.

Prints passages of 200 words embedded a second, and how near the vectors are to the float32 model's, for
the graph as it is used and for what it was chosen over. Then the time of a query.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from indexer.e5 import E5Embedder
from indexer.e5.encoder import Encoder
from indexer.e5.graph import INPUT, make_graph
from indexer.e5.pack import Pack, find_pack
from tests.bench.corpus import Corpus

WORDS = 200
Embed = Callable[[list[str]], NDArray[np.float32]]


def passages(count: int) -> list[str]:
    """Passages of the court's decisions where they are there, else of invented ones."""
    folder = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data")
    decisions = folder / "caselaw" / "decisions.jsonl.gz"
    words: list[str] = []
    if decisions.is_file():
        with gzip.open(decisions, "rt") as lines:
            for line in lines:
                words += json.loads(line)["text"].split()
                if len(words) > count * WORDS:
                    break
    else:
        for record in Corpus(1000).records():
            words += " ".join(record.zones.values()).split()
            if len(words) > count * WORDS:
                break
    return ["passage: " + " ".join(words[at * WORDS : (at + 1) * WORDS]) for at in range(count)]


def one_by_one(encoder: Encoder) -> Embed:
    """As `E5Embedder` does: a text a run, on all cores."""

    def embed(texts: list[str]) -> NDArray[np.float32]:
        with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as threads:
            return np.stack(list(threads.map(encoder.encode, texts)))

    return embed


def fused(pack: Pack) -> Encoder:
    """Our graph, with onnxruntime's fusion of addition and normalisation left on."""
    encoder = Encoder(pack)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    encoder._session = ort.InferenceSession(make_graph(pack).SerializeToString(), options)
    return encoder


def by_operation(pack: Pack, texts: list[str]) -> None:
    """Where a text's time goes, on one core, and the arithmetic that its products reach."""
    encoder = Encoder(pack)
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.enable_profiling = True
    with tempfile.TemporaryDirectory() as folder:
        options.profile_file_prefix = f"{folder}/profile"
        session = ort.InferenceSession(
            make_graph(pack).SerializeToString(), options, disabled_optimizers=["SkipLayerNormFusion"]
        )
        lengths = [encoder.tokens(text) for text in texts]
        for length in lengths:
            session.run(None, {INPUT: np.ones((1, length, pack.shape.hidden), np.float32)})
        events = json.loads(Path(session.end_profiling()).read_text("ascii"))
    spent: Counter[str] = Counter()
    for event in events:
        if event.get("cat") == "Node" and event["name"].endswith("kernel_time"):
            spent[event["args"]["op_name"]] += event["dur"]
    shape = pack.shape
    products = 2 * sum(lengths) * shape.layers * shape.hidden * (4 * shape.hidden + 2 * shape.feed_forward)
    attention = 4 * sum(length**2 for length in lengths) * shape.layers * shape.hidden
    rates = {
        "DynamicQuantizeMatMul": f"{products / spent['DynamicQuantizeMatMul'] / 1e3:.0f} int8 operations a nanosecond",
        "MultiHeadAttention": f"{attention / spent['MultiHeadAttention'] / 1e3:.0f} float32 ones, its softmax in it",
    }
    for name, microseconds in spent.most_common(4):
        print(f"  {name:<52}{microseconds / len(texts) / 1e3:8.1f} ms  {rates.get(name, '')}")


def _line(name: str, rate: float, cosines: Any) -> None:
    print(f"  {name:<52}{rate:8.1f}{cosines.mean():10.4f}{cosines.min():9.4f}", flush=True)


def main(count: int = 64) -> None:
    texts = passages(count)
    pack = Pack(find_pack())
    start = time.perf_counter()
    ours = Encoder(pack)
    load = time.perf_counter() - start
    plain = Encoder(pack, quantised=False)
    tokens = np.mean([ours.tokens(text) for text in texts])
    print(
        f"Embedding: {count} passages of {WORDS} words, {tokens:.0f} tokens each, {len(os.sched_getaffinity(0))} cores"
    )
    print(f"  {'':<52}{'a second':>8}{'cosine':>10}{'least':>9}")
    exact: NDArray[np.float32] | None = None
    rates = {}
    for name, embed in (
        ("float32", one_by_one(plain)),
        ("int8, ours, addition and normalisation fused", one_by_one(fused(pack))),
        ("int8, ours", one_by_one(ours)),
    ):
        embed(texts[:2])
        start = time.perf_counter()
        vectors = embed(texts)
        rates[name] = count / (time.perf_counter() - start)
        exact = vectors if exact is None else exact
        _line(name, rates[name], (vectors * exact).sum(axis=1))
    print(f"  ours / float32: {rates['int8, ours'] / rates['float32']:.1f}; loading takes {load:.2f} s")
    by_operation(pack, texts[:16])
    embedder = E5Embedder()
    embedder.queries(["pourvoi"])
    times = []
    for number in range(50):
        start = time.perf_counter()
        embedder.queries([f"rupture de la période d’essai pendant la grossesse {number}"])
        times.append((time.perf_counter() - start) * 1e3)
    print(f"  a query never asked before: p50 {np.median(times):.1f} ms, p95 {np.percentile(times, 95):.1f} ms")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("passages", nargs="?", type=int, default=64)
    main(parser.parse_args().passages)
