"""Abuse case 19: forged requests from another site, in the victim's browser."""

from __future__ import annotations

import pytest
from sqlmodel import select

from portal.store.tables import DocumentRow, SignInRow
from portal.web.authentication import COOKIE
from tests.portal.web.conftest import World

OWN = "http://127.0.0.1:8000"


@pytest.fixture
def victim(world: World) -> World:
    world.client.cookies.set(COOKIE, world.archive.sign_ins.open("rapporteur"))
    return world


def drafts(world: World) -> int:
    with world.archive.database.read() as session:
        return len(session.exec(select(DocumentRow.id)).all())


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({"Origin": "https://evil.example"}, {"data": {"nature": "note"}}),
        ({"Origin": OWN}, {"data": {"nature": "note"}}),
        ({"Origin": OWN}, {"data": {"nature": "note", "csrf": "devine"}}),
        ({"Origin": "null"}, {"data": {"nature": "note"}}),
        ({"Sec-Fetch-Site": "cross-site"}, {"data": {"nature": "note"}}),
        ({"Origin": OWN, "Content-Type": "text/plain"}, {"content": '{"kind": "note"}'}),
    ],
)
def test_abuse_19_a_forged_change_is_refused(victim: World, headers: dict[str, str], body: dict[str, object]) -> None:
    """A change without the page's own token, or from another origin, is refused and nothing is made."""
    before = drafts(victim)
    for path in ("/nouveau-projet", "/api/drafts"):
        answer = victim.client.post(path, headers=headers, follow_redirects=False, **body)  # type: ignore[arg-type]
        assert answer.status_code == 403
    assert drafts(victim) == before


def test_abuse_19_the_pages_own_form_is_accepted(victim: World) -> None:
    """The same form with the session's token goes through."""
    with victim.archive.database.read() as session:
        (csrf,) = session.exec(select(SignInRow.csrf)).all()
    answer = victim.client.post(
        "/nouveau-projet", headers={"Origin": OWN}, data={"nature": "note", "csrf": csrf}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert drafts(victim) == 1


def test_abuse_19_signing_in_cannot_be_forged(world: World) -> None:
    """Another site cannot sign a browser in as somebody of its choice."""
    answer = world.client.post(
        "/demo/connexion", headers={"Origin": "https://evil.example"}, data={"member": "greffe"}, follow_redirects=False
    )
    assert answer.status_code == 403
    assert COOKIE not in answer.cookies


@pytest.mark.parametrize("after", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:alert(1)"])
def test_abuse_19_signing_in_never_leads_elsewhere(world: World, after: str) -> None:
    """After signing in, one stays on the portal whatever the address asked for."""
    answer = world.client.post(
        "/demo/connexion", headers={"Origin": OWN}, data={"member": "greffe", "suite": after}, follow_redirects=False
    )
    assert answer.status_code == 303
    assert answer.headers["location"] == "/"
