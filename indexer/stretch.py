"""A stretch of a document to show where words do not say why it was found (*passage cité*)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Stretch:
    """Code point offsets in a zone of a record's cleaned text (`analysis.clean`)."""

    zone: str
    start: int
    end: int

    def of(self, zones: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
        """The stretch alone, as a body of one zone; empty where the text is no longer that long."""
        return [
            (zone, text[self.start : self.end]) for zone, text in zones if zone == self.zone and self.end <= len(text)
        ]
