"""The court's directory, followed: who joined, changed and left."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portal.identity.directory import Directory, Person, read_people
from portal.identity.sign_ins import SignIns
from portal.identity.tokens import Tokens
from portal.nouns.errors import PortalError
from portal.store.tables import AuditRow, GroupRow, MemberRow, MembershipRow
from tests.portal.conftest import MEMBERS, Court, court, new_database, postgres_url

__all__ = ["court", "new_database", "postgres_url"]
HEAD = "identifiant;civilite;prenom;nom;courriel;roles;groupes\n"


def lines(*left_out: str) -> str:
    return HEAD + "".join(
        f"{one.id};{one.civility};;{one.surname};;{'|'.join(sorted(one.roles))};\n"
        for one in MEMBERS
        if one.id not in left_out
    )


def test_the_same_directory_changes_nothing(court: Court) -> None:
    """Followed a second time, a directory says that nobody joined, changed or left."""
    directory = Directory(court.database)
    found = directory.synchronise(read_people(lines()))
    assert (found.joined, found.changed, found.left) == ((), (), ())


def test_who_joins_signs_in_with_roles_and_groups(court: Court) -> None:
    """A new line is a new member, with the roles and groups that it says; a change of them is followed."""
    with court.database.write() as session:
        session.add(GroupRow(id="commission:x", kind="commission", name="Commission X"))
    directory = Directory(court.database)
    new = "nouveau;Mme;Ève;Blanc;Eve.Blanc@court.example;conseiller;commission:x\n"
    assert directory.synchronise(read_people(lines() + new)).joined == ("nouveau",)
    member = court.member("nouveau")
    assert (member.surname, member.roles) == ("Blanc", {"conseiller"})
    with court.database.read() as session:
        assert session.get(MemberRow, "nouveau").email == "eve.blanc@court.example"  # type: ignore[union-attr]
        assert session.exec(select(MembershipRow.group_id).where(MembershipRow.member_id == "nouveau")).all() == [
            "commission:x"
        ]
    moved = "nouveau;Mme;Ève;Blanc;Eve.Blanc@court.example;greffe;\n"
    assert directory.synchronise(read_people(lines() + moved)).changed == ("nouveau",)
    assert court.member("nouveau").roles == {"greffe"}
    with court.database.read() as session:
        (place,) = session.exec(select(MembershipRow).where(MembershipRow.member_id == "nouveau")).all()
        assert place.ends is not None


def test_who_left_is_out_at_once(court: Court) -> None:
    """Their sign-ins and tokens end with the synchronisation, and the journal says so; they are never erased."""
    sign_ins, tokens = SignIns(court.database), Tokens(court.database)
    secret, token = sign_ins.open("autre"), tokens.create("autre")
    epoch = court.clearances.epoch()
    assert Directory(court.database).synchronise(read_people(lines("autre"))).left == ("autre",)
    assert sign_ins.get(secret) is None
    assert tokens.get(token) is None
    assert court.clearances.epoch() > epoch
    with court.database.read() as session:
        row = session.get(MemberRow, "autre")
        assert row is not None
        assert not row.active
        assert session.exec(select(AuditRow).where(AuditRow.action == "membre.depart")).first() is not None


def test_a_cut_file_is_no_departure(court: Court) -> None:
    """Where more than one in five would leave, nothing changes unless it is forced."""
    directory = Directory(court.database)
    people = read_people(lines("autre", "sder"))
    assert directory.compare(people).too_many_left
    with pytest.raises(PortalError, match="--force"):
        directory.synchronise(people)
    assert court.people.get("autre") is not None
    assert len(directory.synchronise(people, force=True).left) == 2
    assert court.people.get("autre") is None


def test_a_rehearsal_changes_nothing(court: Court) -> None:
    """`--dry-run` says who would leave, and they stay."""
    assert Directory(court.database).compare(read_people(lines("autre"))).left == ("autre",)
    assert court.people.get("autre") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("identifiant;nom\na;b\n", "Colonnes absentes"),
        (HEAD + ";M.;;Blanc;;;\n", "Ligne 2"),
        (HEAD + "a;M.;;Blanc;;roi;\n", "rôle inconnu"),
        (HEAD + "a;M.;;Blanc;;;\na;M.;;Noir;;;\n", "vient deux fois"),
    ],
)
def test_a_line_that_cannot_be_meant_is_named(text: str, said: str) -> None:
    """The sentence says which line, and that nothing was changed."""
    with pytest.raises(PortalError, match=said) as refused:
        read_people(text)
    assert "Rien n'a été changé" in refused.value.sentence


def test_commas_and_a_mark_of_order_are_read() -> None:
    """A file as spreadsheets write it, with commas and a byte order mark, is read the same."""
    text = "\ufeff" + (HEAD + "a;M.;Jean;Blanc;;conseiller|doyen;\n").replace(";", ",")
    assert read_people(text) == [
        Person("a", "M.", "Jean", "Blanc", "", frozenset({"conseiller", "doyen"}), frozenset())
    ]
