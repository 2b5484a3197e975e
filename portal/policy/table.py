"""The table "who sees what" (*qui voit quoi*), read from data."""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from importlib import resources
from typing import Any

SEAT = frozenset({"rapporteur", "doyen", "president", "conseiller", "premier_president"})
"""Parts in a case file that form the bench (*siège*)."""
AUDIENCES = frozenset({"siege", "delibere", "rapporteur", "parquet", "chambre", "greffe", "sder"})
GROUP = "groupe:"
"""An audience that names a group of its own: `groupe:commission:reexamen`."""
CELLS = ("read", "circulated", "title", "file")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table: audiences that read, read once circulated, know the title, or file."""

    name: str
    read: frozenset[str]
    circulated: frozenset[str] = frozenset()
    title: frozenset[str] = frozenset()
    file: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Emergency:
    """Emergency access (*accès d'urgence*): who may take it, as which audience, for how long."""

    roles: frozenset[str] = frozenset()
    audience: str = "siege"
    life: timedelta = timedelta(hours=4)


NOBODY = Row("aucune", frozenset())
"""Default deny: a kind without a row is its author's."""


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by kind of document, and by chamber where a chamber has its own cells."""

    rows: Mapping[str, Row]
    chambers: Mapping[tuple[str, str], Row] = field(default_factory=dict)
    """By (kind, chamber)."""
    managers: frozenset[str] = frozenset()
    """Court-wide roles that change clearances."""
    readers: frozenset[str] = frozenset()
    """Court-wide roles that read the journal."""
    emergency: Emergency = Emergency()
    digest: str = ""
    """SHA-256 of the source: where it differs, every label in the indexes is to be made again."""

    def row(self, kind: str, chamber: str | None = None) -> Row:
        own = self.chambers.get((kind, chamber)) if chamber else None
        return own or self.rows.get(kind, NOBODY)

    def readable(self) -> Mapping[str, Row]:
        """One row a name, for the screen."""
        return {row.name: row for row in (*self.rows.values(), *self.chambers.values())}


def default_source() -> str:
    return resources.files("portal.policy").joinpath("who_sees_what.toml").read_text("utf-8")


def read_table(source: str | None = None) -> Table:
    """The table from TOML text (the packaged default when None).

    Raises ValueError, which names the row, where one names an audience that does not exist or a kind twice.
    """
    source = default_source() if source is None else source
    document = tomllib.loads(source)
    management = document.get("management", {})
    rows: dict[str, Row] = {}
    chambers: dict[tuple[str, str], Row] = {}
    for name, cells in document.get("rows", {}).items():
        row = _row(name, cells)
        for kind in cells["kinds"]:
            if kind in rows:
                raise ValueError(f"kind {kind} stands in two rows: {rows[kind].name} and {name}")
            rows[kind] = row
            for chamber, own in cells.get("chambers", {}).items():
                chambers[(kind, chamber)] = _row(f"{name}, {chamber}", cells | own)
    return Table(
        rows=rows,
        chambers=chambers,
        managers=frozenset(management.get("managers", ())),
        readers=frozenset(management.get("journal", ())),
        emergency=_emergency(document.get("emergency", {})),
        digest=hashlib.sha256(source.encode()).hexdigest(),
    )


def _row(name: str, cells: Mapping[str, Any]) -> Row:
    parts = {cell: frozenset(cells.get(cell, ())) for cell in CELLS}
    unknown = {one for one in frozenset[str]().union(*parts.values()) - AUDIENCES if not one.startswith(GROUP)}
    if unknown:
        raise ValueError(f"row {name}: unknown audience {', '.join(sorted(unknown))}")
    return Row(name, **parts)


def _emergency(cells: Mapping[str, Any]) -> Emergency:
    audience = cells.get("audience", "siege")
    if audience not in AUDIENCES:
        raise ValueError(f"emergency: unknown audience {audience}")
    return Emergency(frozenset(cells.get("roles", ())), audience, timedelta(hours=float(cells.get("hours", 4))))
