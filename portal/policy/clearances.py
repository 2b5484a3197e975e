"""Clearances as the archive holds them (*habilitations*): members' labels by permission epoch, facts by document."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import PUBLIC, Action, CasePlace, Facts, Policy
from portal.policy.roll import live_grants, read_standing
from portal.store.database import Database, peek
from portal.store.tables import CaseFileRow, DenialRow, DocumentRow, GrantRow, InvitationRow, MemberRow, now

EPOCH = "epoch"
CHUNK = 500
MOST_DENIED = 20_000
"""A query that subtracts more documents would be slow."""
MOST_HELD = 10_000
"""Members whose labels are kept; a court has 2,000."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a member holds at one permission epoch, and until when at most."""

    member: Member | None
    labels: frozenset[str]
    epoch: int
    until: datetime | None = None

    def holds(self, epoch: int, at: datetime) -> bool:
        return self.epoch == epoch and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Sight:
    """What a search may find: records that meet `labels`, less documents whose clearance was narrowed since."""

    labels: frozenset[str]
    denied: frozenset[str]


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
        """The member's labels, read in this session's snapshot and kept until the epoch moves or one of them ends."""
        epoch = peek(session, EPOCH)
        if member is None:
            return Clearance(None, self.policy.labels(None), epoch)
        with self._lock:
            held = self._held.get(member.id)
        if held is not None and held.member == member and held.holds(epoch, now()):
            return held
        standing = read_standing(session, member, now())
        held = Clearance(member, self.policy.labels(standing), epoch, standing.until)
        with self._lock:
            if len(self._held) >= MOST_HELD:
                self._held.clear()
            self._held[member.id] = held
        return held

    def sight(self, session: Session, member: Member | None) -> Sight:
        """What a search of the member's may find, read in one snapshot."""
        labels = self.of(session, member).labels
        denied = session.exec(select(DenialRow.document_id).limit(MOST_DENIED + 1)).all()
        if len(denied) > MOST_DENIED:  # a new table of clearances: nothing restricted until it is labelled again
            return Sight(labels & {PUBLIC}, frozenset())
        return Sight(labels, frozenset(denied))

    def facts(self, session: Session, documents: Sequence[DocumentRow]) -> dict[str, Facts]:
        """Facts by document id, in three queries for each 500 of them."""
        secret = [row for row in documents if not row.published]
        invited = _invited(session, [row.id for row in secret])
        granted = _granted(session, [row.id for row in secret])
        places = self.places(session, {row.case_file_id for row in secret if row.case_file_id})
        nowhere = CasePlace("")
        return {
            row.id: facts_of(
                row,
                places.get(row.case_file_id or "", nowhere),
                invited.get(row.id, {}),
                granted.get(row.id, frozenset()),
            )
            for row in documents
        }

    def places(self, session: Session, case_files: Iterable[str]) -> dict[str, CasePlace]:
        """Where case files stand, by id."""
        ids = sorted(case_files)
        found: dict[str, CasePlace] = {}
        for start in range(0, len(ids), CHUNK):
            rows = session.exec(
                select(CaseFileRow.id, CaseFileRow.chamber, CaseFileRow.bench_id).where(
                    col(CaseFileRow.id).in_(ids[start : start + CHUNK])
                )
            )
            found.update((case_file, CasePlace(case_file, chamber, bench)) for case_file, chamber, bench in rows)
        return found

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

    def may_know(self, session: Session, member: Member, case_file: CaseFileRow) -> bool:
        """Whether the member may know of the court's own file, beyond its published decisions."""
        labels = self.of(session, member).labels
        return case_file.opened and self.policy.may_know_case_file(labels, place_of(case_file))

    def may_deposit_in(self, session: Session, member: Member, case_file: CaseFileRow) -> bool:
        """Whether the member may put a file into this case file."""
        return self.policy.may_deposit_in(member, self.of(session, member).labels, place_of(case_file))


def _invited(session: Session, ids: Sequence[str]) -> dict[str, dict[str, Access]]:
    found: dict[str, dict[str, Access]] = {}
    for start in range(0, len(ids), CHUNK):
        rows = session.exec(
            select(InvitationRow.document_id, InvitationRow.member_id, InvitationRow.access).where(
                col(InvitationRow.document_id).in_(ids[start : start + CHUNK])
            )
        )
        for document, member, access in rows:
            found.setdefault(document, {})[member] = Access(access)
    return found


def _granted(session: Session, ids: Sequence[str]) -> dict[str, frozenset[str]]:
    """Exceptions by document. One that has ended may stand here: nobody carries its label any more."""
    found: dict[str, frozenset[str]] = {}
    for start in range(0, len(ids), CHUNK):
        rows = session.exec(
            select(GrantRow.document_id, GrantRow.id).where(
                col(GrantRow.document_id).in_(ids[start : start + CHUNK]), *live_grants(now())
            )
        )
        for document, grant in rows:
            found[document or ""] = found.get(document or "", frozenset()) | {grant}
    return found


def place_of(row: CaseFileRow) -> CasePlace:
    return CasePlace(row.id, row.chamber, row.bench_id)


def facts_of(row: DocumentRow, place: CasePlace, invited: dict[str, Access], granted: frozenset[str]) -> Facts:
    return Facts(
        id=row.id,
        kind=row.kind,
        case_file=row.case_file_id,
        author=row.author_id,
        chamber=place.chamber,
        bench=place.bench,
        published=row.published,
        draft=row.draft,
        deposited=row.deposited,
        circulated=row.circulated,
        deleted=row.deleted is not None,
        locked=row.state not in {"initialise", "redaction", "relecture"} if row.draft else False,
        invited=invited,
        granted=granted,
    )


def member_of(row: MemberRow) -> Member:
    return Member(row.id, row.civility, row.surname, frozenset(row.roles), row.given_name)
