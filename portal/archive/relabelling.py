"""Labels everything again where the table "who sees what" is no longer the one that the archive's labels follow."""

from __future__ import annotations

import logging

from sqlmodel import col, select

from portal.archive.feeding import CASE_FILE, EPOCH, narrow
from portal.journal.journal import append
from portal.policy.table import Table
from portal.store.database import Database, take
from portal.store.tables import CaseFileRow, DocumentRow, NoteRow

log = logging.getLogger("minutier")
TABLE = "who-sees-what"


def follow(database: Database, table: Table) -> int:
    """Hide every restricted document until its record follows this table. Returns how many; 0 where it does already.

    The first start of an archive only remembers the table.
    """
    with database.write() as session:
        held = session.get(NoteRow, TABLE)
        if held is not None and held.value == table.digest:
            return 0
        session.merge(NoteRow(name=TABLE, value=table.digest))
        if held is None and session.exec(select(DocumentRow.id)).first() is None:
            return 0
        documents = session.exec(
            select(DocumentRow.id).where(col(DocumentRow.published).is_(False), col(DocumentRow.deleted).is_(None))
        ).all()
        for document in documents:
            narrow(session, document)
        for case_file in session.exec(select(CaseFileRow.id).where(col(CaseFileRow.opened).is_(True))).all():
            narrow(session, CASE_FILE + case_file)
        append(session, "", "habilitations.tableau", table.digest)
        take(session, EPOCH)
    log.warning("the table of clearances changed: %d documents are hidden until labelled again", len(documents))
    return len(documents)
