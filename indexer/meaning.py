"""Records into vectors: cut into passages, embedded where their text is new, kept with their clearance."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

import numpy as np
from numpy.typing import NDArray

from indexer.embedder import Embedder
from indexer.passages import Passage, passages
from indexer.record import Record
from indexer.vectors import Access, Entry, Place, VectorIndex

CASE_FILE: Final = "case_file"


class MeaningIndex:
    """Follows the same records as the full text, through an embedder and a vector index.

    A passage whose text the document already held keeps its vector: a change of clearance embeds
    nothing, an edit what it touched.
    """

    def __init__(self, vectors: VectorIndex, embedder: Embedder) -> None:
        self._vectors = vectors
        self._embedder = embedder

    def replace(self, records: Iterable[Record]) -> None:
        """As `SearchIndex.replace`: durable and visible on return, and may be repeated."""
        given = list(records)
        cut = [passages(record) for record in given]
        places = [[place_of(passage) for passage in found] for found in cut]
        known = self._known({record.document for record in given})
        fresh = {
            place.digest: passage.text
            for found, where in zip(cut, places, strict=True)
            for passage, place in zip(found, where, strict=True)
            if place.digest not in known
        }
        known.update(zip(fresh, self._embedder.passages(list(fresh.values())), strict=True))
        entries = [self._entry(record, where, known) for record, where in zip(given, places, strict=True)]
        if entries:
            self._vectors.replace(entries, model=self._embedder.name)

    def remove(self, documents: Iterable[str]) -> None:
        """Forget these documents."""
        self._vectors.remove(documents)

    def close(self) -> None:
        self._vectors.close()

    def _known(self, documents: Iterable[str]) -> dict[int, NDArray[np.float32]]:
        if self._vectors.model != self._embedder.name:
            return {}
        return {
            place.digest: vector
            for document in documents
            for entry in self._vectors.entries(document)
            for place, vector in zip(entry.places, entry.vectors, strict=True)
        }

    def _entry(self, record: Record, places: Sequence[Place], known: dict[int, NDArray[np.float32]]) -> Entry:
        rows = [known[place.digest] for place in places]
        return Entry(
            document=record.document,
            access=Access(record.labels, record.unless),
            places=tuple(places),
            vectors=np.stack(rows) if rows else np.empty((0, self._embedder.dimensions), np.float32),
            facets=facets_of(record),
            date=record.date,
        )


def facets_of(record: Record) -> dict[str, tuple[str, ...]]:
    """A record's values by facet, as both kinds of index count them, and its case file."""
    single = {
        "kind": record.kind,
        "chamber": record.chamber,
        "formation": record.formation,
        "year": str(record.date.year) if record.date else None,
        "solution": record.solution,
        "state": record.state,
        CASE_FILE: record.case_file,
    }
    return {name: (value,) for name, value in single.items() if value} | {"publication": record.publication}


def place_of(passage: Passage) -> Place:
    """Where it stands, with the digest that tells whether its text is known already."""
    digest = blake2b(passage.text.encode(errors="replace"), digest_size=8).digest()
    return Place(passage.zone, passage.start, passage.end, int.from_bytes(digest, "big"))
