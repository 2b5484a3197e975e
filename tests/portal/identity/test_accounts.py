"""Local accounts: a password and a code, and no hurry for who guesses."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from starlette.testclient import TestClient

from indexer.hashing import HashingEmbedder
from portal.app import create_app, open_archive
from portal.identity.accounts import FREE_BY_ACCOUNT, Accounts, Opened
from portal.nouns.errors import NotAllowed, TooMany
from portal.settings import Settings
from tests.portal.conftest import MEMBERS, Court, court, new_database, postgres_url
from tests.portal.textarea import TextareaEditor

__all__ = ["court", "new_database", "postgres_url"]


@dataclass
class Clock:
    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def code_of(opened: Opened, at: float) -> str:
    return pyotp.TOTP(parse_qs(urlsplit(opened.enrolment).query)["secret"][0]).at(int(at))


def test_password_and_code_open_the_account(court: Court) -> None:
    """Both right, the member is known; either wrong, nobody is, and the answers are the same."""
    clock = Clock()
    accounts = Accounts(court.database, clock)
    opened = accounts.open("greffe")
    code = code_of(opened, clock.now)
    said = set()
    for name, password, given in (("greffe", "x", code), ("greffe", opened.password, "000000"), ("x", "x", code)):
        with pytest.raises(NotAllowed) as refused:
            accounts.check(name, password, given, "10.0.0.1")
        said.add(refused.value.sentence)
        clock.now += 30
    assert len(said) == 1
    assert accounts.check("greffe", opened.password, code_of(opened, clock.now), "10.0.0.1").id == "greffe"


def test_a_code_counts_once(court: Court) -> None:
    """Who reads a code over a shoulder cannot use it again, nor an older one."""
    clock = Clock()
    accounts = Accounts(court.database, clock)
    opened = accounts.open("greffe")
    code = code_of(opened, clock.now)
    assert accounts.check("greffe", opened.password, code, "10.0.0.1")
    for stale in (code, code_of(opened, clock.now - 30)):
        with pytest.raises(NotAllowed):
            accounts.check("greffe", opened.password, stale, "10.0.0.1")


@pytest.mark.parametrize("name", ["greffe", "personne"])
def test_guesses_wait_longer_and_longer(court: Court, name: str) -> None:
    """After a few failures each costs a wait that doubles, for an unknown account just the same."""
    clock = Clock()
    accounts = Accounts(court.database, clock)
    accounts.open("greffe")
    waits = []
    for _ in range(FREE_BY_ACCOUNT + 4):
        began = clock.now
        while True:
            try:
                accounts.check(name, "x", "000000", "10.0.0.1")
            except TooMany:
                clock.now += 1
            except NotAllowed:
                break
        waits.append(clock.now - began)
    assert waits == [0, 0, 0, 0, 2, 4, 8]


def test_the_right_password_waits_too(court: Court) -> None:
    """While an account waits, the right password and code are not looked at."""
    clock = Clock()
    accounts = Accounts(court.database, clock)
    opened = accounts.open("greffe")
    for _ in range(FREE_BY_ACCOUNT + 1):
        with pytest.raises(NotAllowed):
            accounts.check("greffe", "x", "000000", "10.0.0.1")
    with pytest.raises(TooMany):
        accounts.check("greffe", opened.password, code_of(opened, clock.now), "10.0.0.1")


def test_an_unknown_account_costs_as_much(court: Court) -> None:
    """In processor time, an unknown account is not told from a wrong password: both hash."""
    accounts = Accounts(court.database)
    accounts.open("greffe")

    def cost(name: str) -> float:
        began = time.process_time()
        with pytest.raises(NotAllowed):
            accounts.check(name, "x", "000000", name)
        return time.process_time() - began

    known, unknown = (min(cost(name) for _ in range(3)) for name in ("greffe", "personne"))
    assert 0.5 < known / unknown < 2


@pytest.fixture
def client(tmp_path: Path) -> Iterator[tuple[TestClient, Opened]]:
    settings = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        database=f"sqlite:///{tmp_path / 'home' / 'archive.sqlite'}",
        workers=1,
        local_accounts=True,
    )
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    opened = Accounts(archive.database).open("greffe")
    archive.close()
    app = create_app(settings, editor=TextareaEditor(), embedder=HashingEmbedder())
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as held:
        yield held, opened


def test_the_form_signs_in(client: tuple[TestClient, Opened]) -> None:
    """The sign-in page asks for account, password and code, and goes on where one wanted to go."""
    held, opened = client
    assert 'name="compte"' in held.get("/connexion?suite=/quarantaine").text
    form = {"compte": "greffe", "secret": opened.password, "suite": "/quarantaine"}
    wrong = held.post("/connexion/compte", data={**form, "code": "000000"})
    assert wrong.status_code == 403
    right = held.post("/connexion/compte", data={**form, "code": code_of(opened, time.time())})
    assert (right.status_code, right.headers["location"]) == (303, "/quarantaine")
    assert held.get("/quarantaine").status_code == 200
    assert 'name="secret"' in held.get("/connexion/confirmation").text


def test_a_portal_without_them_has_no_such_door(tmp_path: Path) -> None:
    """Unless a deployment asks for local accounts, the route is not there, nor the demo's."""
    settings = Settings(
        home=tmp_path / "home", cache=tmp_path, database=f"sqlite:///{tmp_path / 'home' / 'a.sqlite'}", workers=1
    )
    app = create_app(replace(settings), editor=TextareaEditor(), embedder=HashingEmbedder())
    with TestClient(app, base_url="http://127.0.0.1:8000", follow_redirects=False) as held:
        for path in ("/connexion/compte", "/demo/connexion", "/demo/confirmation", "/connexion/fin"):
            assert held.post(path, data={"compte": "greffe", "member": "greffe"}).status_code in {401, 404}
