"""A document's text as the page shows it (*texte par zones*): sections, paragraphs, lit words, linked citations."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from indexer.page import Extract
from ingest.extraction import Citation, Extraction, Zone
from portal.web.citations import address_of
from portal.web.lighting import Span

LEAD = 56
"""Characters of an extract shown before its first lit word, in a list."""
_LINE = re.compile(r"[^\n]+")
_RULE = re.compile(r"[\s_*=—–-]{3,}")
_UNDERSCORES = re.compile(r"_{3,}")
_SECTION = re.compile(
    r"^(faits et procédure|examen d|énoncé d|réponse de la cour|par ces motifs|moyens? )", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is lit or not, linked or not."""

    text: str
    lit: bool = False
    address: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One line of the text; `rule` for a line of underscores, drawn as a rule."""

    pieces: tuple[Piece, ...]
    heading: bool = False
    rule: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """One zone's paragraphs; `zone` is empty for text outside every zone."""

    zone: str
    paragraphs: tuple[Paragraph, ...]


def sections(extraction: Extraction, spans: Sequence[Span], own: Collection[str] = ()) -> list[Section]:
    """The text from top to bottom. Every character but line ends is shown once.

    Each citation is a link, but for those of these values: what the document calls itself.
    """
    citations = sorted((c for c in extraction.citations if c.value not in own), key=lambda c: c.start)
    found = []
    for name, start, end in _stretches(extraction.zones, len(extraction.text)):
        paragraphs = tuple(_paragraphs(extraction.text, start, end, spans, citations))
        if paragraphs:
            found.append(Section(name, paragraphs))
    return found


def extract_pieces(extract: Extract) -> list[Piece]:
    """An extract of a result, cut so that its first lit word shows even where the list has room for little."""
    text, marks = _without_rules(extract.text, extract.marks)
    if marks and marks[0][0] > LEAD:
        cut = text.find(" ", marks[0][0] - LEAD) + 1
        cut = cut if 0 < cut <= marks[0][0] else marks[0][0]
        text, marks = text[cut:], tuple((start - cut, end - cut) for start, end in marks)
        return [Piece("… "), *_pieces(text, 0, len(text), marks, ())]
    return list(_pieces(text, 0, len(text), marks, ()))


def _without_rules(text: str, marks: Sequence[Span]) -> tuple[str, tuple[Span, ...]]:
    """The same without lines of underscores, which only take room in a list."""
    shift = [(found.end(), len(found[0]) - 1) for found in _UNDERSCORES.finditer(text)]

    def moved(at: int) -> int:
        return at - sum(gone for end, gone in shift if end <= at)

    return _UNDERSCORES.sub("·", text), tuple((moved(start), moved(end)) for start, end in marks)


def _stretches(zones: Sequence[Zone], length: int) -> Iterator[tuple[str, int, int]]:
    """The text cut at its zones: (zone or "", start, end), without gap or overlap."""
    at = 0
    for zone in sorted(zones, key=lambda z: z.start):
        start, end = max(zone.start, at), min(zone.end, length)
        if start > at:
            yield "", at, start
        if end > start:
            yield zone.name, start, end
            at = end
        else:
            at = max(at, start)
    if at < length:
        yield "", at, length


def _paragraphs(
    text: str, start: int, end: int, spans: Sequence[Span], citations: Sequence[Citation]
) -> Iterator[Paragraph]:
    starts = [span[0] for span in spans]
    cited = [citation.start for citation in citations]
    for line in _LINE.finditer(text, start, end):
        if not line[0].strip():
            continue
        first, last = line.span()
        lit = spans[max(0, bisect_left(starts, first) - 1) : bisect_left(starts, last)]
        linked = citations[bisect_left(cited, first) : bisect_left(cited, last)]
        heading = len(line[0]) < 90 and bool(_SECTION.match(line[0].strip()))
        rule = bool(_RULE.fullmatch(line[0]))
        yield Paragraph(tuple(_pieces(text, first, last, lit, linked)), heading, rule)


def _pieces(text: str, first: int, last: int, spans: Sequence[Span], citations: Sequence[Citation]) -> Iterator[Piece]:
    edges = {first, last}
    for start, end in spans:
        edges.update((max(start, first), min(end, last)))
    for citation in citations:
        edges.update((citation.start, min(citation.end, last)))
    ordered = sorted(edge for edge in edges if first <= edge <= last)
    for start, end in pairwise(ordered):
        lit = any(a <= start and end <= b for a, b in spans)
        address = next((address_of(c) for c in citations if c.start <= start and end <= c.end), "")
        yield Piece(text[start:end], lit, address)
