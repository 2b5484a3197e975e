"""The table "who sees what", cell by cell, and the rule against a brute-force oracle."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.nouns.kinds import KINDS
from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import PUBLIC, Action, CasePlace, Facts, Policy
from portal.policy.standing import BENCH, Delegated, Granted, Place, Seat, Standing
from portal.policy.table import read_table

POLICY = Policy()
FILE = "dossier"
SEATED = {"rapporteur", "doyen", "president", "conseiller", "premier_president"}


def facts(kind: str, **more: object) -> Facts:
    given = {"id": "d", "case_file": FILE, "author": "auteur", "deposited": True, "invited": {}, **more}
    return Facts(kind=kind, **given)  # type: ignore[arg-type]


def reader(role: str) -> tuple[Member, frozenset[str]]:
    member = Member(role, "M.", role, frozenset({role}))
    seats = (Seat(FILE, role),) if role in SEATED | {"avocat_general"} else ()
    return member, POLICY.labels(Standing(member=member, seats=seats))


@pytest.mark.parametrize(
    ("kind", "readers"),
    [
        ("memoire_ampliatif", {"rapporteur", "doyen", "president", "avocat_general", "greffe", "sder"}),
        ("rapport", {"rapporteur", "doyen", "president", "avocat_general", "greffe", "sder"}),
        ("note", {"rapporteur"}),
        ("projet_arret", {"rapporteur"}),
        ("avis_ag", {"rapporteur", "doyen", "president", "avocat_general", "greffe", "sder"}),
        ("deliberation", {"rapporteur", "doyen", "president"}),
    ],
)
def test_each_cell_of_the_table(kind: str, readers: set[str]) -> None:
    """After deposit, exactly those whom the court's table names read the document."""
    everyone = ["rapporteur", "doyen", "president", "avocat_general", "greffe", "sder", "administrateur", "auditeur"]
    seen = {role for role in everyone if POLICY.may(*reader(role), Action.READ, facts(kind))}
    assert seen == readers


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_before_deposit_only_author_and_invited(kind: str) -> None:
    """Before it is deposited, a document is its author's and those its author invited."""
    held = facts(kind, deposited=False, draft=True, invited={"ami": Access.READ})
    for role in ("rapporteur", "doyen", "avocat_general", "greffe", "sder", "administrateur"):
        assert not POLICY.may(*reader(role), Action.KNOW, held)
    for name in ("auteur", "ami"):
        member = Member(name, "M.", name)
        assert POLICY.may(member, POLICY.labels(Standing(member=member)), Action.READ, held)


def test_greffe_knows_a_note_by_title_alone() -> None:
    """The greffe may know that a note exists and may not read it."""
    greffe = reader("greffe")
    assert POLICY.may(*greffe, Action.KNOW, facts("note"))
    assert not POLICY.may(*greffe, Action.READ, facts("note"))


def test_circulated_note_reaches_the_formation() -> None:
    """A note reaches the bench once the rapporteur circulates it, and the parquet never."""
    assert POLICY.may(*reader("doyen"), Action.READ, facts("note", circulated=True))
    assert not POLICY.may(*reader("avocat_general"), Action.READ, facts("note", circulated=True))


def test_unfiled_piece_is_the_greffes() -> None:
    """A piece that found no case file is the greffe's until a person files it."""
    unfiled = facts("memoire_ampliatif", case_file=None, author=None)
    assert POLICY.may(*reader("greffe"), Action.READ, unfiled)
    assert not POLICY.may(*reader("sder"), Action.READ, unfiled)
    assert not POLICY.may(*reader("rapporteur"), Action.READ, unfiled)


def test_administrator_reads_no_content() -> None:
    """The system's administrator holds the public label alone, whatever parts they are given."""
    admin = Member("a", "M.", "A", frozenset({"administrateur", "greffe"}))
    assert POLICY.labels(Standing(member=admin, seats=(Seat(FILE, "rapporteur"),))) == {PUBLIC}


def test_unknown_kind_is_denied() -> None:
    """A kind without a row is its author's: default deny."""
    assert not any(
        POLICY.may(*reader(role), Action.KNOW, facts("inconnu")) for role in ("rapporteur", "greffe", "sder")
    )


def test_a_table_with_an_unknown_audience_is_refused() -> None:
    """A slip in the configured table stops the start, instead of opening or closing a door."""
    with pytest.raises(ValueError, match="grefe"):
        read_table('[rows.pieces]\nkinds = ["piece"]\nread = ["grefe"]\n')


