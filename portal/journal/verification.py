"""Verifying the journal (*vérification*): every entry against its seal, the whole against what was noted outside."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func
from sqlmodel import Session, col, select

from portal.journal.journal import COUNTER, SEAL, append
from portal.journal.seal import START, Seal
from portal.store.database import Database, peek
from portal.store.fence import lower_fence, raise_fence
from portal.store.tables import AuditRow, NoteRow

PURGED = "journal-purge"
CHUNK = 5_000
NAMED = 100
"""Broken entries that are named; the rest are counted."""


@dataclass(slots=True)
class Verification:
    """What was read, and what is wrong: (sequence, sentence)."""

    entries: int = 0
    noted: int = 0
    """Seals noted outside the database that were compared."""
    purged: int = 0
    """Entries up to this sequence were purged at their term."""
    broken: list[tuple[int, str]] = field(default_factory=list)
    count: int = 0

    @property
    def whole(self) -> bool:
        return self.count == 0

    def blame(self, sequence: int, sentence: str) -> None:
        self.count += 1
        if len(self.broken) < NAMED:
            self.broken.append((sequence, sentence))


@dataclass(frozen=True, slots=True)
class Start:
    """Where the journal begins: the last entry that was purged, and its seal."""

    sequence: int = 0
    seal: str = START


def verify(database: Database) -> Verification:
    """Read the whole journal once."""
    with database.read() as session:
        return examine(session)


def examine(session: Session) -> Verification:
    """The journal as this session sees it, read in chunks."""
    found = Verification()
    seal: Seal = session.info[SEAL]
    start = _start(session, seal, found)
    found.purged = start.sequence
    noted = {sequence: digest for sequence, digest in seal.noted() if sequence > start.sequence}
    last, before = start.sequence, start.seal
    while rows := session.exec(
        select(AuditRow).where(col(AuditRow.sequence) > last).order_by(col(AuditRow.sequence)).limit(CHUNK)
    ).all():
        for row in rows:
            sequence = row.sequence or 0
            _compare(found, seal, before, last, row)
            known = noted.pop(sequence, None)
            if known is not None:
                found.noted += 1
                if known != row.digest:
                    found.blame(sequence, "cette entrée n'est pas celle qui avait été notée hors de la base")
            last, before = sequence, row.digest
            found.entries += 1
        session.expunge_all()
    for sequence in sorted(noted):
        found.blame(sequence, "une entrée notée hors de la base n'y est plus")
    if peek(session, COUNTER) != last:
        found.blame(last, "le compteur du journal ne suit pas sa dernière entrée")
    early = select(func.count()).select_from(AuditRow).where(col(AuditRow.sequence) <= start.sequence)
    if session.exec(early).one():
        found.blame(start.sequence, "des entrées se trouvent avant le début du journal")
    return found


def purge(database: Database, before: datetime, by: str) -> int:
    """Take out the entries older than their legal term; what follows stays verifiable. Returns how many."""
    with database.write() as session:
        seal: Seal = session.info[SEAL]
        last = session.exec(
            select(AuditRow).where(col(AuditRow.at) < before).order_by(col(AuditRow.sequence).desc())
        ).first()
        if last is None or last.sequence is None:
            return 0
        gone = session.exec(
            select(func.count()).select_from(AuditRow).where(col(AuditRow.sequence) <= last.sequence)
        ).one()
        body = json.dumps([last.sequence, last.digest])
        session.merge(NoteRow(name=PURGED, value=json.dumps([body, seal.text(PURGED + body)])))
        lower_fence(session.connection())
        session.execute(delete(AuditRow).where(col(AuditRow.sequence) <= last.sequence))
        raise_fence(session.connection())
        append(session, by, "journal.purge", str(last.sequence), before.isoformat())
        return int(gone)


def _start(session: Session, seal: Seal, found: Verification) -> Start:
    note = session.get(NoteRow, PURGED)
    if note is None:
        return Start()
    try:
        body, mark = json.loads(note.value)
        sequence, digest = json.loads(body)
    except (ValueError, TypeError):
        body, mark, sequence, digest = "", "", 0, START
    if seal.text(PURGED + body) != mark:
        found.blame(0, "la borne de purge a été changée")
        return Start()
    return Start(int(sequence), str(digest))


def _compare(found: Verification, seal: Seal, before: str, last: int, row: Any) -> None:
    if row.sequence != last + 1:
        found.blame(row.sequence, f"il manque des entrées entre {last} et {row.sequence}")
    if seal.entry(before, row) != row.digest:
        found.blame(row.sequence, "cette entrée, ou celle d'avant, a été changée")
