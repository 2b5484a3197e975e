"""Marks on the feed: what must be indexed again, and what is hidden until it has been."""

from __future__ import annotations

from sqlmodel import Session, select

from portal.store.database import take
from portal.store.tables import DenialRow, DocumentRow, RevisionRow

REVISION = "revision"
EPOCH = "epoch"
CASE_FILE = "dossier:"


def touch(session: Session, document: str) -> int:
    """The document changed: the feed will index it again."""
    revision = take(session, REVISION)
    session.add(RevisionRow(revision=revision, subject=document))
    return revision


def touch_case_file(session: Session, case_file: str) -> int:
    return touch(session, CASE_FILE + case_file)


def narrow(session: Session, document: str) -> None:
    """Fewer people may see the document: hide it from every search until its record has followed."""
    revision = touch(session, document)
    session.merge(DenialRow(document_id=document, revision=revision))
    take(session, EPOCH)


def narrow_case_file(session: Session, case_file: str) -> None:
    """Labels of the file and of everything in it changed: hide it all until its records have followed."""
    for document in session.exec(select(DocumentRow.id).where(DocumentRow.case_file_id == case_file)).all():
        narrow(session, document)
    narrow(session, CASE_FILE + case_file)


def widen(session: Session, document: str) -> None:
    """More people may see the document, or may do more with it."""
    touch(session, document)
    take(session, EPOCH)
