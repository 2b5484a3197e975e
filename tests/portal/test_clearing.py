"""Changes of clearance take effect at the commit, for labels, doors and searches, on both engines."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import col, select

from portal.archive.clearing import Clearing
from portal.archive.relabelling import follow
from portal.nouns.case_file import CaseRole
from portal.nouns.clearance import Group, NewBench, NewDelegation, NewException, NewPlace, NewWall
from portal.nouns.errors import NotAllowed, NotFound, PortalError
from portal.nouns.member import Member
from portal.policy import clearances as module
from portal.policy.policy import Action
from portal.policy.table import default_source, read_table
from portal.store.tables import AuditRow, DocumentRow, GrantRow
from tests.portal.conftest import Court

OFFICER = Member("habil", "Mme", "Vidal", frozenset({"habilitations"}))
TOMORROW = datetime.now(UTC) + timedelta(days=1)


@pytest.fixture
def clearing(court: Court) -> Clearing:
    court.people.add([OFFICER, Member("attache", "M.", "Colin", frozenset({"auditeur"}))])
    return Clearing(court.database, court.clearances)


def may(court: Court, member: str, document: str, action: Action = Action.READ) -> bool:
    with court.database.read() as session:
        row = session.get(DocumentRow, document)
        assert row is not None
        return court.clearances.may(session, court.member(member), action, row)


def test_an_exception_opens_one_document_until_it_is_withdrawn(court: Court, clearing: Clearing) -> None:
    """A member reads the one document named, from the commit on, and nothing once it is withdrawn."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    other = court.deposit("Autre mémoire", case_file=case).document
    court.people.add([Member("chef", "M.", "Chef", frozenset({"habilitations", "greffe"}))])
    assert not may(court, "autre", piece)
    grant = clearing.apply(
        court.member("chef"), NewException(member="autre", document=piece, reason="Rapprochement", ends=TOMORROW)
    )
    assert may(court, "autre", piece)
    assert not may(court, "autre", other, Action.KNOW)
    clearing.withdraw(OFFICER, grant)
    assert not may(court, "autre", piece, Action.KNOW)


def test_an_exception_for_a_group_opens_the_file_to_its_members(court: Court, clearing: Clearing) -> None:
    """Everyone of the group reads what the audience reads; who leaves the group does not."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    clearing.add_group(OFFICER, Group("commission:revision", "commission", "Commission de révision"))
    place = clearing.apply(OFFICER, NewPlace(group="commission:revision", member="autre"))
    clearing.apply(
        OFFICER,
        NewException(group="commission:revision", case_file=case, audience="siege", reason="Examen", ends=TOMORROW),
    )
    assert may(court, "autre", piece)
    clearing.end_place(OFFICER, place)
    assert not may(court, "autre", piece, Action.KNOW)


def test_an_exception_ends_by_the_clock(court: Court, clearing: Clearing, monkeypatch: pytest.MonkeyPatch) -> None:
    """At the end of its term an exception opens nothing more, though nobody changed anything."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    clearing.apply(
        OFFICER, NewException(member="autre", case_file=case, audience="siege", reason="Examen", ends=TOMORROW)
    )
    assert may(court, "autre", piece)
    monkeypatch.setattr(module, "now", lambda: TOMORROW + timedelta(seconds=1))
    assert not may(court, "autre", piece, Action.KNOW)


def test_a_part_is_lent_and_taken_back(court: Court, clearing: Clearing) -> None:
    """The rapporteur's assistant reads what the rapporteur reads on that file, until either loses the part."""
    case, elsewhere = court.open_case(), court.open_case("2112346")
    note = court.deposit("Note", case_file=case, kind="note", by="rapporteur").document
    other = court.deposit("Note", case_file=elsewhere, kind="note", by="rapporteur", name="b.txt").document
    secret = court.deposit("Délibéré", case_file=case, kind="deliberation", by="doyen").document
    clearing.apply(
        court.member("rapporteur"),
        NewDelegation(origin="rapporteur", member="attache", case_file=case, reason="Instruction", ends=TOMORROW),
    )
    assert may(court, "attache", note)
    assert not may(court, "attache", other, Action.KNOW)
    assert not may(court, "attache", secret, Action.KNOW)
    court.case_files.unassign(case, CaseRole("rapporteur", "rapporteur"), "greffe")
    assert not may(court, "attache", note, Action.KNOW)


def test_what_was_lent_ends_with_whoever_lent_it(court: Court, clearing: Clearing) -> None:
    """A magistrate who leaves the court, or is walled from the file, lends nothing of it any more."""
    case = court.open_case()
    note = court.deposit("Note", case_file=case, kind="note", by="greffe").document
    for origin in ("rapporteur", "doyen"):
        clearing.apply(
            court.member(origin),
            NewDelegation(origin=origin, member="attache", reason="Instruction", ends=TOMORROW),
        )
    assert may(court, "attache", note)
    clearing.apply(OFFICER, NewWall(member="rapporteur", case_file=case, reason="Déport"))
    assert not may(court, "attache", note)
    piece = court.deposit("Mémoire", case_file=case, name="b.txt").document
    assert may(court, "attache", piece)
    court.people.deactivate("doyen", "greffe")
    assert not may(court, "attache", piece, Action.KNOW)


