"""Documents in the archive (*pièces et décisions*): deposit, filing, deletion that can be undone, reading."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO

from sqlalchemy.orm import defer
from sqlmodel import Session, col, select

from ingest.extraction import Extraction
from portal.archive import describing
from portal.archive.case_files import new_id
from portal.archive.feeding import narrow, touch, touch_case_file, widen
from portal.archive.reading import pack, unpack
from portal.journal.journal import append
from portal.nouns.document import Description, show_title
from portal.nouns.errors import NotAllowed, NotFound
from portal.nouns.member import Member
from portal.policy.clearances import Clearances
from portal.policy.policy import Action
from portal.store.bytes import DocumentStore
from portal.store.database import Database
from portal.store.tables import AppealRow, CaseFileRow, DocumentRow, ReadingRow, VersionRow, now


@dataclass(frozen=True, slots=True, kw_only=True)
class Deposit:
    """A file that was read and whose bytes the store holds already."""

    digest: str
    size: int
    name: str
    extraction: Extraction
    case_file: str | None = None
    by: str = ""
    kind: str = ""
    """What the depositor says it is; empty leaves it to the extraction."""
    title: str = ""
    day: date | None = None
    """The piece's own date; None leaves it to the extraction."""
    deposited: bool = True


@dataclass(frozen=True, slots=True)
class Receipt:
    """`new` is False where the same bytes were there already and nothing happened."""

    document: str
    case_file: str | None
    new: bool


