"""Case files (*dossiers de pourvoi*): opening, finding, who sits on them."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, delete, select

from portal.archive.feeding import EPOCH, touch_case_file
from portal.journal.journal import append
from portal.nouns.case_file import CaseRole, NewCaseFile, Party, Stage
from portal.nouns.errors import Conflict, NotFound
from portal.nouns.member import Member
from portal.policy.clearances import Clearances
from portal.policy.policy import Action
from portal.store.database import Database, take
from portal.store.tables import AppealRow, CaseFileRow, CaseRoleRow, DocumentRow, MemberRow, PartyRow, StageRow


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """A case file as one member sees it. `open` is False where only published decisions made it visible."""

    id: str
    numbers: tuple[str, ...]
    chamber: str | None
    title: str = ""
    formation: str | None = None
    contested: str = ""
    hearing: date | None = None
    report_due: date | None = None
    parties: tuple[Party, ...] = ()
    stages: tuple[Stage, ...] = ()
    roles: tuple[tuple[str, str], ...] = ()
    """(role, name on screen)."""
    open: bool = True
    deposits: bool = False
    """Whether this member may put files into it."""


def new_id() -> str:
    """128 random bits: an identifier that tells nothing and cannot be guessed."""
    return secrets.token_hex(16)


class CaseFiles:
    def __init__(self, database: Database, clearances: Clearances) -> None:
        self._database = database
        self._clearances = clearances

    def open(self, new: NewCaseFile, by: str) -> str:
        """Open a case file, or complete the one that a published decision made known. Returns its id.

        Raises Conflict where one of its numbers stands in a file of the court already.
        """
        with self._database.write() as session:
            known = {
                row.case_file_id
                for row in session.exec(select(AppealRow).where(col(AppealRow.number).in_(new.numbers))).all()
            }
            files = [file for file in (session.get(CaseFileRow, one) for one in known) if file is not None]
            if len(files) > 1 or any(file.opened for file in files):
                raise Conflict("Un dossier porte déjà ce numéro. Ouvrez-le plutôt que d'en créer un second.")
            row = files[0] if files else CaseFileRow(id=new_id())
            self._fill(session, row, new)
            append(session, by, "dossier.ouverture", row.id)
            touch_case_file(session, row.id)
            take(session, EPOCH)
            return row.id

    def by_number(self, number: str) -> str | None:
        """The case file that holds this appeal number (seven digits), whoever asks."""
        with self._database.read() as session:
            row = session.get(AppealRow, number)
            return row.case_file_id if row else None

    def sheet(self, session: Session, member: Member, case_file: str) -> CaseSheet:
        """The case file as `member` may see it. Raises NotFound where nothing of it is open to them."""
        row = session.get(CaseFileRow, case_file)
        if row is None:
            raise NotFound
        appeals = session.exec(
            select(AppealRow).where(AppealRow.case_file_id == case_file).order_by(col(AppealRow.position))
        ).all()
        numbers = tuple(appeal.number for appeal in appeals)
        if not self._clearances.may_know(session, member, row):
            return self._public_sheet(session, member, row)
        return CaseSheet(
            id=row.id,
            numbers=numbers,
            chamber=row.chamber,
            title=row.title,
            formation=row.formation,
            contested=row.contested,
            hearing=row.hearing,
            report_due=row.report_due,
            parties=self._parties(session, case_file),
            stages=self._stages(session, case_file),
            roles=self._roles(session, case_file),
            deposits=self._clearances.may_deposit_in(session, member, row),
        )

    def mine(self, session: Session, member: Member) -> list[CaseSheet]:
        """« Mes dossiers »: files in which the member has a part, by hearing date; those without one last."""
        rows = session.exec(
            select(CaseFileRow)
            .join(CaseRoleRow, col(CaseRoleRow.case_file_id) == col(CaseFileRow.id))
            .where(CaseRoleRow.member_id == member.id)
            .distinct()
        ).all()
        rows = [row for row in rows if self._clearances.may_know(session, member, row)]
        ids = [row.id for row in rows]
        numbers: dict[str, list[str]] = {}
        for start in range(0, len(ids), 500):
            appeals = session.exec(
                select(AppealRow)
                .where(col(AppealRow.case_file_id).in_(ids[start : start + 500]))
                .order_by(col(AppealRow.position))
            ).all()
            for appeal in appeals:
                numbers.setdefault(appeal.case_file_id, []).append(appeal.number)
        sheets = [
            CaseSheet(
                id=row.id,
                numbers=tuple(numbers.get(row.id, ())),
                chamber=row.chamber,
                title=row.title,
                formation=row.formation,
                hearing=row.hearing,
                report_due=row.report_due,
            )
            for row in rows
        ]
        return sorted(sheets, key=lambda sheet: (sheet.hearing is None, sheet.hearing or date.max, sheet.numbers))

    def assign(self, case_file: str, role: CaseRole, by: str) -> None:
        """Give a member a part in the file; effective for every search, page and socket at once."""
        with self._database.write() as session:
            session.merge(CaseRoleRow(case_file_id=case_file, member_id=role.member, role=role.role))
            append(session, by, "dossier.attribution", case_file, f"{role.role}:{role.member}")
            take(session, EPOCH)

    def unassign(self, case_file: str, role: CaseRole, by: str) -> None:
        """Take a member's part away; nothing of the file reaches them once this returns."""
        with self._database.write() as session:
            session.exec(
                delete(CaseRoleRow).where(
                    col(CaseRoleRow.case_file_id) == case_file,
                    col(CaseRoleRow.member_id) == role.member,
                    col(CaseRoleRow.role) == role.role,
                )
            )
            append(session, by, "dossier.retrait", case_file, f"{role.role}:{role.member}")
            take(session, EPOCH)

    def _fill(self, session: Session, row: CaseFileRow, new: NewCaseFile) -> None:
        row.title, row.chamber, row.formation = new.title, new.chamber or row.chamber, new.formation
        row.contested, row.hearing, row.report_due, row.opened = new.contested, new.hearing, new.report_due, True
        session.add(row)
        session.flush()
        for position, number in enumerate(new.numbers):
            session.merge(AppealRow(number=number, case_file_id=row.id, position=position))
        for party in new.parties:
            session.add(PartyRow(case_file_id=row.id, name=party.name, quality=party.quality, counsel=party.counsel))
        for position, stage in enumerate(new.stages):
            session.add(StageRow(case_file_id=row.id, kind=stage.kind, on=stage.on, due=stage.due, position=position))
        for role in new.roles:
            session.merge(CaseRoleRow(case_file_id=row.id, member_id=role.member, role=role.role))

    def _public_sheet(self, session: Session, member: Member, row: CaseFileRow) -> CaseSheet:
        """What published decisions say of the file, and no more: the same with and without a file of the court."""
        decisions = session.exec(
            select(DocumentRow).where(
                DocumentRow.case_file_id == row.id,
                col(DocumentRow.published).is_(True),
                col(DocumentRow.deleted).is_(None),
            )
        ).all()
        visible = self._clearances.allowed(session, member, Action.READ, decisions)
        if not visible:
            raise NotFound
        numbers = sorted({number for decision in visible for number in decision.about.get("numbers", ())})
        chambers = [decision.about.get("chamber") for decision in visible if decision.about.get("chamber")]
        return CaseSheet(id=row.id, numbers=tuple(numbers), chamber=chambers[0] if chambers else None, open=False)

    def _parties(self, session: Session, case_file: str) -> tuple[Party, ...]:
        rows = session.exec(select(PartyRow).where(PartyRow.case_file_id == case_file).order_by(col(PartyRow.id)))
        return tuple(Party(row.name, row.quality, row.counsel) for row in rows)

    def _stages(self, session: Session, case_file: str) -> tuple[Stage, ...]:
        rows = session.exec(select(StageRow).where(StageRow.case_file_id == case_file).order_by(col(StageRow.position)))
        return tuple(Stage(row.kind, row.on, row.due) for row in rows)

    def _roles(self, session: Session, case_file: str) -> tuple[tuple[str, str], ...]:
        rows = session.exec(
            select(CaseRoleRow.role, MemberRow.civility, MemberRow.surname)
            .join(MemberRow, col(MemberRow.id) == col(CaseRoleRow.member_id))
            .where(CaseRoleRow.case_file_id == case_file)
            .order_by(CaseRoleRow.role, MemberRow.surname)
        )
        return tuple((role, f"{civility} {surname}") for role, civility, surname in rows)
