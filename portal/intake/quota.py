"""How much one member may deposit in a day (*quota de dépôt*)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlmodel import col, delete

from portal.nouns.errors import TooMany
from portal.store.database import Database
from portal.store.tables import DayTotalRow

OCTETS = 20 << 30
"""A day: ten times what a heavy case file weighs."""
KEPT = timedelta(days=2)


class Quota:
    """Counts durably, in every process together."""

    def __init__(self, database: Database, octets: int = OCTETS) -> None:
        self._database = database
        self._octets = octets

    def take(self, member: str, size: int, today: date) -> None:
        """Count `size` octets of the member's. Raises TooMany, and then nothing is counted."""
        with self._database.write() as session:
            session.exec(delete(DayTotalRow).where(col(DayTotalRow.day) < today - KEPT))
            row = session.get(DayTotalRow, (member, today)) or DayTotalRow(member_id=member, day=today, octets=0)
            if row.octets + size > self._octets:
                raise TooMany(
                    f"Vous avez déposé aujourd'hui tout ce qu'un jour admet ({self._octets >> 20} Mo). Ce fichier "
                    "n'est pas déposé ; reprenez demain, ou confiez la reprise d'un fonds au service informatique."
                )
            row.octets += size
            session.add(row)
