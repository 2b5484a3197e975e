"""List = check: doors, labels, SQL lists, indexes and explanations all agree with a brute-force oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlmodel import Session, select

from indexer.memory import MemoryIndex
from indexer.query import Query
from portal.archive.clearing import Clearing
from portal.archive.explaining import Explaining
from portal.feed.changes import ChangeReader
from portal.nouns.errors import NotFound
from portal.nouns.member import Member
from portal.policy.clearances import member_of
from portal.policy.policy import Action
from portal.store.tables import DocumentRow, MemberRow
from tests.portal.conftest import Court
from tests.portal.oracle import Dice, Person, throw, write


@pytest.fixture
def size(soak: bool) -> tuple[int, int]:
    """Members and documents."""
    return (500, 2000) if soak else (50, 200)


@pytest.fixture
def dice(court: Court, size: tuple[int, int]) -> Dice:
    made = throw(*size, seed=size[0])
    with court.database.write() as session:
        write(session, made)
    return made


def members(session: Session, dice: Dice) -> list[tuple[Person, Member]]:
    """Everyone who may sign in."""
    rows = {row.id: row for row in session.exec(select(MemberRow)).all()}
    return [(person, member_of(rows[person.id])) for person in dice.people if person.active]


def test_doors_and_labels(court: Court, dice: Dice) -> None:
    """For every member and every document, the door and the labels of lists say what the oracle says."""
    wrong = []
    with court.database.read() as session:
        rows = {row.id: row for row in session.exec(select(DocumentRow)).all()}
        facts = court.clearances.facts(session, list(rows.values()))
        policy = court.clearances.policy
        for person, member in members(session, dice):
            labels = court.clearances.of(session, member).labels
            for paper in dice.papers:
                of = policy.labels_of(facts[paper.id])
                clear = not labels & of.barred
                for action, right, listed in (
                    (Action.READ, dice.reads(person, paper), clear and bool(labels & of.body)),
                    (Action.KNOW, dice.knows(person, paper), clear and bool(labels & (of.body | of.title))),
                ):
                    if not right == listed == policy.may(member, labels, action, facts[paper.id]):
                        wrong.append((member.id, paper.id, action, right, listed))
    assert wrong == []


def test_lists_of_the_archive(court: Court, dice: Dice) -> None:
    """Case files, the inbox and « Mes dossiers » list what the oracle lets each member know of, and nothing else."""
    with court.database.read() as session:
        for person, member in members(session, dice):
            for case in dice.cases.values():
                listed = {row.id for row in court.documents.in_case_file(session, member, case.id)}
                assert listed == {one.id for one in dice.papers if one.case == case.id and dice.knows(person, one)}
                try:
                    known = court.case_files.sheet(session, member, case.id).open
                except NotFound:
                    known = False
                assert known == dice.knows_case(person, case), (member.id, case.id)
            unfiled = {one.id for one in dice.papers if one.case is None and not one.draft and not one.published}
            inbox = {row.id for row in court.documents.inbox(session, member)}
            assert inbox == {one.id for one in dice.papers if one.id in unfiled and dice.reads(person, one)}
            mine = {sheet.id for sheet in court.case_files.mine(session, member)}
            parts = {case for case, who, _ in dice.seats if who == person.id}
            assert mine == {case for case in parts if dice.knows_case(person, dice.cases[case])}


def test_what_a_search_finds(court: Court, dice: Dice) -> None:
    """A search finds the bodies that each member may read and, by title alone, those they may only know of."""
    index = MemoryIndex()
    reader = ChangeReader(court.database, court.clearances)
    cursor = 0
    while (changes := reader.after(cursor)).cursor != cursor:
        index.replace([record for change in changes.changes for record in change.records])
        cursor = changes.cursor
    with court.database.read() as session:
        for person, member in members(session, dice):
            sight = court.clearances.sight(session, member)
            for words, right in (
                ("corps", {one.id: False for one in dice.papers if dice.reads(person, one)}),
                ("intitulé", {one.id: not dice.reads(person, one) for one in dice.papers if dice.knows(person, one)}),
            ):
                query = Query(text=words, labels=sight.labels, denied=sight.denied, size=1_000, extracts=0)
                page = index.search(query)
                assert page.total == sum(page.facets["kind"].values()) == len(right)
                found = {hit.document: hit.title_only for hit in page.hits}
                while page.cursor:
                    page = index.search(replace(query, cursor=page.cursor))
                    found |= {hit.document: hit.title_only for hit in page.hits}
                assert found == right


def test_explanations_name_exactly_those_who_read(court: Court, dice: Dice) -> None:
    """« Qui voit ce document » names, alone or by their service, everyone who reads it, and no one else."""
    explaining = Explaining(court.database, court.clearances, Clearing(court.database, court.clearances))
    with court.database.read() as session:
        everyone = members(session, dice)
        for paper in dice.papers[:60]:
            if paper.published:
                continue
            row = session.get(DocumentRow, paper.id)
            assert row is not None
            found = explaining.who_sees(session, row)
            named = {one.member for one in found.seen_by if one.member and not one.title_only}
            services = {one.name for one in found.seen_by if not one.member and not one.title_only}
            for person, member in everyone:
                by_service = bool(services & member.roles) and "administrateur" not in member.roles
                barred = paper.case is not None and (person.id, paper.case, False) in dice.walls
                assert (member.id in named or (by_service and not barred)) == dice.reads(person, paper)