class Documents:
    def __init__(self, database: Database, store: DocumentStore, clearances: Clearances) -> None:
        self._database = database
        self._store = store
        self._clearances = clearances

    def put(self, file: BinaryIO) -> str:
        """Keep bytes; durable when it returns. The digest goes into a `Deposit`."""
        return self._store.put(file)

    def open_bytes(self, digest: str) -> BinaryIO:
        """Bytes that the store holds, by digest: for files in quarantine, which are no document yet."""
        return self._store.open(digest)

    def deposit(self, deposits: Iterable[Deposit]) -> list[Receipt]:
        """Deposit files in one transaction: all of them, or none where it raises."""
        with self._database.write() as session:
            return [self._deposit(session, deposit) for deposit in deposits]

    def known(self, digest: str) -> bool:
        """Whether a document with these bytes stands in the archive."""
        with self._database.read() as session:
            return session.exec(select(VersionRow.id).where(VersionRow.digest == digest)).first() is not None

    def get(self, session: Session, member: Member, document: str, action: Action = Action.READ) -> DocumentRow:
        """The document, where `member` may do this. Raises NotFound; NotAllowed where they may read, not do."""
        row = session.get(DocumentRow, document)
        if row is None or not self._clearances.may(session, member, Action.KNOW, row):
            raise NotFound
        if self._clearances.may(session, member, action, row):
            return row
        if action is not Action.READ and self._clearances.may(session, member, Action.READ, row):
            raise NotAllowed
        raise NotFound

    def versions(self, session: Session, document: str) -> Sequence[VersionRow]:
        """Versions of a document, the newest first."""
        return session.exec(
            select(VersionRow).where(VersionRow.document_id == document).order_by(col(VersionRow.created).desc())
        ).all()

    def reading(self, session: Session, row: DocumentRow) -> Extraction | None:
        """What was read from the leading version, or rendered from the draft."""
        held = session.get(ReadingRow, row.version_id or row.id)
        return unpack(held.body) if held else None

    def open(self, session: Session, row: DocumentRow) -> tuple[VersionRow, BinaryIO]:
        """The leading version and its bytes. Raises NotFound for a draft, which has none."""
        version = session.get(VersionRow, row.version_id) if row.version_id else None
        if version is None:
            raise NotFound
        return version, self._store.open(version.digest)

    def in_case_file(self, session: Session, member: Member, case_file: str) -> list[DocumentRow]:
        """Every document of the file whose existence is open to `member`, in the order of the procedure."""
        rows = session.exec(
            select(DocumentRow)
            .where(DocumentRow.case_file_id == case_file, col(DocumentRow.deleted).is_(None))
            .options(defer(DocumentRow.about))  # type: ignore[arg-type]  # decoding 500 descriptions takes 6 ms
        ).all()
        visible = self._clearances.allowed(session, member, Action.KNOW, rows)
        return sorted(visible, key=lambda row: (row.day is None, row.day or row.created.date(), row.created, row.id))

    def inbox(self, session: Session, member: Member) -> list[DocumentRow]:
        """Pieces that found no case file (*à classer*), the newest first."""
        rows = session.exec(
            select(DocumentRow)
            .where(
                col(DocumentRow.case_file_id).is_(None),
                col(DocumentRow.published).is_(False),
                col(DocumentRow.draft).is_(False),
                col(DocumentRow.deleted).is_(None),
            )
            .order_by(col(DocumentRow.created).desc(), DocumentRow.id)
            .limit(500)
        ).all()
        return self._clearances.allowed(session, member, Action.READ, rows)

    def file(self, member: Member, document: str, case_file: str) -> None:
        """Put a piece of the inbox into a case file (*classer*)."""
        with self._database.write() as session:
            row = self.get(session, member, document, Action.READ)
            target = session.get(CaseFileRow, case_file)
            if target is None:
                raise NotFound
            if row.draft or row.published or not self._clearances.policy.may_file(member, row.kind):
                raise NotAllowed
            row.case_file_id, row.proposed_id, row.state, row.changed = case_file, None, "depose", now()
            session.add(row)
            append(session, member.id, "piece.classement", document, case_file)
            narrow(session, document)

    def delete(self, member: Member, document: str) -> None:
        """Take a document out of sight; `restore` undoes it. Its bytes and its log stay."""
        with self._database.write() as session:
            row = self.get(session, member, document, Action.DELETE)
            row.deleted = now()
            session.add(row)
            append(session, member.id, "piece.suppression", document)
            narrow(session, document)

    def restore(self, member: Member, document: str) -> None:
        with self._database.write() as session:
            row = session.get(DocumentRow, document)
            if row is None or row.deleted is None:
                raise NotFound
            facts = self._clearances.facts(session, [row])[row.id]
            labels = self._clearances.of(session, member).labels
            if not self._clearances.policy.may_restore(member, labels, facts):
                raise NotFound
            row.deleted = None
            session.add(row)
            append(session, member.id, "piece.retablissement", document)
            widen(session, document)

    def _deposit(self, session: Session, deposit: Deposit) -> Receipt:
        about = describing.describe(deposit.extraction.metadata, deposit.name)
        if deposit.extraction.metadata.published and deposit.case_file is None:
            return self._publish(session, deposit, about)
        same = self._same(session, deposit)
        if same is not None:
            return Receipt(same.id, same.case_file_id, new=False)
        kind = deposit.kind or about.kind
        row = DocumentRow(
            id=new_id(),
            case_file_id=deposit.case_file,
            proposed_id=None if deposit.case_file else self._propose(session, about),
            kind=kind,
            title=deposit.title or show_title(about),
            day=deposit.day or about.date,
            state="depose" if deposit.case_file else "a_classer",
            author_id=deposit.by or None,
            deposited=deposit.deposited,
        )
        self._add_version(session, row, deposit, about)
        append(session, deposit.by, "piece.depot", row.id, deposit.digest)
        touch(session, row.id)
        return Receipt(row.id, row.case_file_id, new=True)

    def _publish(self, session: Session, deposit: Deposit, about: Description) -> Receipt:
        """A published decision joins or opens its case file; a second file of it is a second version."""
        key = describing.identity(about)
        row = session.exec(
            select(DocumentRow).where(col(DocumentRow.published).is_(True), DocumentRow.identity == key)
        ).first()
        if row is not None:
            held = session.exec(
                select(VersionRow).where(VersionRow.document_id == row.id, VersionRow.digest == deposit.digest)
            ).first()
            if held is not None:
                return Receipt(row.id, row.case_file_id, new=False)
        leads = row is None or describing.rank(about) >= describing.rank(describing.from_json(row.about))
        if row is None:
            row = DocumentRow(id=new_id(), kind="", title="", state="publie", published=True, identity=key)
            row.case_file_id = self._join(session, about)
        if leads:
            row.kind, row.title, row.day, row.changed = about.kind, show_title(about), about.date, now()
        self._add_version(session, row, deposit, about, leads=leads)
        append(session, deposit.by, "decision.publication", row.id, deposit.digest)
        touch(session, row.id)
        return Receipt(row.id, row.case_file_id, new=True)

    def _add_version(
        self, session: Session, row: DocumentRow, deposit: Deposit, about: Description, *, leads: bool = True
    ) -> None:
        version = VersionRow(
            id=new_id(),
            document_id=row.id,
            digest=deposit.digest,
            media_type=deposit.extraction.media_type,
            name=deposit.name,
            size=deposit.size,
            source=about.source,
            by=deposit.by or None,
        )
        if leads:
            row.about = describing.to_json(about)
            row.version_id = version.id
            row.pages = len(deposit.extraction.pages)
            row.textless = not deposit.extraction.text.strip()
        session.add(row)
        session.flush()
        session.add(version)
        session.add(ReadingRow(id=version.id, document_id=row.id, body=pack(deposit.extraction)))
        session.flush()

    def _same(self, session: Session, deposit: Deposit) -> DocumentRow | None:
        """The document that holds these bytes: in the same case file; in the inbox; anywhere for an ingest.

        One that is not deposited yet is nobody's but its author's: it is never named to another.
        """
        statement = (
            select(DocumentRow)
            .join(VersionRow, col(VersionRow.document_id) == col(DocumentRow.id))
            .where(VersionRow.digest == deposit.digest, col(DocumentRow.deleted).is_(None))
        )
        if deposit.case_file is not None:
            statement = statement.where(DocumentRow.case_file_id == deposit.case_file)
        elif deposit.by:
            statement = statement.where(col(DocumentRow.case_file_id).is_(None))
        rows = session.exec(statement).all()
        return next((row for row in rows if row.deposited or row.author_id == deposit.by), None)

    def _propose(self, session: Session, about: Description) -> str | None:
        """The one case file whose numbers the piece bears, for a person to confirm."""
        rows = session.exec(select(AppealRow).where(col(AppealRow.number).in_(about.numbers[:50]))).all()
        files = {row.case_file_id for row in rows}
        return files.pop() if len(files) == 1 else None

    def _join(self, session: Session, about: Description) -> str | None:
        """The case file of a published decision, opened where no number of it is known."""
        if not about.numbers or about.jurisdiction not in {None, "cc"}:
            return None
        rows = session.exec(select(AppealRow).where(col(AppealRow.number).in_(about.numbers))).all()
        known = {row.number: row.case_file_id for row in rows}
        case_file = next((known[number] for number in about.numbers if number in known), None)
        if case_file is None:
            case_file = new_id()
            session.add(CaseFileRow(id=case_file, chamber=about.chamber))
            session.flush()
            touch_case_file(session, case_file)
        for position, number in enumerate(about.numbers):
            if number not in known:
                session.add(AppealRow(number=number, case_file_id=case_file, position=position))
        return case_file
