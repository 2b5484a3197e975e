"""From the archive's rows to index records: pure."""

from __future__ import annotations

from collections.abc import Sequence

from indexer.record import ZONES, Record
from ingest.extraction import Extraction
from portal.archive.describing import from_json
from portal.nouns.document import show_number
from portal.policy.policy import Labels
from portal.store.tables import AppealRow, CaseFileRow, DocumentRow, PartyRow

TITLE = "#titre"


def to_records(
    row: DocumentRow, labels: Labels, reading: Extraction | None, appeals: Sequence[str], revision: int
) -> list[Record]:
    """One record, or two where more people may know the title than read the body; none for a deleted document."""
    if row.deleted is not None or not (labels.body or labels.title):
        return []
    about = from_json(row.about)
    numbers = tuple(dict.fromkeys([*about.numbers, *(() if row.published else appeals), *about.rg]))
    common = {
        "document": row.id,
        "kind": row.kind,
        "title": row.title,
        "published": row.published,
        "case_file": row.case_file_id,
        "numbers": numbers,
        "date": row.day,
        "chamber": about.chamber,
        "formation": about.formation,
        "state": row.state,
        "changed": row.changed.date(),
        "revision": revision,
    }
    records = [
        Record(
            id=row.id,
            labels=labels.body,
            unless=labels.barred,
            zones=zones_of(reading) if reading else {},
            ecli=about.ecli,
            solution=about.solution,
            publication=about.publication,
            jurisdiction=about.jurisdiction,
            parties=about.parties,
            themes="\n".join(about.themes),
            summary=about.summary,
            visa="\n".join(about.visa),
            rapporteur=about.rapporteur,
            cites=tuple(dict.fromkeys(citation.value for citation in reading.citations)) if reading else (),
            **common,  # type: ignore[arg-type]  # a literal of the same names
        )
    ]
    if labels.title:
        unless = labels.body | labels.barred
        records.append(
            Record(id=row.id + TITLE, labels=labels.title, unless=unless, title_only=True, **common)  # type: ignore[arg-type]
        )
    return records


def case_file_record(
    row: CaseFileRow, labels: Labels, appeals: Sequence[AppealRow], parties: Sequence[PartyRow], revision: int
) -> list[Record]:
    """A case file as a record of its own, found by number and party; none where only a decision made it known."""
    if not row.opened:
        return []
    numbers = tuple(appeal.number for appeal in appeals)
    first = show_number(numbers[0]) if numbers else ""
    names = tuple(party.name for party in parties)
    return [
        Record(
            id=f"dossier:{row.id}",
            document=f"dossier:{row.id}",
            kind="dossier",
            title=f"Dossier {first} · {row.title}".strip(" ·"),
            labels=labels.body,
            unless=labels.barred,
            published=False,
            case_file=row.id,
            numbers=numbers,
            chamber=row.chamber,
            formation=row.formation,
            date=row.hearing,
            parties=names,
            zones={"texte": "\n".join([*names, *(party.counsel for party in parties), row.contested]).strip()},
            revision=revision,
        )
    ]


def zones_of(reading: Extraction) -> dict[str, str]:
    """Text by zone; what lies between the zones goes to `texte`."""
    parts: dict[str, list[str]] = {}
    at = 0
    for zone in sorted(reading.zones, key=lambda zone: zone.start):
        if zone.start > at:
            parts.setdefault("texte", []).append(reading.text[at : zone.start])
        name = zone.name if zone.name in ZONES else "texte"
        parts.setdefault(name, []).append(reading.text[max(zone.start, at) : zone.end])
        at = max(at, zone.end)
    if at < len(reading.text):
        parts.setdefault("texte", []).append(reading.text[at:])
    texts = {name: "\n".join(piece.strip() for piece in pieces if piece.strip()) for name, pieces in parts.items()}
    return {name: text for name, text in texts.items() if text}
