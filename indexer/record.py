"""What goes into an index: one flat value a record, with the labels that decide who may find it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

Day = date

ZONES = ("introduction", "expose", "moyens", "motivations", "dispositif", "annexes", "texte")
"""Zones of a decision as Judilibre names them; `texte` holds what belongs to none of them."""

FACETS = ("kind", "chamber", "formation", "year", "solution", "publication", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One searchable unit (*fiche d'index*).

    A document has one record, or two where its title has more readers than its body: the second is
    `title_only` and names in `unless` the labels whose holders already find the first.
    A reader finds a record when `labels` and theirs intersect and `unless` and theirs do not: `unless`
    also holds labels that bar a reader whatever else they hold (*mur de déport*).
    """

    id: str
    document: str
    kind: str
    title: str
    labels: frozenset[str]
    published: bool
    unless: frozenset[str] = frozenset()
    title_only: bool = False
    """True for the record of those who may know the title and not read the body."""
    case_file: str | None = None
    zones: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    """Appeal numbers (*numéros de pourvoi*), seven digits each, and other raw numbers (RG) as written."""
    ecli: str | None = None
    date: date | None = None
    chamber: str | None = None
    """Judilibre's code: pl mi civ1 civ2 civ3 comm soc cr creun ordo allciv other."""
    formation: str | None = None
    solution: str | None = None
    publication: tuple[str, ...] = ()
    state: str | None = None
    jurisdiction: str | None = None
    """Judilibre's code: cc ca tj tcom cph, or a court's name."""
    parties: tuple[str, ...] = ()
    themes: str = ""
    summary: str = ""
    visa: str = ""
    rapporteur: str = ""
    """Found by its own field alone, never counted (COJ, art. L. 111-13)."""
    cites: tuple[str, ...] = ()
    """Normal forms of what the text cites: `2112345`, `code civil#1240`, `civ1@2022-02-01`."""
    changed: Day | None = None
    """The day of its last change (*modifié*)."""
    revision: int = 0
