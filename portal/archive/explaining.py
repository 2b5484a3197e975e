"""Who can see what, and why (*habilitations expliquées*): reads the rule backwards, changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ColumnElement, or_
from sqlmodel import Session, col, func, select

from portal.archive.clearing import Clearing
from portal.nouns.clearance import Change, NewBench, NewException
from portal.nouns.member import Member
from portal.policy.clearances import Clearances, member_of
from portal.policy.policy import Action, Reason
from portal.policy.roll import DELEGATION, read_standing
from portal.store.database import Database
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

MOST = 20_000
"""Documents that a simulation looks at; beyond, it says « au moins »."""


@dataclass(frozen=True, slots=True)
class Viewer:
    """A member, or a whole service or group of `count`, who reads the document or knows its title alone."""

    name: str
    reasons: tuple[Reason, ...]
    member: str = ""
    count: int = 1
    title_only: bool = False


@dataclass(frozen=True, slots=True)
class Viewers:
    """Everyone who can see one document. `barred` are those whom a wall keeps out."""

    everyone: bool
    seen_by: tuple[Viewer, ...]
    barred: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Held:
    """Something a member holds: a service, a group, a part in a case file; with its reason."""

    reason: Reason
    case_file: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change would open and close, by kind of document. `more` where not all were counted."""

    members: tuple[str, ...]
    opens: Mapping[str, int] = field(default_factory=dict)
    closes: Mapping[str, int] = field(default_factory=dict)
    more: bool = False

    @property
    def nothing(self) -> bool:
        return not self.opens and not self.closes


