"""Clearances as the archive holds them (*habilitations*): members' labels by permission epoch, facts by document."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlmodel import Session, col, select

from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import Action, Facts, Policy
from portal.store.database import Database, peek
from portal.store.tables import CaseRoleRow, DenialRow, DocumentRow, InvitationRow, MemberRow

EPOCH = "epoch"


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a member holds at one permission epoch."""

    member: Member | None
    labels: frozenset[str]
    epoch: int


class Clearances:
    """Reads the archive and applies the policy. Every answer holds for the epoch at which it was read."""

    def __init__(self, database: Database, policy: Policy) -> None:
        self.policy = policy
        self._database = database
        self._held: dict[str, Clearance] = {}
        self._lock = threading.Lock()

    def epoch(self) -> int:
        with self._database.read() as session:
            return peek(session, EPOCH)

    def of(self, session: Session, member: Member | None) -> Clearance:
        """The member's labels, read in this session's snapshot and kept until the epoch moves."""
        epoch = peek(session, EPOCH)
        if member is None:
            return Clearance(None, self.policy.labels(None), epoch)
        with self._lock:
            held = self._held.get(member.id)
        if held is not None and held.epoch == epoch and held.member == member:
            return held
        roles = session.exec(
            select(CaseRoleRow.case_file_id, CaseRoleRow.role).where(CaseRoleRow.member_id == member.id)
        ).all()
        held = Clearance(member, self.policy.labels(member, roles), epoch)
        with self._lock:
            self._held[member.id] = held
        return held

    def denied(self, session: Session) -> frozenset[str]:
        """Documents whose clearance was narrowed and whose records have not caught up."""
        return frozenset(session.exec(select(DenialRow.document_id)).all())

    def facts(self, session: Session, documents: Sequence[DocumentRow]) -> dict[str, Facts]:
        """Facts by document id, in two queries however many there are."""
        invited: dict[str, dict[str, Access]] = {}
        ids = [row.id for row in documents if not row.published]
        for start in range(0, len(ids), 500):
            rows = session.exec(
                select(InvitationRow).where(col(InvitationRow.document_id).in_(ids[start : start + 500]))
            ).all()
            for row in rows:
                invited.setdefault(row.document_id, {})[row.member_id] = Access(row.access)
        return {row.id: facts_of(row, invited.get(row.id, {})) for row in documents}

    def may(self, session: Session, member: Member, action: Action, document: DocumentRow) -> bool:
        """The check at the door."""
        facts = self.facts(session, [document])[document.id]
        return self.policy.may(member, self.of(session, member).labels, action, facts)

    def allowed(
        self, session: Session, member: Member, action: Action, documents: Iterable[DocumentRow]
    ) -> list[DocumentRow]:
        """Those of `documents` on which `member` may do this, in their order."""
        rows = list(documents)
        facts = self.facts(session, rows)
        labels = self.of(session, member).labels
        return [row for row in rows if self.policy.may(member, labels, action, facts[row.id])]


def facts_of(row: DocumentRow, invited: dict[str, Access]) -> Facts:
    return Facts(
        id=row.id,
        kind=row.kind,
        case_file=row.case_file_id,
        author=row.author_id,
        published=row.published,
        draft=row.draft,
        deposited=row.deposited,
        circulated=row.circulated,
        deleted=row.deleted is not None,
        locked=row.state not in {"initialise", "redaction", "relecture"} if row.draft else False,
        invited=invited,
    )


def member_of(row: MemberRow) -> Member:
    return Member(row.id, row.civility, row.surname, frozenset(row.roles), row.given_name)
