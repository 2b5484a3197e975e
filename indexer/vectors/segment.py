"""A segment: an immutable file of entries, mapped into memory.

Rows are int8 with a scale each, for the scan, and float16, for the exact order of the best. Rows that
the same readers may find lie side by side, so a search reads what its reader may see and nothing else.

File: magic, length of the header, header (JSON), then arrays at multiples of 64 bytes.
"""

from __future__ import annotations

import json
import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date
from hashlib import blake2b
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from indexer.vectors.columns import Coded, Columns, bounds_of
from indexer.vectors.entry import Access, Entry, Place

_MAGIC: Final = b"MNTVEC01"
_ALIGNED: Final = 64


class Names(Sequence[bytes]):
    """Documents' names left in the file until asked for."""

    def __init__(self, letters: NDArray[np.uint8], bounds: NDArray[np.int64]) -> None:
        self._letters = letters
        self._bounds = bounds

    def __len__(self) -> int:
        return len(self._bounds) - 1

    def __getitem__(self, at: Any) -> Any:
        return self._letters[self._bounds[at] : self._bounds[at + 1]].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        letters = self._letters.tobytes()
        return (letters[start:end] for start, end in pairwise(self._bounds.tolist()))


class Segment:
    """A mapped file."""

    def __init__(self, path: Path) -> None:
        self.name = path.name
        mapped = np.asarray(np.memmap(path, np.uint8, mode="r"))  # plain: slices of a memmap cost ten times more
        if mapped[: len(_MAGIC)].tobytes() != _MAGIC:
            raise ValueError(f"{path.name} is no segment of this format")
        length = int(mapped[8:16].view(np.uint64)[0])
        header = json.loads(mapped[16 : 16 + length].tobytes())
        arrays = {
            name: mapped[at : at + size].view(kind).reshape(shape)
            for name, (kind, shape, at, size) in header["arrays"].items()
        }
        self._keys: NDArray[np.uint64] = arrays["keys"]
        self._key_order: NDArray[np.int32] = arrays["key_order"]
        self.owners: NDArray[np.int32] = arrays["owners"]
        """The entry of each row."""
        self.columns = Columns(
            documents=Names(arrays["letters"], arrays["letter_bounds"]),
            access=Coded([Access(frozenset(a), frozenset(b)) for a, b in header["access"]], arrays["access"]),
            facets={
                name: Coded([frozenset(values) for values in table], arrays[f"facet:{name}"])
                for name, table in header["facets"].items()
            },
            dates=arrays["dates"],
            bounds=arrays["bounds"],
            zones=Coded(header["zones"], arrays["zones"]),
            spans=arrays["spans"],
            digests=arrays["digests"],
            rows=arrays["rows"],
            scales=arrays["scales"],
            halves=arrays["halves"],
        )
        self.blocks = _blocks(self.columns)
        self._values: dict[str, dict[str, list[int]]] = {}

    def __len__(self) -> int:
        """Entries."""
        return len(self.columns.dates)

    def document(self, entry: int) -> str:
        return bytes(self.columns.documents[entry]).decode()

    def place(self, row: int) -> Place:
        columns = self.columns
        start, end = columns.spans[row].tolist()
        return Place(columns.zones.table[columns.zones.codes[row]], start, end, int(columns.digests[row]))

    def find(self, documents: Collection[str]) -> list[int]:
        """The entries of these documents, found by a sorted key without reading the others."""
        keys = np.array([_key(document.encode()) for document in documents], np.uint64)
        first, last = np.searchsorted(self._keys, keys, "left"), np.searchsorted(self._keys, keys, "right")
        wanted = set(documents)
        return [
            entry
            for at in np.flatnonzero(first < last).tolist()
            for entry in self._key_order[first[at] : last[at]].tolist()
            if self.document(entry) in wanted
        ]

    def meets(self, facet: str, wanted: frozenset[str]) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The facet's codes, one an entry, and of each code whether its values hold one that is wanted."""
        column = self.columns.facets.get(facet)
        if column is None:
            return np.zeros(len(self), np.int32), np.zeros(1, np.bool_)
        meets = np.zeros(len(column.table), np.bool_)
        meets[[code for value in wanted for code in self._by_value(facet).get(value, ())]] = True
        return column.codes, meets

    def _by_value(self, facet: str) -> dict[str, list[int]]:
        if facet not in self._values:
            found: dict[str, list[int]] = {}
            for code, values in enumerate(self.columns.facets[facet].table):
                for value in values:
                    found.setdefault(value, []).append(code)
            self._values[facet] = found
        return self._values[facet]

    def entry(self, entry: int) -> Entry:
        """The entry as it was given, its vectors to float16's precision."""
        columns = self.columns
        first, last = columns.bounds[entry : entry + 2].tolist()
        day = int(columns.dates[entry])
        return Entry(
            document=self.document(entry),
            access=columns.access.table[columns.access.codes[entry]],
            places=tuple(self.place(row) for row in range(first, last)),
            vectors=columns.halves[first:last].astype(np.float32),
            facets={
                name: tuple(sorted(column.table[column.codes[entry]]))
                for name, column in columns.facets.items()
                if column.table[column.codes[entry]]
            },
            date=date.fromordinal(day) if day else None,
        )


