"""Tokens of the API: a scope, an end, revoked at once, made by a person alone."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlmodel import select

from portal.store.tables import SignInRow
from tests.portal.web.conftest import World
from tests.portal.web.test_pages import text_of


def ask(world: World, token: str, method: str, path: str, **more: Any) -> int:
    return world.client.request(method, path, headers={"Authorization": f"Bearer {token}"}, **more).status_code


@pytest.mark.parametrize(
    ("scope", "reads", "writes", "ingests"),
    [("read", 200, 403, 403), ("write", 200, 201, 201), ("ingest", 403, 403, 201)],
)
def test_a_token_does_what_its_scope_says(world: World, scope: str, reads: int, writes: int, ingests: int) -> None:
    """Reading, changing and depositing each ask for their scope; the refusal says what to do."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    token = world.archive.tokens.create("rapporteur", scopes=[scope])
    assert ask(world, token, "GET", f"/api/case-files/{case}") == reads
    assert ask(world, token, "POST", "/api/drafts", json={"kind": "note"}) == writes
    path = f"/api/case-files/{case}/documents"
    assert ask(world, token, "POST", path, params={"name": "a.txt"}, content=b"Bonjour") == ingests
    refused = world.client.post(
        "/api/drafts",
        json={"kind": "note"},
        headers={"Authorization": f"Bearer {world.archive.tokens.create('rapporteur', scopes=['read'])}"},
    )
    assert "ne permet pas" in refused.json()["error"]


def test_a_person_makes_and_revokes_a_token(world: World) -> None:
    """It is shown once, opens what its holder sees, and opens nothing from the moment it is revoked."""
    secret = world.archive.sign_ins.open("rapporteur")
    made: Any = world.in_person(secret, "POST", "/jetons", {"nom": "Export", "portee": "read", "jours": "7"})
    (token,) = re.findall(r"mnt_[\w-]+", made.text)
    assert ask(world, token, "GET", "/api/search?q=faute") == 200
    page: Any = world.in_person(secret, "GET", "/jetons")
    assert "Export" in text_of(page)
    assert token not in page.text
    first = page.text.split("/jetons/")[1].split("/retrait")[0]
    assert world.in_person(secret, "POST", f"/jetons/{first}/retrait").status_code == 303  # type: ignore[attr-defined]
    assert ask(world, token, "GET", "/api/search?q=faute") == 401


def test_nobody_revokes_anothers_token(world: World) -> None:
    """Another's token answers like one that does not exist."""
    (held,) = world.archive.tokens.of("rapporteur")
    secret = world.archive.sign_ins.open("autre")
    hidden: Any = world.in_person(secret, "POST", f"/jetons/{held.id}/retrait")
    missing: Any = world.in_person(secret, "POST", "/jetons/0000000000000000/retrait")
    assert hidden.status_code == missing.status_code == 404
    assert world.archive.tokens.of("rapporteur") == [held]


def test_a_token_makes_no_token(world: World) -> None:
    """Whoever steals one can neither prolong it nor make another, nor take an emergency access."""
    for method, path in (("GET", "/jetons"), ("POST", "/jetons"), ("POST", "/urgence")):
        answer: Any = world.ask("rapporteur", method, path, **({"data": {}} if method == "POST" else {}))
        assert answer.status_code == 403


def test_a_grave_act_asks_for_a_recent_proof(world: World) -> None:
    """Signed in ten minutes ago, one proves again who is there, comes back, and then it is done."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    secret = world.archive.sign_ins.open("autre")
    with world.archive.database.write() as session:
        for row in session.exec(select(SignInRow)):
            row.authenticated = datetime.now(UTC) - timedelta(minutes=10)
            session.add(row)
    asked = {"numero": "21-12.345", "motif": "Requête en suspension"}
    sent: Any = world.in_person(secret, "POST", "/urgence", asked)
    assert sent.headers["location"] == "/connexion/confirmation?suite=/urgence"
    confirm: Any = world.in_person(secret, "GET", sent.headers["location"])
    assert "Je suis M." in text_of(confirm)
    proved: Any = world.in_person(secret, "POST", "/demo/confirmation", {"suite": "/urgence"})
    assert proved.headers["location"] == "/urgence"
    fresh = re.search("minutier=([^;]+)", proved.headers["set-cookie"])[1]  # type: ignore[index]
    assert fresh != secret
    assert world.archive.sign_ins.get(secret) is None
    taken: Any = world.in_person(fresh, "POST", "/urgence", asked)
    assert taken.headers["location"] == f"/dossiers/{case}"
