"""What may be used once (*usage unique*), and was."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from sqlmodel import Session, col, delete

from portal.store.tables import SpentRow


def spend(session: Session, name: str, until: datetime) -> bool:
    """Use it up in the caller's transaction, which holds the write lock. False where that had been done before."""
    session.exec(delete(SpentRow).where(col(SpentRow.until) < datetime.now(UTC)))
    key = hashlib.sha256(name.encode()).hexdigest()
    if session.get(SpentRow, key) is not None:
        return False
    session.add(SpentRow(name=key, until=until))
    session.flush()
    return True
