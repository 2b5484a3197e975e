"""An `Extraction` as JSON bytes and back: what crosses from the sandbox, and what the archive keeps.

Never pickle: a worker that a hostile file took over can send any bytes, and `loads` accepts plain values alone.
Words and lines are flat (start, end, left, top, right, bottom), boxes in tenths of a point.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from typing import Any

from ingest.extraction import Citation, Extraction, Metadata, PageLayout, Value, Word, Zone

MAX_TEXT = 64 * 1024 * 1024
"""Code points that one extraction may hold."""
TENTHS = 10
PER_WORD = 6


class Malformed(ValueError):
    """These bytes are no extraction."""


def dumps(extraction: Extraction) -> bytes:
    held = {
        "media_type": extraction.media_type,
        "text": extraction.text,
        "zones": [[zone.name, zone.start, zone.end] for zone in extraction.zones],
        "metadata": {field.name: _out(getattr(extraction.metadata, field.name)) for field in fields(Metadata)},
        "citations": [[c.kind, c.text, c.start, c.end, c.value, c.note] for c in extraction.citations],
        "pages": [_page_out(page) for page in extraction.pages],
        "warnings": list(extraction.warnings),
    }
    text = json.dumps(held, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace")


def loads(body: bytes) -> Extraction:
    """Raises Malformed where a value is missing, of another type, or points outside the text."""
    try:
        held = json.loads(body)
        text = _text(held["text"])
        if len(text) > MAX_TEXT:
            raise Malformed("text")
        return Extraction(
            media_type=_text(held["media_type"]),
            text=text,
            zones=tuple(Zone(_text(name), *_span(start, end, len(text))) for name, start, end in held["zones"]),
            metadata=_metadata_in(held["metadata"]),
            citations=tuple(_citation_in(item, len(text)) for item in held["citations"]),
            pages=tuple(_page_in(page, len(text)) for page in held["pages"]),
            warnings=tuple(_text(warning) for warning in held["warnings"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as error:
        raise Malformed(str(error)[:200]) from error


def _out(value: Any) -> Any:
    if isinstance(value, Value):
        inner = value.value.isoformat() if isinstance(value.value, date) else value.value
        return {"value": inner, "stated": value.stated, "where": value.where}
    if isinstance(value, tuple):
        return [_out(item) for item in value]
    return value


def _metadata_in(held: dict[str, Any]) -> Metadata:
    known = {field.name for field in fields(Metadata)}
    if set(held) - known:
        raise Malformed("metadata")
    return Metadata(**{name: _in(name, value) for name, value in held.items()})


def _in(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        inner = date.fromisoformat(value["value"]) if name == "date" else _text(value["value"])
        return Value(inner, bool(value["stated"]), _text(value["where"]))
    if isinstance(value, list):
        return tuple(_in(name, item) for item in value)
    if value is None or isinstance(value, str | bool):
        return value
    raise Malformed(name)


def _citation_in(item: list[Any], length: int) -> Citation:
    kind, text, start, end, value, note = item
    start, end = _span(start, end, length)
    return Citation(kind=_text(kind), text=_text(text), start=start, end=end, value=_text(value), note=_text(note))


def _page_out(page: PageLayout) -> list[Any]:
    return [page.width, page.height, page.scanned, _words_out(page.words), _words_out(page.lines)]


def _page_in(page: list[Any], length: int) -> PageLayout:
    width, height, scanned, words, *lines = page
    if len(lines) > 1:
        raise Malformed("page")
    placed = [_words_in(flat, length) for flat in (words, *lines)]
    return PageLayout(float(width), float(height), placed[0], bool(scanned), *placed[1:])


def _words_out(words: Iterable[Word]) -> list[int]:
    flat: list[int] = []
    for word in words:
        flat += (word.start, word.end)
        flat += (round(edge * TENTHS) for edge in (word.left, word.top, word.right, word.bottom))
    return flat


def _words_in(flat: list[Any], length: int) -> tuple[Word, ...]:
    if len(flat) % PER_WORD or not all(type(number) is int for number in flat):
        raise Malformed("words")
    words = []
    for at in range(0, len(flat), PER_WORD):
        start, end, *box = flat[at : at + PER_WORD]
        words.append(Word(*_span(start, end, length), *(edge / TENTHS for edge in box)))
    return tuple(words)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise Malformed("text expected")
    return value


def _span(start: Any, end: Any, length: int) -> tuple[int, int]:
    if type(start) is not int or type(end) is not int or not 0 <= start <= end <= length:
        raise Malformed("span")
    return start, end
