"""One tantivy index on disk, read at its last commit."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from pathlib import Path

import tantivy

from indexer.tantivy.schema import build_schema

MUST, MUST_NOT, SHOULD = tantivy.Occur.Must, tantivy.Occur.MustNot, tantivy.Occur.Should


@dataclass(frozen=True)
class Snapshot:
    """A shard at one commit. `filters` keeps the clauses built for readers while this commit lasts."""

    schema: tantivy.Schema
    searcher: tantivy.Searcher
    filters: dict[frozenset[str], tantivy.Query | None] = field(default_factory=dict)

    def term(self, name: str, value: str) -> tantivy.Query:
        return tantivy.Query.term_query(self.schema, name, value, index_option="basic")

    def any_of(self, name: str, values: list[str]) -> tantivy.Query:
        """Records that hold one of these values; `values` is not empty."""
        if len(values) == 1:
            return self.term(name, values[0])
        return tantivy.Query.term_set_query(self.schema, name, values)

    def cleared(self, labels: frozenset[str]) -> tantivy.Query | None:
        """What a reader with these labels may find; None when that is nothing."""
        if labels not in self.filters:
            if len(self.filters) >= 1000:
                self.filters.clear()
            self.filters[labels] = self._cleared(labels)
        return self.filters[labels]

    def _cleared(self, labels: frozenset[str]) -> tantivy.Query | None:
        held = [label for label in sorted(labels) if self.searcher.doc_freq("label", label)]
        if not held:
            return None
        wanted = tantivy.Query.const_score_query(self.any_of("label", held), 0.0)
        barred = [label for label in sorted(labels) if self.searcher.doc_freq("unless", label)]
        if not barred:
            return wanted
        return tantivy.Query.boolean_query([(MUST, wanted), (MUST_NOT, self.any_of("unless", barred))])


class Shard:
    """The index in `path`; `snapshot` follows the commits of any process. Only a writer creates."""

    def __init__(self, path: Path, *, create: bool = False) -> None:
        if create:
            path.mkdir(parents=True, exist_ok=True)
            self.index = tantivy.Index(build_schema(), str(path), reuse=True)
        else:
            self.index = tantivy.Index.open(str(path))
        self.schema = self.index.schema
        analyzer = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).build()
        self.index.register_tokenizer("whitespace", analyzer)
        self.index.config_reader("manual")
        self._meta = path / "meta.json"
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._snapshot: Snapshot | None = None

    def snapshot(self) -> Snapshot:
        """The last commit; costs one `stat` when nothing changed."""
        status = self._meta.stat()
        stamp = (status.st_mtime_ns, status.st_ino)
        current = self._snapshot
        if current is not None and stamp == self._stamp:
            return current
        with self._lock:
            if self._snapshot is None or stamp != self._stamp:
                self.index.reload()
                self._snapshot = Snapshot(self.schema, self.index.searcher())
                self._stamp = stamp
            return self._snapshot
