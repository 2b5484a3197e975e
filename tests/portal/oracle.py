"""A court made by dice, and who may see what in it by plain conditions: no labels, no SQL, no code of the policy's.

The conditions repeat the table "who sees what" by hand, so that a slip in the policy's data shows here too.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from sqlmodel import Session, SQLModel

from ingest.extraction import Extraction
from portal.archive.feeding import touch, touch_case_file
from portal.archive.reading import pack
from portal.store.tables import (
    AppealRow,
    CaseFileRow,
    CaseRoleRow,
    DocumentRow,
    GrantRow,
    GroupRow,
    InvitationRow,
    MemberRow,
    MembershipRow,
    ReadingRow,
    VersionRow,
    WallRow,
)

NOW = datetime.now(UTC)
PAST, RECENT, SOON, LATER = (NOW + timedelta(days=days) for days in (-90, -30, 30, 90))
BENCH = {"rapporteur", "doyen", "president", "conseiller", "premier_president"}
PARTS = [*sorted(BENCH), "avocat_general"]
CHAMBERS = ["soc", "cr"]
PIECES = {"memoire_ampliatif", "courrier", "piece", "jugement"}
SECRET = {"note", "projet_arret"}
OPEN_AFTER_DEPOSIT = PIECES | {"rapport", "avis_ag"}
KINDS = [*sorted(OPEN_AFTER_DEPOSIT | SECRET), "deliberation", "inconnu"]


@dataclass(frozen=True, slots=True)
class Term:
    """A time during which something holds: [starts, ends), unless it was ended before."""

    starts: datetime = RECENT
    ends: datetime | None = LATER
    ended: bool = False

    @property
    def live(self) -> bool:
        return self.starts <= NOW and (self.ends is None or self.ends > NOW) and not self.ended


@dataclass(frozen=True, slots=True)
class Person:
    id: str
    roles: frozenset[str]
    active: bool = True


@dataclass(frozen=True, slots=True)
class Case:
    id: str
    number: str
    chamber: str
    bench: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """A document. `invited` are member ids."""

    id: str
    kind: str
    case: str | None
    author: str | None
    published: bool
    draft: bool
    deposited: bool
    circulated: bool
    deleted: bool
    invited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lent:
    origin: str
    to: str
    case: str | None
    term: Term


@dataclass(frozen=True, slots=True)
class Exempted:
    """An exception or an emergency: one holder (member or group), one object (document or case file)."""

    member: str | None
    group: str | None
    document: str | None
    case: str | None
    audience: str
    term: Term
    kind: str = "exception"


@dataclass(slots=True)
class Dice:
    """A court, and the answers that are right for it."""

    people: list[Person] = field(default_factory=list)
    cases: dict[str, Case] = field(default_factory=dict)
    papers: list[Paper] = field(default_factory=list)
    groups: dict[str, str] = field(default_factory=dict)
    """Kind by id."""
    seats: set[tuple[str, str, str]] = field(default_factory=set)
    """(case, member, role)."""
    places: list[tuple[str, str, str, Term]] = field(default_factory=list)
    """(group, member, function, term)."""
    lent: list[Lent] = field(default_factory=list)
    exempted: list[Exempted] = field(default_factory=list)
    walls: list[tuple[str, str, bool]] = field(default_factory=list)
    """(member, case, ended)."""

    def reads(self, person: Person, paper: Paper) -> bool:
        if paper.deleted:
            return False
        if paper.published:
            return True
        if self._shut_out(person, paper):
            return False
        if person.id == paper.author or person.id in paper.invited:
            return True
        if not paper.deposited:
            return False
        if any(one.document == paper.id and self._holds(person, one) for one in self.exempted):
            return True
        if paper.case is None:
            return not paper.draft and "greffe" in person.roles
        case = self.cases[paper.case]
        if paper.kind in OPEN_AFTER_DEPOSIT:
            return any(self._is(person, audience, case) for audience in ("siege", "parquet", "greffe", "sder"))
        if paper.kind in SECRET:
            return self._is(person, "rapporteur", case) or (paper.circulated and self._is(person, "siege", case))
        return paper.kind == "deliberation" and self._is(person, "delibere", case)

    def knows(self, person: Person, paper: Paper) -> bool:
        if self.reads(person, paper):
            return True
        if paper.deleted or paper.case is None or not paper.deposited or self._shut_out(person, paper):
            return False
        return paper.kind in SECRET and "greffe" in person.roles

    def knows_case(self, person: Person, case: Case) -> bool:
        if "administrateur" in person.roles or self._walled(person, case.id):
            return False
        return any(self._is(person, audience, case) for audience in ("siege", "parquet", "greffe", "sder"))

    def _shut_out(self, person: Person, paper: Paper) -> bool:
        return "administrateur" in person.roles or (paper.case is not None and self._walled(person, paper.case))

    def _walled(self, person: Person, case: str) -> bool:
        return (person.id, case, False) in self.walls

    def _in(self, person: Person, group: str) -> bool:
        return any(one == group and who == person.id and term.live for one, who, _, term in self.places)

    def _holds(self, person: Person, one: Exempted) -> bool:
        return one.term.live and (one.member == person.id or (one.group is not None and self._in(person, one.group)))

    def _is(self, person: Person, audience: str, case: Case) -> bool:
        if audience in {"greffe", "sder"}:
            return audience in person.roles
        own = {role for one, who, role in self.seats if one == case.id and who == person.id}
        own |= {
            function
            for group, who, function, term in self.places
            if group == case.bench and who == person.id and term.live
        }
        if _audience(own, audience):
            return True
        granted = {one.audience for one in self.exempted if one.case == case.id and self._holds(person, one)}
        if audience in granted or (audience == "siege" and "rapporteur" in granted):
            return True
        return audience != "delibere" and _audience(self._lent_to(person, case), audience)

    def _lent_to(self, person: Person, case: Case) -> set[str]:
        active = {one.id for one in self.people if one.active}
        return {
            role
            for lent in self.lent
            if lent.to == person.id and lent.term.live and lent.origin in active and lent.case in {None, case.id}
            if (lent.origin, case.id, False) not in self.walls
            for one, who, role in self.seats
            if one == case.id and who == lent.origin
        }


def _audience(roles: set[str], audience: str) -> bool:
    if audience in {"siege", "delibere"}:
        return bool(roles & BENCH)
    return {"rapporteur": "rapporteur", "parquet": "avocat_general"}[audience] in roles


def throw(members: int, documents: int, seed: int) -> Dice:
    """A court of so many members and documents; a case file for every ten documents."""
    chance = random.Random(seed)
    dice = Dice()

    def term() -> Term:
        return chance.choice(
            [Term(), Term(ends=SOON), Term(PAST, RECENT), Term(SOON, LATER), Term(ended=True), Term(PAST, LATER)]
        )

    roles = [{"greffe"}, {"sder"}, {"administrateur"}, {"conseiller"}, {"conseiller"}, {"auditeur"}, {"greffe", "sder"}]
    dice.people = [
        Person(f"m{n}", frozenset(chance.choice(roles)), active=chance.random() > 0.15) for n in range(members)
    ]
    ids = [person.id for person in dice.people]
    dice.groups = {f"formation:{n}": "formation" for n in range(4)} | {
        f"commission:{n}": "commission" for n in range(3)
    }
    formations = [name for name, kind in dice.groups.items() if kind == "formation"]
    dice.cases = {
        f"case{n}": Case(f"case{n}", f"21{n:05}", chance.choice(CHAMBERS), chance.choice([None, *formations]))
        for n in range(max(3, documents // 10))
    }
    cases = list(dice.cases)
    for case in cases:
        dice.seats |= {(case, chance.choice(ids), chance.choice(PARTS)) for _ in range(4)}
    for _ in range(members):
        group = chance.choice(list(dice.groups))
        function = chance.choice(PARTS) if group in formations else ""
        held = term()
        if held.ended:
            held = Term(PAST, RECENT)
        dice.places.append((group, chance.choice(ids), function, held))
    holders = sorted({who for _, who, _ in dice.seats})
    for _ in range(members * 2):
        origin = chance.choice(holders)
        own = sorted({case for case, who, _ in dice.seats if who == origin})
        lent = Lent(origin, chance.choice(ids), chance.choice([None, *own]), term())
        dice.lent.append(lent)
        walled = origin if chance.random() < 0.5 else chance.choice(ids)
        if chance.random() < 0.3:
            dice.walls.append((walled, chance.choice(own), chance.random() < 0.3))
    for number in range(documents):
        published = chance.random() < 0.1
        draft = not published and chance.random() < 0.3
        dice.papers.append(
            Paper(
                id=f"d{number}",
                kind="arret" if published else chance.choice(KINDS),
                case=chance.choice([None, *cases, *cases]),
                author=None if published else chance.choice([None, *ids]),
                published=published,
                draft=draft,
                deposited=not draft or chance.random() < 0.5,
                circulated=chance.random() < 0.4,
                deleted=chance.random() < 0.1,
                invited=tuple(chance.sample(ids, 1)) if draft else (),
            )
        )
    for _ in range(members):
        member = chance.choice([None, chance.choice(ids)])
        paper = chance.choice([None, chance.choice(dice.papers).id])
        dice.exempted.append(
            Exempted(
                member=member,
                group=None if member else chance.choice(list(dice.groups)),
                document=paper,
                case=None if paper else chance.choice(cases),
                audience="" if paper else chance.choice(["siege", "rapporteur", "parquet"]),
                term=term(),
                kind=chance.choice(["exception", "urgence"]) if member and not paper else "exception",
            )
        )
    return dice


def write(session: Session, dice: Dice) -> None:
    """The same court as rows of the archive. Every body holds « corps », every title « intitulé »."""

    def add(*rows: SQLModel) -> None:
        session.add_all(rows)
        session.flush()

    add(*(MemberRow(id=one.id, surname=one.id, roles=sorted(one.roles), active=one.active) for one in dice.people))
    add(*(GroupRow(id=name, kind=kind, name=name) for name, kind in dice.groups.items()))
    for case in dice.cases.values():
        add(CaseFileRow(id=case.id, title=case.id, chamber=case.chamber, bench_id=case.bench, opened=True))
        add(AppealRow(number=case.number, case_file_id=case.id))
        touch_case_file(session, case.id)
    add(*(CaseRoleRow(case_file_id=case, member_id=who, role=role) for case, who, role in sorted(dice.seats)))
    add(
        *(
            MembershipRow(
                id=f"p{n}", group_id=group, member_id=who, function=function, by="-", starts=term.starts, ends=term.ends
            )
            for n, (group, who, function, term) in enumerate(dice.places)
        )
    )
    for paper in dice.papers:
        _write_paper(session, paper)
    _write_grants(session, dice)
    add(
        *(
            WallRow(id=f"w{n}", member_id=who, case_file_id=case, reason="-", by="-", ended=NOW if ended else None)
            for n, (who, case, ended) in enumerate(dice.walls)
        )
    )


def _write_paper(session: Session, paper: Paper) -> None:
    version = f"v{paper.id}"
    session.add(
        DocumentRow(
            id=paper.id,
            case_file_id=paper.case,
            kind=paper.kind,
            title=f"intitulé {paper.id}",
            state="redaction" if paper.draft else "depose",
            author_id=paper.author,
            draft=paper.draft,
            deposited=paper.deposited,
            circulated=paper.circulated,
            published=paper.published,
            about={"kind": paper.kind},
            version_id=None if paper.draft else version,
            deleted=NOW if paper.deleted else None,
        )
    )
    session.flush()
    if not paper.draft:
        session.add(
            VersionRow(
                id=version, document_id=paper.id, digest=paper.id, media_type="text/plain", name=paper.id, size=5
            )
        )
    body = pack(Extraction(media_type="text/plain", text=f"corps {paper.id}"))
    session.add(ReadingRow(id=paper.id if paper.draft else version, document_id=paper.id, body=body))
    for who in paper.invited:
        session.add(InvitationRow(document_id=paper.id, member_id=who, access="read", by=paper.author or "-"))
    session.flush()
    touch(session, paper.id)


def _write_grants(session: Session, dice: Dice) -> None:
    for number, lent in enumerate(dice.lent):
        session.add(
            GrantRow(
                id=f"l{number}",
                kind="delegation",
                member_id=lent.to,
                case_file_id=lent.case,
                origin_id=lent.origin,
                reason="-",
                by="-",
                starts=lent.term.starts,
                ends=lent.term.ends or LATER,
                ended=NOW if lent.term.ended else None,
            )
        )
    for number, one in enumerate(dice.exempted):
        session.add(
            GrantRow(
                id=f"x{number}",
                kind=one.kind,
                member_id=one.member,
                group_id=one.group,
                document_id=one.document,
                case_file_id=one.case,
                audience=one.audience,
                reason="-",
                by="-",
                starts=one.term.starts,
                ends=one.term.ends or LATER,
                ended=NOW if one.term.ended else None,
            )
        )
    session.flush()
