"""One's own sessions: seen, told apart, ended here and elsewhere; a colleague's by those who manage clearances."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from portal.nouns.member import Member
from portal.store.tables import AuditRow
from portal.web.device import UNKNOWN, device_of
from tests.portal.web.conftest import World
from tests.portal.web.test_pages import text_of

FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
EDGE = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0"
SAFARI = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1"


@pytest.mark.parametrize(
    ("agent", "device"),
    [
        (FIREFOX, "Firefox sous Windows"),
        (EDGE, "Edge sous Windows"),
        (SAFARI, "Safari sous iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36", "Chrome sous Linux"),
        ("curl/8", UNKNOWN),
        ("", UNKNOWN),
        ("<script>Firefox/", "Firefox"),
    ],
)
def test_a_browser_is_told_as_a_person_would(agent: str, device: str) -> None:
    """Nothing of the header itself is kept."""
    assert device_of(agent) == device


def opens(world: World, secret: str) -> bool:
    answer: Any = world.in_person(secret, "GET", "/mes-connexions")
    return bool(answer.status_code == 200)


def test_one_sees_and_ends_ones_sessions(world: World) -> None:
    """Each browser stands in the list, this one marked; another is ended alone, then all the others."""
    here, there, elsewhere = (
        world.archive.sign_ins.open("rapporteur", device=name)
        for name in ("Firefox sous Windows", "Chrome sous Linux", "")
    )
    page: Any = world.in_person(here, "GET", "/mes-connexions")
    shown = text_of(page)
    assert "Firefox sous Windows celui-ci" in shown
    assert "Chrome sous Linux" in shown
    assert "Navigateur inconnu" in shown
    key = next(one.key for one in world.archive.sign_ins.of("rapporteur") if one.device == "Chrome sous Linux")
    assert f"/mes-connexions/{key}/fin" in page.text
    ended: Any = world.in_person(here, "POST", f"/mes-connexions/{key}/fin")
    assert ended.status_code == 303
    assert [opens(world, secret) for secret in (here, there, elsewhere)] == [True, False, True]
    again: Any = world.in_person(here, "POST", f"/mes-connexions/{key}/fin")
    assert again.status_code == 404
    world.in_person(here, "POST", "/mes-connexions/autres/fin")
    assert [opens(world, secret) for secret in (here, elsewhere)] == [True, False]


def test_nobody_ends_anothers_session(world: World) -> None:
    """Another's session answers like one that is not there, and goes on."""
    mine, theirs = world.archive.sign_ins.open("autre"), world.archive.sign_ins.open("rapporteur")
    (held,) = world.archive.sign_ins.of("rapporteur")
    hidden: Any = world.in_person(mine, "POST", f"/mes-connexions/{held.key}/fin")
    missing: Any = world.in_person(mine, "POST", "/mes-connexions/s:0/fin")
    assert hidden.status_code == missing.status_code == 404
    assert hidden.text.replace(held.key, "") == missing.text.replace("s:0", "")
    assert opens(world, theirs)


def test_a_manager_signs_a_colleague_out(world: World) -> None:
    """Every browser of theirs at once, with a trace; nobody else may."""
    world.archive.people.add([Member("gestion", "Mme", "Morel", frozenset({"habilitations"}))])
    theirs, manager, other = (world.archive.sign_ins.open(who) for who in ("rapporteur", "gestion", "autre"))
    path = "/habilitations/membres/rapporteur/deconnexion"
    refused: Any = world.in_person(other, "POST", path)
    assert refused.status_code == 404
    assert opens(world, theirs)
    done: Any = world.in_person(manager, "POST", path)
    assert done.status_code == 303
    assert not opens(world, theirs)
    with world.archive.database.read() as session:
        traces = session.exec(select(AuditRow).where(AuditRow.action == "connexion.fin")).all()
    assert [(one.member_id, one.subject) for one in traces] == [("gestion", "rapporteur")]


def test_the_device_is_kept_at_sign_in(world: World) -> None:
    """What the browser says of itself at sign-in is what its owner reads."""
    headers = {"User-Agent": FIREFOX, "Origin": "http://127.0.0.1:8000"}
    world.client.post("/demo/connexion", data={"member": "sder"}, headers=headers, follow_redirects=False)
    assert [one.device for one in world.archive.sign_ins.of("sder")] == ["Firefox sous Windows"]
