"""Figures of the lexical engine on this machine: `python -m tests.bench.bench_search [N] [--alone]`.

Prints documents indexed a second beside bare tantivy with the same fields, the latency of searches and
of full pages beside PostgreSQL and SQLite on the same texts, and the time from a commit to its finding.
Asserts nothing.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from itertools import islice
from pathlib import Path

import tantivy

from indexer import Query, Record, Sort, TantivyIndex
from indexer.fields import facet_values
from indexer.record import FACETS, ZONES
from tests.bench.corpus import READER, Corpus, queries

_CHUNK = 1000


Figures = tuple[float, float, float]
"""p50, p95, p99 in milliseconds."""


def _percentiles(run: Callable[[str], object], texts: list[str]) -> Figures:
    """After one warm-up round."""
    for text in texts[:20]:
        run(text)
    return _summary([_milliseconds(run, text) for text in texts])


def _in_turns(
    one: Callable[[str], object], other: Callable[[str], object], texts: list[str]
) -> tuple[Figures, Figures]:
    """Two engines, query by query, so that a busy machine slows both alike."""
    for text in texts[:20]:
        one(text)
        other(text)
    times = [(_milliseconds(one, text), _milliseconds(other, text)) for text in texts]
    return _summary([first for first, _ in times]), _summary([second for _, second in times])


def _milliseconds(run: Callable[[str], object], text: str) -> float:
    start = time.perf_counter()
    run(text)
    return (time.perf_counter() - start) * 1e3


def _summary(times: list[float]) -> Figures:
    times.sort()
    return times[len(times) // 2], times[int(len(times) * 0.95)], times[int(len(times) * 0.99)]


def _line(name: str, figures: Figures, note: str = "") -> None:
    print(f"  {name:<44}{figures[0]:9.2f}{figures[1]:9.2f}{figures[2]:9.2f}  {note}", flush=True)


def _chunks(records: Iterable[Record]) -> Iterator[list[Record]]:
    rest = iter(records)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def _timed(
    chunks: Iterable[list[Record]], write: Callable[[list[Record]], None], end: Callable[[], object]
) -> tuple[float, float]:
    """Wall and CPU seconds of writing, less those of making the texts."""
    wall = cpu = 0.0
    for chunk in chunks:
        start, used = time.perf_counter(), time.process_time()
        write(chunk)
        wall, cpu = wall + time.perf_counter() - start, cpu + time.process_time() - used
    start, used = time.perf_counter(), time.process_time()
    end()
    return wall + time.perf_counter() - start, cpu + time.process_time() - used


def _bare(folder: Path, corpus: Corpus) -> tuple[float, float]:
    """tantivy by its own means: French words on the whole and on a field a zone, exact words, facets, stored text."""
    builder = tantivy.SchemaBuilder()
    for zone in (*ZONES, "summary", "title"):
        builder.add_text_field(zone, stored=True, tokenizer_name="french", index_option="basic")
    builder.add_text_field("stem", tokenizer_name="french", index_option="freq")
    builder.add_text_field("exact", tokenizer_name="folded", index_option="position")
    for name in ("document", "label", "case_file", "number"):
        builder.add_text_field(name, stored=name == "document", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(name, stored=True, fast=True, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("day", fast=True)
    index = tantivy.Index(builder.build(), str(folder))
    simple, keep = tantivy.Tokenizer.simple(), tantivy.Filter
    for name, last in (("folded", keep.ascii_fold()), ("french", keep.stemmer("french"))):
        chain = tantivy.TextAnalyzerBuilder(simple).filter(keep.lowercase()).filter(keep.ascii_fold()).filter(last)
        index.register_tokenizer(name, chain.build())
    writer = index.writer(64_000_000, 1)

    def write(chunk: list[Record]) -> None:
        for record in chunk:
            writer.add_document(_plain(record))

    spent = _timed(_chunks(corpus.records()), write, writer.commit)
    writer.wait_merging_threads()
    return spent


def _plain(record: Record) -> tantivy.Document:
    document = tantivy.Document()
    for zone, text in (*record.zones.items(), ("summary", record.summary), ("title", record.title)):
        if text:
            document.add_text(zone, text)
            document.add_text("exact", text)
            document.add_text("stem", text)
    document.add_text("document", record.document)
    document.add_text("number", record.numbers[0])
    for label in record.labels:
        document.add_text("label", label)
    for name, values in facet_values(record).items():
        for value in values:
            document.add_text(name, value)
    document.add_unsigned("day", record.date.toordinal() if record.date else 0)
    return document


def _indexing(folder: Path, corpus: Corpus) -> TantivyIndex:
    index = TantivyIndex(folder / "ours", writer=True)
    with ExitStack() as batch:
        batch.enter_context(index.batch())
        wall, cpu = _timed(_chunks(corpus.records()), index.replace, batch.close)
    size = sum(len(text) for record in islice(corpus.records(), 300) for text in record.zones.values()) / 300
    disk = sum(file.stat().st_size for file in (folder / "ours").rglob("*") if file.is_file())
    bare_wall, bare_cpu = _bare_in(folder, corpus)
    print(f"\nIndexing {corpus.size:,} documents of {size / 1000:.1f} K characters      documents/s   per CPU-second")
    print(f"  ours{corpus.size / wall:52.0f}{corpus.size / cpu:16.0f}")
    print(f"  bare tantivy, same fields{corpus.size / bare_wall:31.0f}{corpus.size / bare_cpu:16.0f}")
    print(f"  ratio{bare_wall / wall:51.2f}{bare_cpu / cpu:16.2f}")
    print(f"  on disk: {disk / corpus.size / size:.2f} × the text", flush=True)
    return index


def _bare_in(folder: Path, corpus: Corpus) -> tuple[float, float]:
    (folder / "bare").mkdir()
    return _bare(folder / "bare", corpus)


def _searching(index: TantivyIndex, texts: list[str]) -> None:
    def run(sort: Sort = Sort.RELEVANCE, quoted: bool = False, **given: object) -> Callable[[str], object]:
        def search(text: str) -> object:
            asked = f'"{text}"' if quoted else text
            return index.search(Query(text=asked, labels=READER, sort=sort, **given))

        return search

    print("\nSearching, 51 labels                                 p50      p95      p99  ms")
    _line("20 hits, no facet, no extract", _percentiles(run(facets=(), extracts=0), texts))
    _line("and 7 facets", _percentiles(run(extracts=0), texts))
    whole = _percentiles(run(), texts)
    totals = sorted(index.search(Query(text=text, labels=READER)).total for text in texts[:100])
    _line("full page: 7 facets, 20 × 2 extracts", whole, f"median of {totals[len(totals) // 2]:,} documents found")
    few = run(facets=("kind", "chamber", "year"), extracts=1)
    _line("full page: 3 facets, 20 extracts", _percentiles(few, texts))
    _line("full page, newest first", _percentiles(run(sort=Sort.NEWEST), texts))
    _line("full page, filtered", _percentiles(run(filters={"chamber": frozenset({"soc"})}), texts))
    _line("full page, phrase", _percentiles(run(quoted=True), texts))
    _line("full page, five words", _percentiles(run(), queries(len(texts), 5)))
    _line("everything, newest first", _percentiles(lambda _: run()(""), texts[:50]))


def _commit_to_found(index: TantivyIndex, reader: TantivyIndex, edits: int) -> None:
    times = []
    for number in range(edits):
        text = f"édition{number} " + "travail contrat " * 700
        record = Record(
            id="edited",
            document="edited",
            kind="projet",
            title="Projet",
            labels=READER,
            published=False,
            zones={"texte": text},
        )
        start = time.perf_counter()
        index.replace([record])
        while reader.search(Query(text=f"édition{number}", labels=READER, facets=(), extracts=0)).total != 1:
            pass
        times.append((time.perf_counter() - start) * 1e3)
    times.sort()
    print("\nFrom edit to found by a reader                       p50      p95      p99  ms")
    _line("one draft, one commit", (times[edits // 2], times[int(edits * 0.95)], times[int(edits * 0.99)]))


def _rivals(folder: Path, corpus: Corpus, texts: list[str], index: TantivyIndex) -> None:
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    from tests.bench.rivals import Postgres, Rival, Sqlite  # needs the variable above

    def ours(text: str) -> object:
        return index.search(Query(text=text, labels=READER, facets=("kind", "chamber", "year"), extracts=1))

    print("\nThe same full page, 3 facets, 20 extracts            p50      p95      p99  ms")
    for make in (Sqlite, Postgres):
        rival: Rival
        with make(folder) as rival:
            rival.fill(corpus.records())
            theirs, mine = _in_turns(rival.page, ours, texts[:100])
        ratio = " / ".join(f"{one / other:.1f}" for one, other in zip(theirs, mine, strict=True))
        _line(rival.name, theirs)
        _line("ours, in turns with it", mine, f"{ratio} × faster")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("documents", type=int, nargs="*", default=[10_000])
    parser.add_argument("--alone", action="store_true", help="without PostgreSQL and SQLite")
    given = parser.parse_args()
    for size in given.documents:
        corpus, texts = Corpus(size), queries(200)
        with tempfile.TemporaryDirectory(prefix="minutier-bench-") as name:
            folder = Path(name)
            folder.chmod(0o755)  # PostgreSQL runs as a user of its own
            index = _indexing(folder, corpus)
            _searching(index, texts)
            _commit_to_found(index, TantivyIndex(folder / "ours"), 200)
            if not given.alone:
                _rivals(folder, corpus, texts, index)
            index.close()
    sys.stdout.flush()


if __name__ == "__main__":
    main()
