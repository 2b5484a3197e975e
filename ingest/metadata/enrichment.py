"""Bare text to a full extraction: zones, metadata and citations, statements winning over guesses."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from ingest.citations import cite
from ingest.extraction import Extraction, Metadata, Value
from ingest.level import level
from ingest.metadata.guesses import decision_title, guess
from ingest.metadata.natures import nature
from ingest.zones import split


def enrich(extraction: Extraction, name: str) -> Extraction:
    """Add what can be read from the text and the file's name.

    The text, the stated values and the source's zones and citations stay as they are.
    """
    plain = level(extraction.text)
    known = nature(plain, level(name))
    stated = extraction.metadata
    style = "ordonnance" if stated.chamber and stated.chamber.value == "ordo" else known.style
    if stated.published and not style:
        style = "cassation" if stated.jurisdiction is None or stated.jurisdiction.value == "cc" else "fond"
    zones = extraction.zones or (split(extraction.text, style, plain) if style else ())
    guessed = guess(extraction.text, plain, zones, known, name)
    return replace(
        extraction,
        zones=zones,
        metadata=_titled(merge(stated, guessed)),
        citations=extraction.citations or cite(extraction.text, plain),
    )


def merge(stated: Metadata, guessed: Metadata) -> Metadata:
    """Each field as stated; where the file states none, as guessed."""
    held: dict[str, Any] = {}
    for field in fields(Metadata):
        value = getattr(stated, field.name)
        if value in (None, (), ""):
            held[field.name] = getattr(guessed, field.name)
    return replace(stated, **held)


def _titled(metadata: Metadata) -> Metadata:
    """A decision of the court whose file gives no title is named by what is known of it, stated or guessed."""
    court = metadata.jurisdiction.value if metadata.jurisdiction else ""
    if (metadata.title and metadata.title.stated) or court != "cc" or not (metadata.published or metadata.ecli):
        return metadata
    chamber = metadata.chamber.value if metadata.chamber else None
    day = metadata.date.value if metadata.date else None
    title = decision_title(chamber, day, [number.value for number in metadata.numbers])
    return replace(metadata, title=Value(title, stated=False, where="composé")) if title else metadata
