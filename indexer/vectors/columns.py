"""Entries as columns of numbers, so that a million of them are joined, sorted and written by whole arrays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from indexer.vectors.entry import Access, Entry

T = TypeVar("T", bound=Hashable)


@dataclass(frozen=True, slots=True, eq=False)
class Coded(Generic[T]):
    """A column of values: a table of what differs, and a code an entry."""

    table: Sequence[T]
    codes: NDArray[np.int32]

    @staticmethod
    def of(values: Sequence[T]) -> Coded[T]:
        table = {value: code for code, value in enumerate(dict.fromkeys(values))}
        return Coded(list(table), np.array([table[value] for value in values], np.int32))

    @staticmethod
    def join(columns: Sequence[Coded[T]]) -> Coded[T]:
        table: dict[T, int] = {}
        parts = []
        for column in columns:
            recoded = [table.setdefault(value, len(table)) for value in column.table]
            parts.append(np.array(recoded, np.int32)[column.codes] if recoded else column.codes)
        return Coded(list(table), np.concatenate(parts))

    def take(self, entries: NDArray[np.int64]) -> Coded[T]:
        """The column of these entries; the table keeps what they use."""
        used, codes = np.unique(self.codes[entries], return_inverse=True)
        return Coded([self.table[code] for code in used.tolist()], codes.astype(np.int32))


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """An *entry* is a document under one access; its rows, one a passage, lie side by side."""

    documents: Sequence[bytes]
    """UTF-8, one an entry."""
    access: Coded[Access]
    facets: Mapping[str, Coded[frozenset[str]]]
    dates: NDArray[np.int32]
    """Proleptic ordinals, 0 for none."""
    bounds: NDArray[np.int64]
    """[entries + 1]: the rows of entry i are bounds[i] to bounds[i + 1]."""
    zones: Coded[str]
    """One a row."""
    spans: NDArray[np.int32]
    """[rows, 2]: code point offsets."""
    digests: NDArray[np.uint64]
    rows: NDArray[np.int8]
    scales: NDArray[np.float32]
    """A row times its scale is its vector, roughly."""
    halves: NDArray[np.float16]

    def take(self, entries: NDArray[np.int64]) -> Columns:
        """These entries in this order."""
        counts = (self.bounds[1:] - self.bounds[:-1])[entries]
        bounds = bounds_of(counts)
        rows = np.repeat(self.bounds[entries] - bounds[:-1], counts) + np.arange(bounds[-1])
        return Columns(
            documents=[self.documents[entry] for entry in entries.tolist()],
            access=self.access.take(entries),
            facets={name: column.take(entries) for name, column in self.facets.items()},
            dates=self.dates[entries],
            bounds=bounds,
            zones=self.zones.take(rows),
            spans=self.spans[rows],
            digests=self.digests[rows],
            rows=self.rows[rows],
            scales=self.scales[rows],
            halves=self.halves[rows],
        )

    def arranged(self) -> Columns:
        """Entries of one access side by side, the widest audiences first: what a reader may find is then one block."""
        audience: Counter[str] = Counter()
        rows = np.bincount(self.access.codes, self.bounds[1:] - self.bounds[:-1], len(self.access.table))
        for access, count in zip(self.access.table, rows.tolist(), strict=True):
            audience.update(dict.fromkeys(access.labels, int(count)))

        def rank(code: int) -> tuple[list[tuple[int, str]], list[str]]:
            access = self.access.table[code]
            return sorted((-audience[label], label) for label in access.labels), sorted(access.unless)

        ranks = np.empty(len(self.access.table), np.int64)
        ranks[sorted(range(len(self.access.table)), key=rank)] = np.arange(len(self.access.table))
        return self.take(np.argsort(ranks[self.access.codes], kind="stable"))


def columns_of(entries: Sequence[Entry]) -> Columns:
    """Raises ValueError where an entry's vectors and places differ in number."""
    for entry in entries:
        if len(entry.vectors) != len(entry.places):
            raise ValueError(f"{len(entry.places)} places for {len(entry.vectors)} vectors")
    vectors = np.concatenate([entry.vectors for entry in entries]).astype(np.float32, copy=False)
    places = [place for entry in entries for place in entry.places]
    rows, scales = quantise(vectors)
    names = sorted({name for entry in entries for name in entry.facets})
    return Columns(
        documents=[entry.document.encode() for entry in entries],
        access=Coded.of([entry.access for entry in entries]),
        facets={name: Coded.of([frozenset(entry.facets.get(name, ())) for entry in entries]) for name in names},
        dates=np.array([entry.date.toordinal() if entry.date else 0 for entry in entries], np.int32),
        bounds=bounds_of([len(entry.places) for entry in entries]),
        zones=Coded.of([place.zone for place in places]),
        spans=np.array([(place.start, place.end) for place in places], np.int32).reshape(-1, 2),
        digests=np.array([place.digest for place in places], np.uint64),
        rows=rows,
        scales=scales,
        halves=vectors.astype(np.float16),
    )


def join(parts: Sequence[Columns]) -> Columns:
    counts = [part.bounds[1:] - part.bounds[:-1] for part in parts]
    names = sorted({name for part in parts for name in part.facets})
    nothing = [Coded([frozenset[str]()], np.zeros(len(part.documents), np.int32)) for part in parts]
    return Columns(
        documents=[document for part in parts for document in part.documents],
        access=Coded.join([part.access for part in parts]),
        facets={
            name: Coded.join([part.facets.get(name, none) for part, none in zip(parts, nothing, strict=True)])
            for name in names
        },
        dates=np.concatenate([part.dates for part in parts]),
        bounds=bounds_of(np.concatenate(counts)),
        zones=Coded.join([part.zones for part in parts]),
        spans=np.concatenate([part.spans for part in parts]),
        digests=np.concatenate([part.digests for part in parts]),
        rows=np.concatenate([part.rows for part in parts]),
        scales=np.concatenate([part.scales for part in parts]),
        halves=np.concatenate([part.halves for part in parts]),
    )


def quantise(vectors: NDArray[np.float32]) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """int8 rows and the float32 scale of each, by the largest number of the row."""
    scales = np.abs(vectors).max(axis=1, initial=1e-12) / np.float32(127)
    return np.rint(vectors / scales[:, np.newaxis]).astype(np.int8), scales.astype(np.float32)


def bounds_of(counts: Any) -> NDArray[np.int64]:
    return np.concatenate([[0], np.cumsum(counts, dtype=np.int64)])