def test_a_wall_bars_everything_but_what_is_published() -> None:
    """A walled member, whatever else they hold, knows nothing of the file; published decisions stay open."""
    member = Member("greffe", "M.", "greffe", frozenset({"greffe"}))
    labels = POLICY.labels(Standing(member=member, seats=(Seat(FILE, "rapporteur"),), walls=frozenset({FILE})))
    assert not POLICY.may(member, labels, Action.KNOW, facts("memoire_ampliatif"))
    assert not POLICY.may(member, labels, Action.KNOW, facts("note", author="greffe"))
    assert not POLICY.may(member, labels, Action.KNOW, facts("note", invited={"greffe": Access.WRITE}))
    assert not POLICY.may_know_case_file(labels, CasePlace(FILE))
    assert not POLICY.may_deposit_in(member, labels, CasePlace(FILE))
    assert POLICY.may(member, labels, Action.READ, facts("arret", published=True))
    assert POLICY.may(member, labels, Action.READ, facts("memoire_ampliatif", case_file="autre"))


def test_a_lent_part_opens_the_file_but_never_the_deliberation() -> None:
    """Whoever acts for the rapporteur reads their note and the pieces; the deliberation stays the bench's own."""
    member = Member("attache", "M.", "A", frozenset({"auditeur"}))
    lent = Delegated("g", FILE, "rapporteur", "Mme Roy", datetime.now(UTC))
    labels = POLICY.labels(Standing(member=member, delegated=(lent,)))
    assert POLICY.may(member, labels, Action.READ, facts("note"))
    assert POLICY.may(member, labels, Action.READ, facts("memoire_ampliatif"))
    assert not POLICY.may(member, labels, Action.KNOW, facts("deliberation"))
    assert not POLICY.may(member, labels, Action.READ, facts("note", case_file="autre"))


def test_a_formation_sits_on_every_file_brought_before_it() -> None:
    """A seat in a formation is a seat on its files, and on no other."""
    member = Member("c", "Mme", "C", frozenset({"conseiller"}))
    labels = POLICY.labels(Standing(member=member, places=(Place("form:1", "Formation", BENCH, "conseiller"),)))
    assert POLICY.may(member, labels, Action.READ, facts("deliberation", bench="form:1"))
    assert not POLICY.may(member, labels, Action.READ, facts("note", bench="form:1"))
    assert not POLICY.may(member, labels, Action.KNOW, facts("deliberation", bench="form:2"))
    assert not POLICY.may(member, labels, Action.KNOW, facts("deliberation"))


def test_an_exception_opens_one_document_once_deposited() -> None:
    """An exception opens the document it names, and never what its author has not deposited."""
    member = Member("s", "M.", "S", frozenset({"auditeur"}))
    labels = POLICY.labels(Standing(member=member, granted=(Granted("g1", datetime.now(UTC)),)))
    assert POLICY.may(member, labels, Action.READ, facts("note", granted=frozenset({"g1"})))
    assert not POLICY.may(member, labels, Action.KNOW, facts("note", granted=frozenset({"g2"})))
    assert not POLICY.may(member, labels, Action.KNOW, facts("note", granted=frozenset({"g1"}), deposited=False))


def test_a_chamber_has_cells_of_its_own() -> None:
    """A cell that a chamber configures holds for its files alone; the others keep the default."""
    policy = Policy(
        read_table(
            '[rows.secret]\nkinds = ["note"]\nread = ["rapporteur"]\n[rows.secret.chambers.soc]\nread = ["chambre"]\n'
        )
    )
    member = Member("c", "Mme", "C")
    labels = policy.labels(Standing(member=member, places=(Place("chambre:soc", "Chambre sociale"),)))
    assert policy.may(member, labels, Action.READ, facts("note", chamber="soc"))
    assert not policy.may(member, labels, Action.KNOW, facts("note", chamber="cr"))


def test_every_label_says_why() -> None:
    """Each label that a member holds comes with a reason for the screen, and none without a label."""
    member = Member("greffe", "Mme", "P", frozenset({"greffe"}))
    standing = Standing(
        member=member,
        seats=(Seat(FILE, "rapporteur"),),
        places=(Place("commission:a", "Commission A", "commission", seconded=True),),
        walls=frozenset({"autre"}),
    )
    held = POLICY.holdings(standing)
    assert frozenset(held) == POLICY.labels(standing)
    assert {reason.kind for reasons in held.values() for reason in reasons} == {
        "public",
        "self",
        "service",
        "role",
        "secondment",
        "wall",
    }
