"""How well each mode finds, on queries judged by editors: `python -m tests.bench.bench_meaning [DOCUMENTS]`.

Reads the evaluation sets of `MINUTIER_CORPORA`; of the large ones, so many documents: those relevant to
the queries asked, and others drawn by lot. Prints nDCG@10 and recall@100 of each mode, and of fusion by
rank (RRF) as the peer of our fusion by score; then what lists of nonsense the floor lets through.
"""

from __future__ import annotations

import argparse
import gzip
import json
import math
import os
import random
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from indexer import HybridSearch, Mode, Query, Record, TantivyIndex
from indexer.e5 import E5Embedder
from indexer.meaning import MeaningIndex
from indexer.vectors import VectorIndex

SETS = ("cassation_abstracts", "statutes_20k", "collective_agreements")
QUERIES = 120
READER = frozenset({"public"})
NONSENSE = (
    "xyzzy",
    "recette de tarte aux pommes",
    "Dupont",
    "météo demain à Paris",
    "azertyuiop qwerty",
    "the quick brown fox",
    "photosynthèse des algues",
    "guitare électrique",
)
_RANK = 60


@dataclass(frozen=True)
class Judged:
    """Queries with the grade of each relevant document, and the documents."""

    queries: Mapping[str, str]
    grades: Mapping[str, Mapping[str, int]]
    records: Sequence[Record]


def _read(folder: Path, documents: int) -> Judged:
    dice = random.Random(1)
    with gzip.open(folder / "corpus.jsonl.gz", "rt") as lines:
        corpus = {found["id"]: found for found in map(json.loads, lines)}
    grades: dict[str, dict[str, int]] = {}
    for line in (folder / "qrels.tsv").read_text().splitlines()[1:]:
        query, document, grade = line.split("\t")
        if document in corpus:
            grades.setdefault(query, {})[document] = int(grade)
    asked = [json.loads(line) for line in (folder / "queries.jsonl").read_text().splitlines()]
    asked = [
        one for one in asked if one["id"] in grades and one.get("n_explicit", 1) and one.get("current_codes_only", 1)
    ]
    dice.shuffle(asked)
    asked = asked[:QUERIES]
    kept = {document for one in asked for document in grades[one["id"]]}
    others = sorted(corpus.keys() - kept)
    dice.shuffle(others)
    kept.update(others[: max(0, documents - len(kept))])
    return Judged({one["id"]: one["text"] for one in asked}, grades, [_record(corpus[name]) for name in sorted(kept)])


def _record(found: Mapping[str, object]) -> Record:
    path = found.get("path", [])
    return Record(
        id=str(found["id"]),
        document=str(found["id"]),
        kind="texte",
        title=str(found["title"]),
        labels=READER,
        published=True,
        themes="\n".join(path) if isinstance(path, list) else "",
        zones={"texte": str(found["text"])},
    )


def _gain(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    def sum_of(values: Sequence[int]) -> float:
        return sum((2**value - 1) / math.log2(place + 2) for place, value in enumerate(values[:10]))

    best = sum_of(sorted(grades.values(), reverse=True))
    return sum_of([grades.get(document, 0) for document in ranked]) / best


def _recall(ranked: Sequence[str], grades: Mapping[str, int]) -> float:
    return len(set(ranked[:100]) & grades.keys()) / min(100, len(grades))


def _by_rank(*lists: Sequence[str]) -> list[str]:
    scores: dict[str, float] = {}
    for ranked in lists:
        for rank, document in enumerate(ranked, 1):
            scores[document] = scores.get(document, 0.0) + 1 / (_RANK + rank)
    return sorted(scores, key=lambda document: -scores[document])


def _measure(judged: Judged, folder: Path, embedder: E5Embedder) -> None:
    index = TantivyIndex(folder / "lexical", writer=True)
    index.replace(judged.records)
    meaning = MeaningIndex(VectorIndex(folder / "writer", writer=True), embedder)
    start = time.perf_counter()
    meaning.replace(judged.records)
    vectors = VectorIndex(folder / "writer")
    seconds = time.perf_counter() - start
    print(f"  {len(vectors)} passages embedded and written, {len(vectors) / seconds:.1f} a second")
    search = HybridSearch(index, vectors, embedder)
    lists: dict[str, dict[str, list[str]]] = {mode.value: {} for mode in Mode}
    for name, text in judged.queries.items():
        for mode in Mode:
            page = search.search(Query(text=text, labels=READER, mode=mode, size=100, extracts=0, facets=()))
            lists[mode.value][name] = [hit.document for hit in page.hits]
    lists["by rank (RRF)"] = {
        name: _by_rank(lists["lexical"][name], lists["semantic"][name]) for name in judged.queries
    }
    for name, found in lists.items():
        gain = sum(_gain(ranked, judged.grades[query]) for query, ranked in found.items()) / len(found)
        recall = sum(_recall(ranked, judged.grades[query]) for query, ranked in found.items()) / len(found)
        print(f"  {name:<24}nDCG@10 {gain:.3f}   recall@100 {recall:.3f}", flush=True)
    for text in NONSENSE:
        page = search.search(Query(text=text, labels=READER, mode=Mode.SEMANTIC, size=100, extracts=0))
        print(f"  by meaning, « {text} »: {page.total} listed")
    search.close()
    meaning.close()


def main(documents: int = 600) -> None:
    folder = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data") / "eval"
    if not folder.is_dir():
        print(f"Meaning: no evaluation sets at {folder}")
        return
    embedder = E5Embedder()
    for name in SETS:
        judged = _read(folder / name, documents)
        print(f"Meaning, {name}: {len(judged.queries)} queries, {len(judged.records)} documents")
        with tempfile.TemporaryDirectory() as work:
            _measure(judged, Path(work), embedder)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", nargs="?", type=int, default=600)
    main(parser.parse_args().documents)
