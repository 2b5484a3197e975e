"""How well similar cases are found: `python -m tests.bench.bench_likeness`.

Decisions of `MINUTIER_CORPORA` whose *titrages* open with the same heading are silver pairs; neither titrages nor
summaries are given to the search. Beside it stands BM25 with the whole text as the query, and each half alone. Prints
recall@10, success@5 and the time of one search; asserts nothing.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date
from math import log
from pathlib import Path
from typing import Any

from indexer import Record, TantivyIndex
from indexer.analysis import STOP_WORDS, stem, words
from indexer.e5 import E5Embedder
from indexer.likeness import Likeness, Resemblance, Share
from indexer.meaning import MeaningIndex
from indexer.vectors import VectorIndex
from ingest.citations import cite
from ingest.zones import split
from tests.bench.court import percentiles

READER = frozenset({"public"})
SHARES = {
    "words alone": Share(words=1, meaning=0, citations=0),
    "meaning alone": Share(words=0, meaning=1, citations=0),
    "citations alone": Share(words=0, meaning=0, citations=1),
    "words and meaning": Share(words=0.6, meaning=0.4, citations=0),
    "all three": Share(),
}


def _record(found: Mapping[str, Any]) -> Record:
    text = found["text"]
    zones: dict[str, str] = {}
    for zone in split(text):
        zones[zone.name] = f"{zones.get(zone.name, '')}\n{text[zone.start : zone.end]}".strip()
    return Record(
        id=found["id"],
        document=found["id"],
        kind="arret",
        title="",
        labels=READER,
        published=True,
        numbers=tuple("".join(filter(str.isdigit, number)) for number in found["numbers"]),
        ecli=found["ecli"],
        date=date.fromisoformat(found["decision_date"]),
        zones=zones or {"texte": text},
        cites=tuple(dict.fromkeys(citation.value for citation in cite(text))),
    )


def _headings(found: Mapping[str, Any]) -> set[str]:
    return {
        " ".join(words(chain["text"].split(" - ")[0])) for chain in found["titrages"] if chain["type"] == "PRINCIPAL"
    }


def _bm25(records: Sequence[Record]) -> dict[str, list[str]]:
    """Whole texts as queries (Robertson's k1 = 1.2, b = 0.75), stems, grammatical words left out."""
    bags = {
        record.document: Counter(
            stem(word) for text in record.zones.values() for word in words(text) if word not in STOP_WORDS
        )
        for record in records
    }
    lengths = {document: bag.total() for document, bag in bags.items()}
    mean = sum(lengths.values()) / len(lengths)
    holding = Counter(term for bag in bags.values() for term in bag)
    rarity = {term: log(1 + (len(bags) - count + 0.5) / (count + 0.5)) for term, count in holding.items()}
    ranked = {}
    for document, asked in bags.items():
        scores = {
            other: sum(
                rarity[term] * bag[term] * 2.2 / (bag[term] + 1.2 * (0.25 + 0.75 * lengths[other] / mean))
                for term in asked
                if term in bag
            )
            for other, bag in bags.items()
            if other != document
        }
        ranked[document] = sorted(scores, key=lambda other: -scores[other])
    return ranked


def _show(name: str, ranked: Mapping[str, Sequence[str]], silver: Mapping[str, set[str]]) -> None:
    recall = [len(set(ranked[one][:10]) & pairs) / min(10, len(pairs)) for one, pairs in silver.items()]
    success = [bool(set(ranked[one][:5]) & pairs) for one, pairs in silver.items()]
    print(f"  {name:<34}recall@10 {sum(recall) / len(recall):.3f}   success@5 {sum(success) / len(success):.3f}")


def main() -> None:
    folder = Path(os.environ.get("MINUTIER_CORPORA") or Path(__file__).parents[3] / "shared" / "data") / "caselaw"
    if not folder.is_dir():
        print(f"Similar cases: no decisions at {folder}")
        return
    with gzip.open(folder / "decisions.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [json.loads(line) for line in lines]
    by_heading: dict[str, set[str]] = defaultdict(set)
    for one in found:
        for heading in _headings(one):
            by_heading[heading].add(one["id"])
    silver: dict[str, set[str]] = defaultdict(set)
    for members in by_heading.values():
        for member in members:
            silver[member] |= members - {member}
    silver = {name: pairs for name, pairs in silver.items() if pairs}
    records = [_record(one) for one in found]
    print(f"Similar cases: {len(records)} decisions, {len(silver)} with {sum(map(len, silver.values()))} silver pairs")
    _show("BM25, the whole text", _bm25(records), silver)
    embedder = E5Embedder()
    with tempfile.TemporaryDirectory() as work:
        index = TantivyIndex(Path(work) / "words", writer=True)
        index.replace(records)
        meaning = MeaningIndex(VectorIndex(Path(work) / "meaning", writer=True), embedder)
        meaning.replace(records)
        vectors = VectorIndex(Path(work) / "meaning")
        for name, share in SHARES.items():
            resemblance = Resemblance(index, vectors, embedder, share)
            ranked, times = {}, []
            for record in records:
                start = time.perf_counter()
                like = resemblance.find(Likeness(record=record, labels=READER))
                times.append(time.perf_counter() - start)
                ranked[record.document] = [one.hit.document for one in like]
            _show(name, ranked, silver)
        p50, p95, _ = percentiles(times)
        print(f"  one search: p50 {p50:.1f} ms, p95 {p95:.1f} ms")
        meaning.close()
        index.close()


if __name__ == "__main__":
    main()
