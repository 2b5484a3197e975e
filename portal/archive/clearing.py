"""Changes of clearance (*habilitations*): places, exceptions, delegations, walls, emergencies.

Each is one transaction with its journal entry and a new permission epoch: searches, pages and sockets follow
at once. Each has a person, a reason, and, but for places and walls, an end.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlmodel import Session, select

from portal.archive.case_files import new_id
from portal.archive.feeding import EPOCH, narrow_case_file, touch
from portal.journal.journal import append
from portal.nouns.clearance import (
    GROUP_KINDS,
    SEATS,
    Change,
    Group,
    NewBench,
    NewDelegation,
    NewException,
    NewPlace,
    NewSeat,
    NewWall,
)
from portal.nouns.errors import NotAllowed, NotFound, PortalError
from portal.nouns.member import Member
from portal.policy.clearances import Clearances
from portal.policy.policy import Action
from portal.policy.roll import DELEGATION, EMERGENCY, EXCEPTION
from portal.policy.standing import BENCH
from portal.policy.table import AUDIENCES
from portal.store.database import Database, take
from portal.store.tables import (
    AppealRow,
    CaseFileRow,
    CaseRoleRow,
    DocumentRow,
    GrantRow,
    GroupRow,
    MemberRow,
    MembershipRow,
    WallRow,
    now,
)

LONGEST = timedelta(days=366)
"""An exception or a delegation lasts a year at most; it is renewed by a person."""
NO_MANAGER = "Les habilitations sont changées par le service qui en a la charge. Adressez-lui votre demande."
NO_REASON = "Indiquez le motif : il est gardé au journal et montré à qui relit les habilitations."


class Clearing:
    """All that changes who may see what, beside the parts in a case file (`CaseFiles.assign`)."""

    def __init__(self, database: Database, clearances: Clearances) -> None:
        self._database = database
        self._clearances = clearances
        self._policy = clearances.policy

    def add_group(self, by: Member, group: Group) -> None:
        """Make a group, or rename it. Raises PortalError for a kind that does not exist."""
        self._must_manage(by)
        if group.kind not in GROUP_KINDS or not group.id.strip() or not group.name.strip():
            raise PortalError(f"Indiquez un nom et un genre de groupe parmi : {', '.join(GROUP_KINDS)}.")
        with self._database.write() as session:
            session.merge(GroupRow(id=group.id, kind=group.kind, name=group.name))
            append(session, by.id, "groupe.ajout", group.id)
            take(session, EPOCH)

    def apply(self, by: Member, change: Change) -> str:
        """Make the change. Returns its id, by which it is withdrawn."""
        with self._database.write() as session:
            return self.make(session, by, change)

    def make(self, session: Session, by: Member, change: Change) -> str:
        """The change in the caller's transaction, which may be rolled back: `Simulation` does."""
        match change:
            case NewPlace():
                return self._place(session, by, change)
            case NewException():
                return self._except(session, by, change)
            case NewDelegation():
                return self._delegate(session, by, change)
            case NewWall():
                return self._wall(session, by, change)
            case NewSeat():
                return self._seat(session, by, change)
            case NewBench():
                return self._bench(session, by, change)

    def end_place(self, by: Member, membership: str) -> None:
        """The member leaves the group now."""
        self._must_manage(by)
        with self._database.write() as session:
            row = session.get(MembershipRow, membership)
            if row is None:
                raise NotFound
            row.ends = now()
            session.add(row)
            append(session, by.id, "groupe.retrait", row.group_id, row.member_id)
            take(session, EPOCH)

    def withdraw(self, by: Member, grant: str) -> None:
        """End an exception, a delegation or an emergency now: by who manages, or who lent the part."""
        with self._database.write() as session:
            row = session.get(GrantRow, grant)
            if row is None or not (self._policy.may_manage(by) or by.id in {row.by, row.origin_id}):
                raise NotFound
            row.ended = row.ended or now()
            session.add(row)
            append(session, by.id, f"{row.kind}.retrait", _subject(row), row.member_id or row.group_id or "")
            take(session, EPOCH)

    def lift(self, by: Member, wall: str) -> None:
        """Take a wall down."""
        self._must_manage(by)
        with self._database.write() as session:
            row = session.get(WallRow, wall)
            if row is None or row.ended is not None:
                raise NotFound
            row.ended, row.ended_by = now(), by.id
            session.add(row)
            append(session, by.id, "deport.levee", row.case_file_id, row.member_id)
            take(session, EPOCH)

    def unseat(self, by: Member, seat: NewSeat) -> None:
        """Take a member's part in a case file away; nothing of the file reaches them once this returns."""
        self._must_manage(by)
        with self._database.write() as session:
            row = session.get(CaseRoleRow, (seat.case_file, seat.member, seat.role))
            if row is None:
                raise NotFound
            session.delete(row)
            append(session, by.id, "dossier.retrait", seat.case_file, f"{seat.role}:{seat.member}")
            take(session, EPOCH)

    def emergency(self, by: Member, number: str, reason: str) -> str:
        """Open a case file to oneself for a few hours (*accès d'urgence*). Returns its id.

        The bench of the file and who manages clearances see it until one of them has answered for it. It opens
        nothing past a wall. Raises NotFound for a number that no file bears, journalled all the same.
        """
        if not self._policy.may_take_emergency(by):
            raise NotAllowed("L'accès d'urgence n'est pas ouvert à votre fonction. Adressez-vous au président.")
        _must_have(reason)
        rule = self._policy.table.emergency
        with self._database.write() as session:
            append(session, by.id, "urgence.demande", number, reason)
            appeal = session.get(AppealRow, number)
            row = session.get(CaseFileRow, appeal.case_file_id) if appeal else None
            walled = row is not None and f"w:{row.id}" in self._clearances.of(session, by).labels
            if row is not None and row.opened and not walled:
                grant = GrantRow(
                    id=new_id(),
                    kind=EMERGENCY,
                    member_id=by.id,
                    case_file_id=row.id,
                    audience=rule.audience,
                    reason=reason.strip(),
                    by=by.id,
                    ends=now() + rule.life,
                )
                session.add(grant)
                append(session, by.id, "urgence.ouverture", row.id, reason)
                take(session, EPOCH)
                return row.id
        raise NotFound

    def answer(self, by: Member, grant: str) -> None:
        """Someone of the bench, or who manages clearances, has seen the emergency and answers for it."""
        with self._database.write() as session:
            row = session.get(GrantRow, grant)
            if row is None or row.kind != EMERGENCY or not self._answers(session, by, row):
                raise NotFound
            row.reviewed, row.reviewed_by = row.reviewed or now(), row.reviewed_by or by.id
            session.add(row)
            append(session, by.id, "urgence.visa", row.case_file_id or "", row.member_id or "")

    def _place(self, session: Session, by: Member, new: NewPlace) -> str:
        self._must_manage(by)
        group = session.get(GroupRow, new.group)
        self._must_exist(session, new.member)
        if group is None:
            raise PortalError("Ce groupe n'existe pas. Choisissez-le dans la liste.")
        if new.seconded:
            _must_have(new.reason)
            if new.ends is None:
                raise PortalError("Un détachement a une fin : indiquez-la.")
        if new.function and new.function not in SEATS:
            raise PortalError(f"Indiquez la part dans la formation : {', '.join(SEATS)}.")
        if new.ends is not None and new.ends <= now():
            raise PortalError("La fin est déjà passée. Choisissez un jour à venir.")
        row = MembershipRow(
            id=new_id(),
            group_id=new.group,
            member_id=new.member,
            function=new.function,
            seconded=new.seconded,
            reason=new.reason,
            by=by.id,
            ends=new.ends,
        )
        session.add(row)
        append(session, by.id, "groupe.affectation", new.group, new.member)
        take(session, EPOCH)
        return row.id

    def _except(self, session: Session, by: Member, new: NewException) -> str:
        self._must_manage(by)
        _must_have(new.reason)
        _must_end(new.ends)
        if (new.member is None) == (new.group is None) or (new.document is None) == (new.case_file is None):
            raise PortalError("Indiquez à qui (un membre ou un groupe) et quoi (une pièce ou un dossier).")
        if new.member is not None:
            self._must_exist(session, new.member)
        elif session.get(GroupRow, new.group) is None:
            raise PortalError("Ce groupe n'existe pas. Choisissez-le dans la liste.")
        if new.document is not None:
            document = session.get(DocumentRow, new.document)
            if document is None or not self._clearances.may(session, by, Action.KNOW, document):
                raise NotFound
            if not document.deposited and not document.published:
                raise PortalError("Ce document n'est pas déposé : seul son auteur peut l'ouvrir, par invitation.")
        else:
            self._must_know(session, by, new.case_file)
            if new.audience not in AUDIENCES - {"delibere"}:
                raise PortalError("Indiquez la qualité : siege, rapporteur, parquet, greffe, sder ou chambre.")
        row = GrantRow(
            id=new_id(),
            kind=EXCEPTION,
            member_id=new.member,
            group_id=new.group,
            document_id=new.document,
            case_file_id=new.case_file,
            audience=new.audience,
            reason=new.reason.strip(),
            by=by.id,
            ends=new.ends,
        )
        session.add(row)
        session.flush()
        if new.document is not None:
            touch(session, new.document)
        append(session, by.id, "exception.octroi", _subject(row), new.member or new.group or "")
        take(session, EPOCH)
        return row.id

    def _delegate(self, session: Session, by: Member, new: NewDelegation) -> str:
        if by.id != new.origin:
            self._must_manage(by)
        _must_have(new.reason)
        _must_end(new.ends)
        self._must_exist(session, new.member)
        if new.member == new.origin:
            raise PortalError("Une délégation va à une autre personne. Choisissez-la dans la liste.")
        if new.case_file is not None:
            held = session.exec(
                select(CaseRoleRow).where(
                    CaseRoleRow.case_file_id == new.case_file, CaseRoleRow.member_id == new.origin
                )
            ).first()
            if held is None or f"w:{new.case_file}" in self._clearances.of(session, by).labels:
                raise NotFound
        row = GrantRow(
            id=new_id(),
            kind=DELEGATION,
            member_id=new.member,
            case_file_id=new.case_file,
            origin_id=new.origin,
            reason=new.reason.strip(),
            by=by.id,
            ends=new.ends,
        )
        session.add(row)
        append(session, by.id, "delegation.octroi", new.case_file or new.origin, new.member)
        take(session, EPOCH)
        return row.id

    def _wall(self, session: Session, by: Member, new: NewWall) -> str:
        self._must_manage(by)
        _must_have(new.reason)
        self._must_exist(session, new.member)
        self._must_know(session, by, new.case_file)
        row = WallRow(
            id=new_id(), member_id=new.member, case_file_id=new.case_file, reason=new.reason.strip(), by=by.id
        )
        session.add(row)
        append(session, by.id, "deport.mur", new.case_file, new.member)
        take(session, EPOCH)
        return row.id

    def _seat(self, session: Session, by: Member, new: NewSeat) -> str:
        self._must_manage(by)
        self._must_exist(session, new.member)
        self._must_know(session, by, new.case_file)
        if new.role not in SEATS:
            raise PortalError(f"Indiquez la qualité dans le dossier : {', '.join(SEATS)}.")
        session.merge(CaseRoleRow(case_file_id=new.case_file, member_id=new.member, role=new.role))
        append(session, by.id, "dossier.attribution", new.case_file, f"{new.role}:{new.member}")
        take(session, EPOCH)
        return new.case_file

    def _bench(self, session: Session, by: Member, new: NewBench) -> str:
        self._must_manage(by)
        self._must_know(session, by, new.case_file)
        row, group = session.get(CaseFileRow, new.case_file), session.get(GroupRow, new.formation or "")
        if row is None or (new.formation and (group is None or group.kind != BENCH)):
            raise PortalError("Cette formation n'existe pas. Choisissez-la dans la liste.")
        row.bench_id = new.formation or None
        session.add(row)
        narrow_case_file(session, new.case_file)
        append(session, by.id, "dossier.formation", new.case_file, new.formation or "")
        return new.case_file

    def _answers(self, session: Session, by: Member, row: GrantRow) -> bool:
        if by.id == row.member_id:
            return False
        if self._policy.may_manage(by):
            return True
        return bool(self._clearances.of(session, by).labels & {f"f:{row.case_file_id}:delibere"})

    def _must_manage(self, by: Member) -> None:
        if not self._policy.may_manage(by):
            raise NotAllowed(NO_MANAGER)

    def _must_exist(self, session: Session, member: str) -> None:
        row = session.get(MemberRow, member)
        if row is None or not row.active or "administrateur" in row.roles:
            raise PortalError("Cette personne ne peut pas être habilitée. Choisissez un membre de la cour.")

    def _must_know(self, session: Session, by: Member, case_file: str | None) -> None:
        """Who manages clearances names a file by its number; a wall of their own hides it from them too."""
        row = session.get(CaseFileRow, case_file)
        if row is None or not row.opened or f"w:{row.id}" in self._clearances.of(session, by).labels:
            raise NotFound


def _subject(row: GrantRow) -> str:
    return row.document_id or row.case_file_id or row.origin_id or row.id


def _must_have(reason: str) -> None:
    if len(reason.strip()) < 3:
        raise PortalError(NO_REASON)


def _must_end(ends: datetime) -> None:
    if not now() < ends <= now() + LONGEST:
        raise PortalError("Indiquez une fin à venir, dans un an au plus.")
