"""From what a file says of itself to what the archive keeps: pure."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from ingest.extraction import Metadata, Value
from portal.nouns.document import Description
from portal.nouns.kinds import KINDS

SOURCES = {"jurinet": 4, "jurica": 4, "juritj": 4, "juritcom": 4, "tcom": 4, "judilibre": 4, "dila": 3, "file": 1}
"""Which source leads where two files hold one decision; unknown ones stand between a feed and a file."""


def describe(metadata: Metadata, name: str) -> Description:
    """The description of a deposited file; its name serves where it gives no title."""
    singles = ("kind", "ecli", "jurisdiction", "chamber", "formation", "date", "solution")
    values = {field: getattr(metadata, field) for field in singles}
    guessed = [field for field, value in values.items() if value is not None and not value.stated]
    guessed += ["numbers"] if any(not number.stated for number in metadata.numbers) else []
    return Description(
        kind=_plain(metadata.kind) or "piece",
        title=_title(metadata, name),
        numbers=tuple(dict.fromkeys(number.value for number in metadata.numbers)),
        rg=tuple(dict.fromkeys(rg.value for rg in metadata.rg)),
        ecli=_plain(metadata.ecli),
        jurisdiction=_plain(metadata.jurisdiction),
        chamber=_plain(metadata.chamber),
        formation=_plain(metadata.formation),
        date=metadata.date.value if metadata.date else None,
        solution=_plain(metadata.solution),
        solution_detail=_plain(metadata.solution_detail) or "",
        publication=tuple(letter.value for letter in metadata.publication),
        parties=tuple(party.value for party in metadata.parties),
        themes=metadata.themes,
        summary=metadata.summary,
        visa=metadata.visa,
        contested=_plain(metadata.contested) or "",
        rapporteur=_plain(metadata.rapporteur) or "",
        source=metadata.source,
        source_id=metadata.source_id,
        guessed=tuple(guessed),
    )


def identity(about: Description) -> str:
    """What makes two published files versions of one decision."""
    if about.ecli:
        return about.ecli
    if about.source_id:
        return f"{about.source}:{about.source_id}"
    return f"{'+'.join(about.numbers)}@{about.date}"


def rank(about: Description) -> tuple[int, str]:
    """The greater leads: by source, then by date."""
    return SOURCES.get(about.source, 2), str(about.date or "")


def readable_name(name: str) -> str:
    """A file's name as a title: no folder, no ending, no control characters."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    if "." in stem.strip("."):
        stem = stem.rsplit(".", 1)[0]
    clean = "".join(c for c in stem if unicodedata.category(c)[0] != "C").replace("_", " ").strip()
    return clean[:200] or "Sans titre"


def to_json(about: Description) -> dict[str, Any]:
    held = asdict(about)
    held["date"] = about.date.isoformat() if about.date else None
    return {key: list(value) if isinstance(value, tuple) else value for key, value in held.items()}


def from_json(held: dict[str, Any]) -> Description:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in held.items()}
    if values.get("date"):
        values["date"] = date.fromisoformat(values["date"])
    return Description(**values)


def _title(metadata: Metadata, name: str) -> str:
    """The file's own title; its name where all that is known is the kind, so that two letters stay apart."""
    title, kind = _plain(metadata.title), _plain(metadata.kind)
    if title and (metadata.published or title != KINDS.get(kind or "")):
        return title
    return readable_name(name)


def _plain(value: Value[str] | None) -> str | None:
    return value.value if value else None
