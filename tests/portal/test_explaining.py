"""Who can see what and why, and what a change would do: the same as the rule says, on both engines."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from portal.archive.clearing import Clearing
from portal.archive.explaining import Explaining, Viewers
from portal.nouns.clearance import Group, NewBench, NewDelegation, NewException, NewPlace, NewWall
from portal.nouns.errors import NotAllowed
from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import Action
from portal.store.tables import AuditRow, DocumentRow, WallRow
from tests.portal.conftest import MEMBERS, Court

OFFICER = Member("habil", "Mme", "Vidal", frozenset({"habilitations"}))
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def clearing(court: Court) -> Clearing:
    court.people.add([OFFICER, Member("attache", "M.", "Colin", frozenset({"auditeur"}))])
    return Clearing(court.database, court.clearances)


@pytest.fixture
def explaining(court: Court, clearing: Clearing) -> Explaining:
    return Explaining(court.database, court.clearances, clearing)


def viewers(court: Court, explaining: Explaining, document: str) -> Viewers:
    with court.database.read() as session:
        row = session.get(DocumentRow, document)
        assert row is not None
        return explaining.who_sees(session, row)


def test_who_sees_a_document_is_who_may_read_it(court: Court, clearing: Clearing, explaining: Explaining) -> None:
    """Every member that the rule lets in is named, alone or with their service, and nobody else is."""
    case = court.open_case()
    clearing.apply(
        court.member("doyen"),
        NewDelegation(origin="doyen", member="attache", case_file=case, reason="Instruction", ends=TOMORROW),
    )
    clearing.add_group(OFFICER, Group("commission:a", "commission", "Commission A"))
    clearing.apply(OFFICER, NewPlace(group="commission:a", member="autre"))
    clearing.apply(
        OFFICER,
        NewException(group="commission:a", case_file=case, audience="siege", reason="Examen", ends=TOMORROW),
    )
    clearing.apply(OFFICER, NewWall(member="doyen", case_file=case, reason="Déport"))
    draft = court.drafts.open(court.member("rapporteur"), "note", case)
    court.drafts.invite(court.member("rapporteur"), draft, "sder", Access.READ)
    documents = [
        draft,
        *(
            court.deposit(kind, case_file=case, kind=kind, by=by, name=f"{kind}.txt").document
            for kind, by in (("memoire", "greffe"), ("note", "rapporteur"), ("deliberation", "rapporteur"))
        ),
    ]
    services = {"greffe": {"greffe"}, "sder": {"sder"}}
    for document in documents:
        found = viewers(court, explaining, document)
        with court.database.read() as session:
            row = session.get(DocumentRow, document)
            assert row is not None
            everyone = [court.member(one.id) for one in (*MEMBERS, OFFICER)] + [court.member("attache")]
            for action, title_only in ((Action.READ, False), (Action.KNOW, True)):
                by_rule = {one.id for one in everyone if court.clearances.may(session, one, action, row)}
                named = {one.member for one in found.seen_by if one.member and one.title_only <= title_only}
                for one in found.seen_by:
                    if not one.member and one.title_only <= title_only:
                        named |= services[one.name]
                assert named == by_rule, row.kind
        assert found.barred == ("M. Dupré",)
        assert all(one.reasons for one in found.seen_by)


def test_who_may_ask(court: Court, explaining: Explaining) -> None:
    """The author, the bench and who manages clearances and knows of it may ask; another reader may not."""
    case = court.open_case()
    document = court.deposit("Mémoire", case_file=case).document
    court.people.add([Member("chef", "M.", "Chef", frozenset({"habilitations", "greffe"}))])
    with court.database.read() as session:
        row = session.get(DocumentRow, document)
        assert row is not None
        asked = {
            name: explaining.may_ask(session, court.member(name), row)
            for name in ("rapporteur", "doyen", "greffe", "chef", "sder", "autre", "admin", "habil", "parquet")
        }
    assert {name for name, may in asked.items() if may} == {"rapporteur", "doyen", "greffe", "chef"}


def test_what_a_person_sees_says_why(court: Court, clearing: Clearing, explaining: Explaining) -> None:
    """A member's parts, places and loans are listed, each with its reason, its file's number and its end."""
    case = court.open_case()
    clearing.add_group(OFFICER, Group("commission:a", "commission", "Commission A"))
    clearing.apply(
        OFFICER, NewPlace(group="commission:a", member="rapporteur", seconded=True, reason="Renfort", ends=TOMORROW)
    )
    clearing.apply(OFFICER, NewWall(member="rapporteur", case_file=case, reason="Déport"))
    with court.database.read() as session:
        held = explaining.sees_what(session, court.member("rapporteur"))
    assert {(one.reason.kind, one.reason.name, one.number) for one in held} == {
        ("public", "", ""),
        ("self", "", ""),
        ("role", "rapporteur", "2112345"),
        ("secondment", "Commission A", ""),
        ("wall", "", "2112345"),
    }


def test_a_simulation_tells_and_leaves_nothing(court: Court, clearing: Clearing, explaining: Explaining) -> None:
    """What a change would open and close is counted before it is made, and nothing of it stays."""
    case = court.open_case()
    for number in range(3):
        court.deposit(f"Mémoire {number}", case_file=case, kind="memoire", name=f"{number}.txt")
    court.deposit("Note", case_file=case, kind="note", by="rapporteur")
    epoch = court.clearances.epoch()
    wall = explaining.simulate(OFFICER, NewWall(member="rapporteur", case_file=case, reason="Déport"))
    assert (wall.members, dict(wall.opens), dict(wall.closes)) == (("Mme Roy",), {}, {"memoire": 3, "note": 1})
    given = NewException(member="autre", case_file=case, audience="siege", reason="Examen", ends=TOMORROW)
    assert dict(explaining.simulate(OFFICER, given).opens) == {"memoire": 3}
    clearing.add_group(OFFICER, Group("commission:a", "commission", "Commission A"))
    place = explaining.simulate(OFFICER, NewPlace(group="commission:a", member="autre"))
    assert place.nothing
    clearing.add_group(OFFICER, Group("f:1", "formation", "Formation du 3 mars"))
    clearing.apply(OFFICER, NewPlace(group="f:1", member="autre", function="conseiller"))
    assert dict(explaining.simulate(OFFICER, NewBench(case_file=case, formation="f:1")).opens) == {"memoire": 3}
    document = court.deposit("Avis", kind="avis_ag", case_file=case, by="habil", name="avis.txt").document
    one = NewException(member="autre", document=document, reason="Examen", ends=TOMORROW)
    assert dict(explaining.simulate(OFFICER, one).opens) == {"avis_ag": 1}
    with pytest.raises(NotAllowed):
        explaining.simulate(court.member("greffe"), given)
    with court.database.read() as session:
        assert session.exec(select(WallRow)).all() == []
        assert session.exec(select(AuditRow).where(AuditRow.action == "deport.mur")).all() == []
    assert court.clearances.epoch() == epoch + 3
