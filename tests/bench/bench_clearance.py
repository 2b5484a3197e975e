"""What clearance costs: `python -m tests.bench.bench_clearance [N]`, 100,000 documents by default.

The same full page for a reader of 500 labels, whose filter is met by every document, and with the filter taken out,
query by query in turns; and how many labels members hold in a court of 2,000 members and ten times as many
documents. Asserts nothing.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from unittest.mock import patch

import tantivy
from sqlmodel import select

from indexer import Query, Record, TantivyIndex
from indexer.tantivy.clauses import const
from indexer.tantivy.shard import Snapshot
from portal.policy.clearances import member_of
from portal.policy.policy import Policy
from portal.policy.roll import read_standing
from portal.store.database import Database
from portal.store.schema import upgrade
from portal.store.tables import MemberRow, now
from tests.bench.corpus import DOSSIERS, Corpus, queries
from tests.bench.court import percentiles
from tests.bench.staff import PIECES, fill

LABELS = 500
EVERYTHING = frozenset({"everything"})
"""Stands for a page without any filter of clearance."""
MEMBERS = 2_000


def _batches(corpus: Corpus) -> Iterator[list[Record]]:
    rest = corpus.records()
    while batch := list(islice(rest, 1000)):
        yield batch


def _pages(size: int) -> None:
    files = {f"dossier:{number}" for number in range(DOSSIERS)}
    cleared = frozenset({"public", *files, *(f"g:{number}" for number in range(LABELS - DOSSIERS - 1))})
    filtering = Snapshot._cleared

    def either(self: Snapshot, labels: frozenset[str]) -> tantivy.Query | None:
        return const(tantivy.Query.all_query(), 0.0) if labels == EVERYTHING else filtering(self, labels)

    with tempfile.TemporaryDirectory(prefix="minutier-bench-") as name, patch.object(Snapshot, "_cleared", either):
        index = TantivyIndex(Path(name), writer=True)
        with index.batch():
            for records in _batches(Corpus(size)):
                index.replace(records)
        index.close()
        reader = TantivyIndex(Path(name))
        texts = queries(200)
        times: dict[frozenset[str], list[float]] = {cleared: [], EVERYTHING: []}
        for warm in (True, False):
            for text in texts[:20] if warm else texts:
                for labels, spent in times.items():
                    start = time.perf_counter()
                    page = reader.search(Query(text=text, labels=labels))
                    if not warm:
                        spent.append(time.perf_counter() - start)
                    assert page is not None
        print(f"Full pages over {size:,} documents: 7 facets, 20 × 2 extracts            p50      p95      p99  ms")
        figures = {}
        for labels, spent in times.items():
            figures[labels] = percentiles(spent)
            title = "without any filter" if labels == EVERYTHING else f"cleared for it all by {len(labels)} labels"
            print(f"  {title:<60}" + "".join(f"{one:9.2f}" for one in figures[labels]), flush=True)
        ratio = " / ".join(f"{a / b:.2f}" for a, b in zip(figures[cleared], figures[EVERYTHING], strict=True))
        print(f"  ratio {ratio} (aim: 1.3)")


def _labels(documents: int) -> None:
    with tempfile.TemporaryDirectory(prefix="minutier-bench-") as name:
        database = Database(f"sqlite:///{name}/archive.sqlite")
        upgrade(database)
        with database.write() as session:
            fill(session, MEMBERS, documents)
        policy, counts, spent = Policy(), [], []
        with database.read() as session:
            for row in session.exec(select(MemberRow)).all():
                start = time.perf_counter()
                counts.append(len(policy.labels(read_standing(session, member_of(row), now()))))
                spent.append(time.perf_counter() - start)
        database.close()
    counts.sort()
    p50, p95, p99 = percentiles(spent)
    middle, sitting, busy = (counts[int(len(counts) * share)] for share in (0.5, 0.9, 0.99))
    print(f"Labels of {MEMBERS:,} members, {documents:,} documents in {documents // PIECES:,} case files:")
    print(f"  median {middle}, 90th percentile {sitting}, 99th {busy}, most {counts[-1]}")
    print(f"  read anew once a permission epoch: {p50:.2f} / {p95:.2f} / {p99:.2f} ms p50 / p95 / p99")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int, nargs="?", default=100_000)
    asked = parser.parse_args().documents
    _pages(asked)
    _labels(10 * asked)


if __name__ == "__main__":
    main()
