"""The fields of an index on disk, and the document that a record becomes."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterable
from datetime import date
from functools import partial
from typing import Any, Final

import tantivy
import zstandard

from indexer.analysis import words
from indexer.extracts import Read
from indexer.fields import SEARCHED_ZONES, raw_values, reference_keys, zone_of
from indexer.page import Extract, Hit
from indexer.record import FACETS, Record
from indexer.scoring import LEVEL_BITS, Analysis, analyse, day, day_number, newest_key, oldest_key, prior

FORMAT: Final = 3
"""Changes with the schema or the analysis: an index of another format is refused, to be built anew."""

LEVEL_FIELDS: Final = tuple(f"level_bit{bit}" for bit in range(LEVEL_BITS))
"""Field N holds the stems whose level in a record (indexer.scoring) has bit N; `stem` holds them all."""
_compress = zstandard.ZstdCompressor(level=3, write_content_size=True)


class _Unpacking(threading.local):
    """A decompressor for each thread: one may not be used by two at once."""

    def __init__(self) -> None:
        self.zstd = zstandard.ZstdDecompressor()


_unpacking = _Unpacking()


Zones = list[tuple[str, Read]]
"""A body as (zone, its text when it is asked for), in reading order."""
Lit = Callable[[str, float, Zones], tuple[Extract, ...]]
"""Makes the extracts of a document from its name, score and body."""


def zone_field(zone: str) -> str:
    return f"zone_{zone}"


def build_schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    for name in ("document", "label", "unless", "case_file", "number", "jurisdiction", "cites"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in ("stem", "rapporteur", *LEVEL_FIELDS, *map(zone_field, SEARCHED_ZONES)):
        builder.add_text_field(name, tokenizer_name="whitespace", index_option="basic")
    builder.add_text_field("exact", tokenizer_name="whitespace", index_option="position")
    for name in FACETS:
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic", fast=True)
    for name in ("day", "changed", "newest", "oldest"):
        builder.add_unsigned_field(name, fast=True)
    builder.add_float_field("weight", fast=True)
    for name in ("card", "body"):
        builder.add_bytes_field(name, stored=True)
    return builder.build()


def to_document(record: Record) -> tantivy.Document:
    analysis = analyse(record)
    document = tantivy.Document()
    document.add_text("document", record.document)
    for label in record.labels:
        document.add_text("label", label)
    for label in record.unless:
        document.add_text("unless", label)
    if record.case_file:
        document.add_text("case_file", record.case_file)
    for key in reference_keys(record):
        document.add_text("number", key)
    for name, values in raw_values(record).items():
        for value in values:
            document.add_text(name, value)
    for cited in set(record.cites):
        document.add_text("cites", cited)
    document.add_text("rapporteur", " ".join(words(record.rapporteur)))
    _add_words(document, analysis)
    document.add_unsigned("day", day(record))
    document.add_unsigned("changed", day_number(record.changed) if record.changed else 0)
    document.add_unsigned("newest", newest_key(record))
    document.add_unsigned("oldest", oldest_key(record))
    document.add_float("weight", 2 ** prior(record) - 2)  # the engine multiplies by log2(2 + weight)
    body = {name: text for name, text in analysis.parts.items() if name not in ("title", "parties")}
    packed = {name: _compress.compress(text.encode()) for name, text in body.items()}
    document.add_bytes("card", _card(record, packed))
    document.add_bytes("body", b"".join(packed.values()))
    return document


def _add_words(document: tantivy.Document, analysis: Analysis) -> None:
    document.add_text("stem", " ".join(analysis.levels))
    for bit, name in enumerate(LEVEL_FIELDS):
        document.add_text(name, " ".join([stem for stem, level in analysis.levels.items() if level >> bit & 1]))
    for name, sequence in analysis.words.items():
        document.add_text("exact", " ".join(sequence))
        document.add_text(zone_field(zone_of(name)), " ".join(analysis.stems[name]))


def _card(record: Record, packed: dict[str, bytes]) -> bytes:
    values = [
        record.document,
        record.kind,
        record.title,
        record.case_file,
        record.numbers,
        record.ecli,
        record.date.isoformat() if record.date else None,
        record.chamber,
        record.formation,
        record.solution,
        record.publication,
        record.state,
        record.jurisdiction,
        record.published,
        record.title_only,
        [[name, len(part)] for name, part in packed.items()],
    ]
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


def read_hit(stored: tantivy.Document, score: float, lit: Lit | None) -> Hit:
    """A hit with the extracts that `lit` makes of its zones, where the reader may read them."""
    card: list[Any] = json.loads(_bytes(stored, "card").decode())
    extracts = lit(card[0], score, _body(stored, card[15])) if lit is not None and not card[14] else ()
    return Hit(
        document=card[0],
        kind=card[1],
        title=card[2],
        score=score,
        case_file=card[3],
        numbers=tuple(card[4]),
        ecli=card[5],
        date=date.fromisoformat(card[6]) if card[6] else None,
        chamber=card[7],
        formation=card[8],
        solution=card[9],
        publication=tuple(card[10]),
        state=card[11],
        jurisdiction=card[12],
        published=card[13],
        title_only=card[14],
        extracts=extracts,
    )


def _body(stored: tantivy.Document, zones: Iterable[tuple[str, int]]) -> Zones:
    """Zones are packed one by one: extracts seldom need them all."""
    packed = memoryview(_bytes(stored, "body"))
    found: Zones = []
    start = 0
    for name, length in zones:
        found.append((name, partial(_unpack, packed[start : start + length])))
        start += length
    return found


def _unpack(packed: memoryview) -> str:
    return _unpacking.zstd.decompress(packed).decode()


def _bytes(stored: tantivy.Document, name: str) -> bytes:
    value: object = stored.get_first(name)
    return value if isinstance(value, bytes) else bytes(value)  # type: ignore[call-overload]  # list of ints
