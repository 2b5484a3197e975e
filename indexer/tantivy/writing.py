"""Writing records: delete by document, then add, then commit the shards that changed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import tantivy

from indexer.record import Record
from indexer.tantivy.schema import to_document
from indexer.tantivy.shard import Shard
from indexer.tantivy.store import Shards

_HEAP: Final = 64_000_000
"""Bytes before a segment is written out; one thread, for small commits make small segments."""


class Pen:
    """Writes one shard. Opens tantivy's writer when first needed."""

    def __init__(self, shard: Shard) -> None:
        self._shard = shard
        self._writer: tantivy.IndexWriter | None = None
        self._pending: set[str] = set()
        self._dirty = False

    @property
    def _open(self) -> tantivy.IndexWriter:
        if self._writer is None:
            self._writer = self._shard.index.writer(_HEAP, 1)
        return self._writer

    def forget(self, document: str) -> None:
        """Delete what the shard holds of a document; a shard that holds nothing of it stays as it is."""
        if document in self._pending or self._shard.snapshot().searcher.doc_freq("document", document):
            self._open.delete_documents_by_term("document", document)
            self._dirty = True

    def add(self, record: Record) -> None:
        self._open.add_document(to_document(record))
        self._pending.add(record.document)
        self._dirty = True

    def commit(self) -> None:
        if self._dirty:
            self._open.commit()
            self._pending.clear()
            self._dirty = False

    def rollback(self) -> None:
        if self._dirty:
            self._open.rollback()
            self._pending.clear()
            self._dirty = False

    def close(self) -> None:
        if self._writer is not None:
            self._writer.wait_merging_threads()
            self._writer = None


class Writers:
    """Writes each record into the shard of its kind, out of the other."""

    def __init__(self, shards: Shards) -> None:
        self._published = Pen(shards.published)
        self._restricted = Pen(shards.restricted)

    def replace(self, records: Iterable[Record]) -> None:
        documents: dict[str, dict[str, Record]] = {}
        for record in records:
            documents.setdefault(record.document, {})[record.id] = record
        self.remove(documents)
        for found in documents.values():
            for record in found.values():
                (self._published if record.published else self._restricted).add(record)

    def remove(self, documents: Iterable[str]) -> None:
        for document in documents:
            self._published.forget(document)
            self._restricted.forget(document)

    def commit(self) -> None:
        # Published first: a decision withdrawn from publication is nowhere for a moment, never still open.
        self._published.commit()
        self._restricted.commit()

    def rollback(self) -> None:
        self._published.rollback()
        self._restricted.rollback()

    def close(self) -> None:
        self._published.close()
        self._restricted.close()
