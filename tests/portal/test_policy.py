"""The table "who sees what", cell by cell, and the rule against a brute-force oracle."""

from __future__ import annotations

import random

import pytest

from portal.nouns.kinds import KINDS
from portal.nouns.member import Member
from portal.plugin import Access
from portal.policy.policy import PUBLIC, Action, Facts, Policy
from portal.policy.table import read_table

POLICY = Policy()
FILE = "dossier"
SEATED = {"rapporteur", "doyen", "president", "conseiller", "premier_president"}


def facts(kind: str, **more: object) -> Facts:
    given = {"id": "d", "case_file": FILE, "author": "auteur", "deposited": True, "invited": {}, **more}
    return Facts(kind=kind, **given)  # type: ignore[arg-type]


def reader(role: str) -> tuple[Member, frozenset[str]]:
    member = Member(role, "M.", role, frozenset({role}))
    on_file = [(FILE, role)] if role in SEATED | {"avocat_general"} else []
    return member, POLICY.labels(member, on_file)


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
        assert POLICY.may(member, POLICY.labels(member), Action.READ, held)


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
    assert POLICY.labels(admin, [(FILE, "rapporteur")]) == {PUBLIC}


def test_unknown_kind_is_denied() -> None:
    """A kind without a row is its author's: default deny."""
    assert not any(
        POLICY.may(*reader(role), Action.KNOW, facts("inconnu")) for role in ("rapporteur", "greffe", "sder")
    )


def test_a_table_with_an_unknown_audience_is_refused() -> None:
    """A slip in the configured table stops the start, instead of opening or closing a door."""
    with pytest.raises(ValueError, match="grefe"):
        read_table('[pieces]\nkinds = ["piece"]\nread = ["grefe"]\n')


def test_labels_and_door_agree_everywhere() -> None:
    """The filter of lists (labels) and the check at the door (may) give the same answer for every pair."""
    chance = random.Random(3)
    members = [
        Member(f"m{i}", "M.", f"m{i}", frozenset(chance.sample(["greffe", "sder", "rapporteur"], 1))) for i in range(50)
    ]
    parts = {
        m.id: [(f"f{chance.randrange(6)}", chance.choice(sorted(SEATED | {"avocat_general"}))) for _ in range(3)]
        for m in members
    }
    documents = [
        facts(
            chance.choice(sorted(KINDS)),
            id=f"d{i}",
            case_file=chance.choice([None, *(f"f{j}" for j in range(6))]),
            author=chance.choice([None, *(m.id for m in members)]),
            published=chance.random() < 0.1,
            draft=chance.random() < 0.3,
            deposited=chance.random() < 0.6,
            circulated=chance.random() < 0.3,
            deleted=chance.random() < 0.1,
            invited={chance.choice(members).id: chance.choice(list(Access))},
        )
        for i in range(200)
    ]
    for member in members:
        labels = POLICY.labels(member, parts[member.id])
        for document in documents:
            of = POLICY.labels_of(document)
            assert POLICY.may(member, labels, Action.READ, document) == bool(labels & of.body)
            assert POLICY.may(member, labels, Action.KNOW, document) == bool(labels & (of.body | of.title))
            assert not (of.body & of.title)
