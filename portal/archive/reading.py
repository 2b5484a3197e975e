"""How a reading is kept: the extraction's own JSON, compressed."""

from __future__ import annotations

import zstandard

from ingest.codec import dumps, loads
from ingest.extraction import Extraction

LIMIT = 256 * 1024 * 1024
"""Bytes that one reading may take once decompressed."""


def pack(extraction: Extraction) -> bytes:
    return zstandard.ZstdCompressor(level=3).compress(dumps(extraction))


def unpack(body: bytes) -> Extraction:
    return loads(zstandard.ZstdDecompressor().decompress(body, max_output_size=LIMIT))