def _blocks(columns: Columns) -> NDArray[np.int64]:
    """[blocks, 3]: code of the access, first row, row after the last. Empty ones are left out."""
    codes = columns.access.codes
    starts = np.flatnonzero(np.diff(codes, prepend=-1))
    ends = np.append(starts[1:], len(codes))
    blocks = np.stack([codes[starts], columns.bounds[starts], columns.bounds[ends]], axis=1).astype(np.int64)
    return blocks[blocks[:, 1] < blocks[:, 2]]


def _key(document: bytes) -> np.uint64:
    return np.uint64(int.from_bytes(blake2b(document, digest_size=8).digest(), "big"))


def write_segment(path: Path, columns: Columns) -> None:
    """Write the file and wait until the disk has it. The caller names it in the manifest afterwards."""
    arranged = columns.arranged()
    keys = np.array([_key(document) for document in arranged.documents], np.uint64)
    order = np.argsort(keys, kind="stable")
    header = {
        "access": [[sorted(access.labels), sorted(access.unless)] for access in arranged.access.table],
        "facets": {name: [sorted(values) for values in column.table] for name, column in arranged.facets.items()},
        "zones": list(arranged.zones.table),
    }
    arrays: dict[str, NDArray[Any]] = {
        "keys": keys[order],
        "key_order": order.astype(np.int32),
        "letters": np.frombuffer(b"".join(arranged.documents), np.uint8),
        "letter_bounds": bounds_of([len(document) for document in arranged.documents]),
        "owners": np.repeat(np.arange(len(arranged.dates), dtype=np.int32), np.diff(arranged.bounds)),
        "access": arranged.access.codes,
        "dates": arranged.dates,
        "bounds": arranged.bounds,
        "zones": arranged.zones.codes,
        "spans": arranged.spans,
        "digests": arranged.digests,
        "rows": arranged.rows,
        "scales": arranged.scales,
        "halves": arranged.halves,
        **{f"facet:{name}": column.codes for name, column in arranged.facets.items()},
    }
    _write(path, header, arrays)


def _write(path: Path, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> None:
    # Offsets are counted from the first array; the header's own length is then known.
    offsets, end = {}, 0
    for name, array in arrays.items():
        offsets[name] = end
        end += -(-array.nbytes // _ALIGNED) * _ALIGNED

    def written(base: int) -> bytes:
        table = {
            name: [array.dtype.str, array.shape, base + offsets[name], array.nbytes] for name, array in arrays.items()
        }
        return json.dumps({**header, "arrays": table}, separators=(",", ":")).encode()

    room = len(written(1 << 50))
    base = -(-(16 + room) // _ALIGNED) * _ALIGNED
    text = written(base).ljust(base - 16)
    with path.open("wb") as file:
        file.write(_MAGIC + np.uint64(len(text)).tobytes() + text)
        for name, array in arrays.items():
            file.seek(base + offsets[name])
            file.write(np.ascontiguousarray(array).data)
        file.truncate(base + end)
        file.flush()
        os.fsync(file.fileno())