def test_a_wall_closes_every_road_but_published_decisions(court: Court, clearing: Clearing) -> None:
    """A walled clerk and a walled rapporteur see nothing of the file; lifting the wall gives it back."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    for member in ("greffe", "rapporteur"):
        wall = clearing.apply(OFFICER, NewWall(member=member, case_file=case, reason="Lien de parenté"))
        assert not may(court, member, piece, Action.KNOW)
        with court.database.read() as session:
            assert court.documents.in_case_file(session, court.member(member), case) == []
            assert court.case_files.mine(session, court.member(member)) == []
            with pytest.raises(NotFound):
                court.case_files.sheet(session, court.member(member), case)
        clearing.lift(OFFICER, wall)
        assert may(court, member, piece)


def test_a_formation_sits_on_its_files(court: Court, clearing: Clearing) -> None:
    """A file brought before a formation opens to its members; brought before another, it closes to the first."""
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    for name, member in (("f:1", "autre"), ("f:2", "attache")):
        clearing.add_group(OFFICER, Group(name, "formation", name))
        clearing.apply(OFFICER, NewPlace(group=name, member=member, function="conseiller"))
    clearing.apply(OFFICER, NewBench(case_file=case, formation="f:1"))
    assert may(court, "autre", piece)
    clearing.apply(OFFICER, NewBench(case_file=case, formation="f:2"))
    assert not may(court, "autre", piece, Action.KNOW)
    assert may(court, "attache", piece)
    with court.database.read() as session:
        assert piece in court.clearances.sight(session, None).denied


def test_an_emergency_opens_for_hours_and_stays_an_alert(court: Court, clearing: Clearing) -> None:
    """A magistrate opens a file with a reason; it is journalled, alerts, and never passes a wall."""
    case = court.open_case("2112345")
    piece = court.deposit("Mémoire", case_file=case).document
    assert clearing.emergency(court.member("autre"), "2112345", "Requête en urgence") == case
    assert may(court, "autre", piece)
    with court.database.read() as session:
        (grant,) = session.exec(select(GrantRow).where(GrantRow.kind == "urgence")).all()
        entries = session.exec(select(AuditRow).where(col(AuditRow.action).startswith("urgence."))).all()
    assert (grant.reviewed, len(entries)) == (None, 2)
    with pytest.raises(NotFound):
        clearing.answer(court.member("autre"), grant.id)
    clearing.answer(court.member("doyen"), grant.id)
    clearing.apply(OFFICER, NewWall(member="doyen", case_file=case, reason="Déport"))
    with pytest.raises(NotFound):
        clearing.emergency(court.member("doyen"), "2112345", "Requête en urgence")
    with pytest.raises(NotFound):
        clearing.emergency(court.member("doyen"), "9999999", "Requête en urgence")
    with pytest.raises(NotAllowed):
        clearing.emergency(court.member("sder"), "2112345", "Curiosité")


@pytest.mark.parametrize(
    "change",
    [
        lambda case: NewException(member="autre", case_file=case, audience="siege", reason="", ends=TOMORROW),
        lambda case: NewException(
            member="autre", case_file=case, audience="siege", reason="Examen", ends=TOMORROW - timedelta(days=2)
        ),
        lambda case: NewException(
            member="autre", case_file=case, audience="siege", reason="Examen", ends=TOMORROW + timedelta(days=400)
        ),
        lambda case: NewException(member="autre", case_file=case, audience="delibere", reason="Examen", ends=TOMORROW),
        lambda case: NewException(member="admin", case_file=case, audience="siege", reason="Examen", ends=TOMORROW),
        lambda case: NewWall(member="autre", case_file=case, reason=" "),
        lambda case: NewPlace(group="nulle part", member="autre"),
        lambda case: NewDelegation(
            origin="rapporteur", member="rapporteur", case_file=case, reason="Examen", ends=TOMORROW
        ),
    ],
)
def test_a_change_without_reason_end_or_right_holder_is_refused(
    court: Court, clearing: Clearing, change: Callable[[str], NewException]
) -> None:
    """Each refusal says in a sentence what to do, and changes nothing."""
    case = court.open_case()
    epoch = court.clearances.epoch()
    with pytest.raises(PortalError):
        clearing.apply(OFFICER, change(case))
    assert court.clearances.epoch() == epoch


@pytest.mark.parametrize("member", ["rapporteur", "greffe", "admin", "sder"])
def test_only_those_in_charge_change_clearances(court: Court, clearing: Clearing, member: str) -> None:
    """Neither a magistrate, nor the greffe, nor the system's administrator gives or takes a clearance."""
    case = court.open_case()
    by = court.member(member)
    for change in (
        NewException(member="autre", case_file=case, audience="siege", reason="Examen", ends=TOMORROW),
        NewWall(member="autre", case_file=case, reason="Déport"),
        NewDelegation(origin="doyen", member="autre", case_file=case, reason="Examen", ends=TOMORROW),
    ):
        with pytest.raises(NotAllowed):
            clearing.apply(by, change)


def test_another_table_hides_what_it_has_not_labelled(court: Court) -> None:
    """Under a changed table "who sees what" nothing restricted is found until its record follows the new one."""
    assert follow(court.database, read_table()) == 0
    case = court.open_case()
    piece = court.deposit("Mémoire", case_file=case).document
    assert follow(court.database, read_table()) == 0
    changed = read_table(default_source().replace('"parquet", "greffe", "sder"]', '"greffe"]', 1))
    assert follow(court.database, changed) == 1
    with court.database.read() as session:
        assert court.clearances.sight(session, court.member("sder")).denied == {piece, f"dossier:{case}"}


def test_too_many_denials_leave_what_is_published(court: Court, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where more documents are denied than a query can subtract, searches find published decisions alone."""
    monkeypatch.setattr(module, "MOST_DENIED", 1)
    case = court.open_case()
    for number in range(2):
        court.documents.delete(court.member("greffe"), court.deposit(f"Mémoire {number}", case_file=case).document)
    with court.database.read() as session:
        sight = court.clearances.sight(session, court.member("greffe"))
    assert sight.labels == {"public"}
    assert not sight.denied
