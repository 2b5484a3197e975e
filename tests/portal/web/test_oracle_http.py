"""List = check over HTTP: each route of one document or case file opens to whom the oracle says, and to no one else."""

from __future__ import annotations

import random
from collections.abc import Iterator
from io import BytesIO

import pytest
from sqlmodel import select
from starlette.testclient import TestClient

from indexer.hashing import HashingEmbedder
from portal.app import create_app, open_archive, open_feed
from portal.settings import Settings
from portal.store.tables import VersionRow
from tests.portal.oracle import Dice, Paper, Person, throw, write
from tests.portal.textarea import TextareaEditor

SAMPLED = 200


class Served:
    """A court made by dice, served, with everyone's token."""

    def __init__(self, client: TestClient, dice: Dice, tokens: dict[str, str]) -> None:
        self.client = client
        self.dice = dice
        self.tokens = tokens
        self.people = [person for person in dice.people if person.active]

    def status(self, person: Person, address: str) -> int:
        headers = {"Authorization": f"Bearer {self.tokens[person.id]}", "Accept": "application/json"}
        return self.client.get(address, headers=headers, follow_redirects=False).status_code


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory, soak: bool) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("oracle")
    settings = Settings(home=home, cache=home, database=f"sqlite:///{home / 'archive.sqlite'}", workers=1)
    archive = open_archive(settings)
    dice = throw(500, 2000, seed=11) if soak else throw(50, 200, seed=11)
    with archive.database.write() as session:
        write(session, dice)
        for version in session.exec(select(VersionRow)).all():
            version.digest = archive.documents.put(BytesIO(b"corps" + version.id.encode()))
            version.size = 5 + len(version.id)
            session.add(version)
    tokens = {person.id: archive.tokens.create(person.id) for person in dice.people if person.active}
    open_feed(archive, HashingEmbedder()).catch_up()
    with TestClient(create_app(settings, editor=TextareaEditor(), embedder=HashingEmbedder())) as client:
        yield Served(client, dice, tokens)
    archive.close()


def pairs(served: Served, seed: int, soak: bool) -> list[tuple[Person, Paper]]:
    """Sampled, half of them pairs that the oracle opens, so that neither answer is rare; all of them in the soak."""
    chance = random.Random(seed)
    every = [(person, paper) for paper in served.dice.papers for person in served.people]
    if soak:
        return every
    opened = [pair for pair in every if served.dice.reads(*pair) and not pair[1].published]
    return chance.sample(opened, min(len(opened), SAMPLED // 2)) + chance.sample(every, SAMPLED // 2)


ROUTES = ("/documents/{}", "/documents/{}/apercu", "/documents/{}/pages", "/api/documents/{}")


@pytest.mark.parametrize("route", [*ROUTES, "/documents/{}/original", "/api/drafts/{}"])
def test_a_document_opens_to_its_readers_alone(served: Served, route: str, soak: bool) -> None:
    """200 where the oracle reads, 404 everywhere else, for every sampled pair."""
    wrong = []
    for person, paper in pairs(served, len(route), soak):
        right = served.dice.reads(person, paper)
        if route.endswith("original"):
            right = right and not paper.draft
        if "drafts" in route:
            right = right and paper.draft
        status = served.status(person, route.format(paper.id))
        if status != (200 if right else 404):
            wrong.append((person.id, paper.id, status))
    assert wrong == []


@pytest.mark.parametrize("route", ["/dossiers/{}", "/api/case-files/{}"])
def test_a_case_file_opens_to_those_who_may_know_of_it(served: Served, route: str, soak: bool) -> None:
    """200 to its people, and to anyone who reads a published decision of it; 404 to all others."""
    chance = random.Random(5)
    every = [(person, case) for person in served.people for case in served.dice.cases.values()]
    wrong = []
    for person, case in every if soak else chance.sample(every, SAMPLED):
        decisions = [one for one in served.dice.papers if one.case == case.id and one.published and not one.deleted]
        right = served.dice.knows_case(person, case) or bool(decisions)
        status = served.status(person, route.format(case.id))
        if status != (200 if right else 404):
            wrong.append((person.id, case.id, status))
    assert wrong == []


def test_a_search_over_http_finds_what_is_read(served: Served) -> None:
    """Every member's search finds the bodies that the oracle opens to them, and counts no other."""
    for person in served.people[:50]:
        headers = {"Authorization": f"Bearer {served.tokens[person.id]}"}
        found: set[str] = set()
        cursor = ""
        while True:
            params = {"q": "corps", "mode": "lexical", "size": "100", "cursor": cursor}
            answer = served.client.get("/api/search", params=params, headers=headers).json()
            found |= {hit["id"] for hit in answer["hits"]}
            cursor = answer["cursor"] or ""
            if not cursor:
                break
        right = {paper.id for paper in served.dice.papers if served.dice.reads(person, paper)}
        assert found == right
        assert answer["total"] == sum(answer["facets"]["kind"].values()) == len(right)