class Explaining:
    def __init__(self, database: Database, clearances: Clearances, clearing: Clearing) -> None:
        self._database = database
        self._clearances = clearances
        self._policy = clearances.policy
        self._clearing = clearing

    def may_ask(self, session: Session, member: Member, document: DocumentRow) -> bool:
        """Its author, the bench of its file, and who manages clearances and may know of it."""
        labels = self._clearances.of(session, member).labels
        facts = self._clearances.facts(session, [document])[document.id]
        if not self._policy.may(member, labels, Action.KNOW, facts):
            return False
        bench = {f"f:{facts.case_file}:delibere", f"b:{facts.bench}:delibere"} if facts.case_file else set()
        return facts.author == member.id or bool(labels & bench) or self._policy.may_manage(member)

    def who_sees(self, session: Session, document: DocumentRow) -> Viewers:
        """Everyone who can see the document, services and groups as one line each."""
        facts = self._clearances.facts(session, [document])[document.id]
        body, title = self._policy.audience(facts)
        if facts.published:
            return Viewers(everyone=True, seen_by=())
        walled = self._walled(session, facts.case_file)
        viewers = [
            Viewer(name, tuple(why), count=count, title_only=label in title)
            for label, why in (body | title).items()
            if label.startswith("g:")
            for name, count in [self._group(session, label.removeprefix("g:"))]
        ]
        own = {label for label in body | title if not label.startswith("g:")}
        for row in self._candidates(session, own, facts.case_file, facts.bench):
            member = member_of(row)
            held = self._policy.holdings(read_standing(session, member, now()))
            reads, knows = held.keys() & own & body.keys(), held.keys() & own & title.keys()
            if row.id in walled or not (reads or knows):
                continue
            why = tuple(
                reason
                for label in sorted(reads or knows)
                for reason in ((body | title)[label] if label.startswith("m:") else held[label])
            )
            viewers.append(Viewer(member.name, why, member=member.id, title_only=not reads))
        barred = tuple(sorted(name for name in walled.values()))
        return Viewers(everyone=False, seen_by=tuple(viewers), barred=barred)

    def sees_what(self, session: Session, member: Member) -> list[Held]:
        """Everything the member holds, with its reason; one line a part, a group or a wall."""
        found: dict[tuple[str, str, str], Held] = {}
        for label, reasons in self._policy.holdings(read_standing(session, member, now())).items():
            case_file = label.split(":")[1] if label.startswith(("f:", "w:")) else ""
            for reason in reasons:
                found.setdefault((reason.kind, reason.name + reason.grant, case_file), Held(reason, case_file))
        numbers = _numbers(session, {held.case_file for held in found.values() if held.case_file})
        return [Held(held.reason, held.case_file, numbers.get(held.case_file, "")) for held in found.values()]

    def simulate(self, by: Member, change: Change) -> Effect:
        """What the change would open and close; nothing of it stays. Raises as the change itself would."""
        with self._database.rehearse() as session, self._database.read() as unchanged:
            members = self._concerned(session, change)
            before = {member.id: self._labels(session, member) for member in members}
            self._clearing.make(session, by, change)
            session.flush()
            after = {member.id: self._labels(session, member) for member in members}
            moved = frozenset[str]().union(*(before[one.id] ^ after[one.id] for one in members))
            rows = self._touched(session, moved, change)
            then, thereafter = (self._clearances.facts(one, rows[:MOST]) for one in (unchanged, session))
            opens: Counter[str] = Counter()
            closes: Counter[str] = Counter()
            for row in rows[:MOST]:
                for member in members:
                    could = self._policy.may(member, before[member.id], Action.READ, then[row.id])
                    will = self._policy.may(member, after[member.id], Action.READ, thereafter[row.id])
                    opens[row.kind] += will and not could
                    closes[row.kind] += could and not will
        names = tuple(member.name for member in members)
        return Effect(names, dict(+opens), dict(+closes), more=len(rows) > MOST)

    def _labels(self, session: Session, member: Member) -> frozenset[str]:
        return self._policy.labels(read_standing(session, member, now()))

    def _concerned(self, session: Session, change: Change) -> list[Member]:
        """Members whose labels the change may move."""
        groups: set[str | None] = set()
        members: set[str | None] = set()
        match change:
            case NewException(group=group, member=None):
                groups = {group}
            case NewBench(case_file=case_file, formation=formation):
                before = session.get(CaseFileRow, case_file)
                groups = {formation, before.bench_id if before else None}
            case _:
                members = {change.member}
        joined = select(MembershipRow.member_id).where(
            col(MembershipRow.group_id).in_([one for one in groups if one]), *_present(now())
        )
        rows = session.exec(
            select(MemberRow)
            .where(or_(col(MemberRow.id).in_([one for one in members if one]), col(MemberRow.id).in_(joined)))
            .order_by(MemberRow.surname, MemberRow.id)
        ).all()
        return [member_of(row) for row in rows]

    def _touched(self, session: Session, labels: Iterable[str], change: Change) -> list[DocumentRow]:
        """Restricted documents that the change, which moves these labels, may open or close."""
        statement = select(DocumentRow).where(col(DocumentRow.published).is_(False), col(DocumentRow.deleted).is_(None))
        parts = [label.split(":") for label in labels]
        if not any(part[0] == "g" for part in parts):
            files = {part[1] for part in parts if part[0] in {"f", "w"}} | {getattr(change, "case_file", None)}
            benches = {":".join(part[1:-1]) for part in parts if part[0] == "b"}
            grants = {part[1] for part in parts if part[0] == "x"}
            before = select(CaseFileRow.id).where(col(CaseFileRow.bench_id).in_(benches))
            named = select(GrantRow.document_id).where(col(GrantRow.id).in_(grants))
            statement = statement.where(
                or_(
                    col(DocumentRow.case_file_id).in_([one for one in files if one]),
                    col(DocumentRow.case_file_id).in_(before),
                    col(DocumentRow.id).in_(named),
                )
            )
        return list(session.exec(statement.limit(MOST + 1)).all())

    def _candidates(
        self, session: Session, labels: set[str], case_file: str | None, bench: str | None
    ) -> list[MemberRow]:
        """Members who may hold one of these labels; the rule says whether they do."""
        ids = {label.removeprefix("m:") for label in labels if label.startswith("m:")}
        parts = session.exec(select(CaseRoleRow.member_id).where(CaseRoleRow.case_file_id == case_file)).all()
        ids.update(parts)
        holders = [col(MembershipRow.group_id) == bench] if bench else []
        grants = session.exec(
            select(GrantRow).where(
                or_(
                    col(GrantRow.case_file_id) == case_file,
                    col(GrantRow.id).in_([label.removeprefix("x:") for label in labels if label.startswith("x:")]),
                    (col(GrantRow.kind) == DELEGATION) & col(GrantRow.origin_id).in_(sorted(ids)),
                )
            )
        ).all()
        ids.update(grant.member_id for grant in grants if grant.member_id)
        groups = sorted({grant.group_id for grant in grants if grant.group_id})
        if groups:
            holders.append(col(MembershipRow.group_id).in_(groups))
        if holders:
            ids.update(session.exec(select(MembershipRow.member_id).where(or_(*holders), *_present(now()))).all())
        return list(
            session.exec(
                select(MemberRow)
                .where(col(MemberRow.id).in_(sorted(ids)), col(MemberRow.active).is_(True))
                .order_by(MemberRow.surname, MemberRow.id)
            ).all()
        )

    def _group(self, session: Session, group: str) -> tuple[str, int]:
        """A service's or a group's name, and how many belong to it."""
        row = session.get(GroupRow, group)
        members = session.exec(
            select(func.count(func.distinct(MembershipRow.member_id))).where(
                MembershipRow.group_id == group, *_present(now())
            )
        ).one()
        roles = session.exec(select(MemberRow.roles).where(col(MemberRow.active).is_(True))).all()
        return (row.name if row else group), int(members) + sum(group in held for held in roles)

    def _walled(self, session: Session, case_file: str | None) -> dict[str, str]:
        rows = session.exec(
            select(MemberRow)
            .join(WallRow, col(WallRow.member_id) == col(MemberRow.id))
            .where(WallRow.case_file_id == case_file, col(WallRow.ended).is_(None))
        ).all()
        return {row.id: member_of(row).name for row in rows}


def _present(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        col(MembershipRow.starts) <= at,
        or_(col(MembershipRow.ends).is_(None), col(MembershipRow.ends) > at),
    )


def _numbers(session: Session, case_files: set[str]) -> dict[str, str]:
    """The first appeal number of each case file."""
    rows = session.exec(
        select(AppealRow.case_file_id, AppealRow.number)
        .where(col(AppealRow.case_file_id).in_(sorted(case_files)))
        .order_by(col(AppealRow.position).desc())
    ).all()
    return {case_file: number for case_file, number in rows}  # noqa: C416 - rows are not tuples to mypy
