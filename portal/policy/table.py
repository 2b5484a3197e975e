"""The table "who sees what", read from data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

SEAT = frozenset({"rapporteur", "doyen", "president", "conseiller", "premier_president"})
"""Parts in a case file that form the bench (*siège*)."""
AUDIENCES = frozenset({"siege", "rapporteur", "parquet", "greffe", "sder"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: audiences that read, read once circulated, know the title, or file."""

    name: str
    read: frozenset[str]
    circulated: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    file: frozenset[str] = frozenset()


NOBODY = Row("aucune", frozenset())
"""Default deny: a kind without a row is its author's."""


def read_table(source: str | None = None) -> Mapping[str, Row]:
    """Rows by kind of document, from TOML text (the packaged default when None).

    Raises ValueError where a row names an audience that does not exist.
    """
    if source is None:
        source = resources.files("portal.policy").joinpath("who_sees_what.toml").read_text("utf-8")
    rows: dict[str, Row] = {}
    for name, cells in tomllib.loads(source).items():
        parts = {cell: frozenset(cells.get(cell, ())) for cell in ("read", "circulated", "title", "file")}
        unknown = frozenset[str]().union(*parts.values()) - AUDIENCES
        if unknown:
            raise ValueError(f"row {name}: unknown audience {', '.join(sorted(unknown))}")
        row = Row(name, **parts)
        for kind in cells["kinds"]:
            if kind in rows:
                raise ValueError(f"kind {kind} stands in two rows: {rows[kind].name} and {name}")
            rows[kind] = row
    return rows
