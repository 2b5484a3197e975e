"""Abuse case 24: session fixation, and sockets that outlive the sign-in by which they were opened."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
from sqlmodel import select
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from indexer.hashing import HashingEmbedder
from portal.app import Archive, create_app, open_archive
from portal.plugin import Rendition
from portal.settings import Settings
from portal.store.tables import SignInRow
from portal.web.authentication import COOKIE
from tests.portal.conftest import MEMBERS
from tests.portal.identity.conftest import House, build
from tests.portal.identity.loopback import free_port, served
from tests.portal.identity.middle import now

SECOND = 1.0
"""Within which a sign-in's end is felt on its sockets."""


@dataclass(frozen=True, slots=True)
class Served:
    """The portal with its real editor, on loopback."""

    archive: Archive
    address: str


@contextmanager
def portal(folder: Path, **more: object) -> Iterator[Served]:
    port = free_port()
    settings = Settings(
        home=folder / "home",
        cache=folder / "cache",
        database=f"sqlite:///{folder / 'home' / 'archive.sqlite'}",
        workers=1,
        demo=True,
        **more,  # type: ignore[arg-type]
    )
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    with served(create_app(settings, embedder=HashingEmbedder()), port):
        yield Served(archive, f"http://127.0.0.1:{port}")
    archive.close()


@pytest.fixture
def open_portal(tmp_path: Path) -> Iterator[Served]:
    with portal(tmp_path) as found:
        yield found


def draft_of(archive: Archive, author: str) -> str:
    member = archive.people.get(author)
    assert member is not None
    draft = archive.drafts.open(member, "note", None)
    archive.drafts.render(Rendition(draft, "Note", (("", "Note"),), 1))
    return draft


@contextmanager
def join(address: str, draft: str, headers: dict[str, str]) -> Iterator[ClientConnection]:
    """A socket on the draft that has been welcomed."""
    here = address.replace("http", "ws")
    room = f"{here}/editor/rooms/{draft}?ack=1"
    with connect(room, additional_headers={"Origin": address, **headers}) as socket:
        socket.recv(10)
        yield socket


def seconds_to_close(socket: ClientConnection, act: Callable[[], object]) -> float:
    """How long after `act` returned the other side hung up."""
    act()
    since = time.monotonic()
    with suppress(ConnectionClosed):
        for _ in range(100):
            socket.recv(10)
        raise AssertionError("the socket went on")
    return time.monotonic() - since


def test_abuse_24_a_planted_cookie_is_never_taken_up(open_portal: Served) -> None:
    """Whoever planted a cookie beforehand is not signed in by the victim's signing in with it."""
    with httpx2.Client(base_url=open_portal.address, trust_env=False) as victim:
        victim.cookies.set(COOKIE, "planted", domain="127.0.0.1", path="/")
        victim.post("/demo/connexion", data={"member": "rapporteur"})
        assert victim.get("/nouveau-projet").status_code == 200
        assert "planted" not in {cookie.value for cookie in victim.cookies.jar if cookie.domain != "127.0.0.1"}
    with httpx2.Client(base_url=open_portal.address, trust_env=False, cookies={COOKIE: "planted"}) as attacker:
        assert attacker.get("/nouveau-projet").status_code == 303


def test_abuse_24_the_attackers_own_session_is_not_lent_on(open_portal: Served) -> None:
    """A victim who signs in over the attacker's session gets another, and the attacker's has ended."""
    own = open_portal.archive.sign_ins.open("autre")
    csrf = open_portal.archive.sign_ins.get(own).csrf  # type: ignore[union-attr]
    with httpx2.Client(base_url=open_portal.address, trust_env=False, cookies={COOKIE: own}) as victim:
        answer = victim.post("/demo/connexion", data={"member": "rapporteur", "csrf": csrf})
    assert answer.status_code == 303
    given = re.search(f"{COOKIE}=([^;]+)", answer.headers["set-cookie"])[1]  # type: ignore[index]
    assert given != own
    assert open_portal.archive.sign_ins.get(own) is None
    assert open_portal.archive.sign_ins.get(given).member.id == "rapporteur"  # type: ignore[union-attr]


@pytest.mark.parametrize("road", ["sign-out", "departure", "token revoked"])
def test_abuse_24_sockets_close_with_the_sign_in(
    open_portal: Served, road: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Within one second of the sign-in's end, its sockets hang up; those of another sign-in stay."""
    archive = open_portal.archive
    draft = draft_of(archive, "rapporteur")
    secret, other = archive.sign_ins.open("rapporteur"), archive.sign_ins.open("rapporteur")
    token = archive.tokens.create("rapporteur")
    headers = {"Authorization": f"Bearer {token}"} if road == "token revoked" else {"Cookie": f"{COOKIE}={secret}"}

    def sign_out() -> None:
        csrf = archive.sign_ins.get(secret).csrf  # type: ignore[union-attr]
        httpx2.post(f"{open_portal.address}/deconnexion", data={"csrf": csrf}, headers={"Cookie": f"{COOKIE}={secret}"})

    acts: dict[str, Callable[[], object]] = {
        "sign-out": sign_out,
        "departure": lambda: archive.people.deactivate("rapporteur", "greffe"),
        "token revoked": lambda: archive.tokens.revoke("rapporteur", archive.tokens.of("rapporteur")[0].id),
    }
    with (
        join(open_portal.address, draft, headers) as socket,
        join(open_portal.address, draft, {"Cookie": f"{COOKIE}={other}"}) as witness,
    ):
        took = seconds_to_close(socket, acts[road])
        assert took < SECOND
        if road != "departure":
            witness.ping().wait(5)
            assert archive.sign_ins.get(other) is not None
    with capsys.disabled():
        print(f"\n{road}: socket closed after {took * 1000:.0f} ms")


def test_abuse_24_sockets_close_when_the_time_is_up(tmp_path: Path) -> None:
    """A sign-in that reaches its absolute limit ends with its sockets, though the person goes on."""
    with portal(tmp_path, absolute=timedelta(seconds=2)) as found:
        draft = draft_of(found.archive, "rapporteur")
        secret = found.archive.sign_ins.open("rapporteur")
        with join(found.address, draft, {"Cookie": f"{COOKIE}={secret}"}) as socket:
            assert seconds_to_close(socket, lambda: None) < 2 + SECOND


def test_abuse_24_a_back_channel_logout_closes_sockets(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The provider's word that a session ended reaches the sockets of that session within one second."""
    with contextmanager(build)(tmp_path) as house:
        _by_back_channel(house, capsys)


def _by_back_channel(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    draft = draft_of(house.archive, "rapporteur")
    browser = house.browser()
    browser.sign_in()
    with house.archive.database.read() as session:
        row = session.exec(select(SignInRow)).one()
    notice = {
        "iss": house.middle.issuer,
        "aud": "portail",
        "iat": now(),
        "exp": now() + 120,
        "jti": uuid4().hex,
        "sid": row.provider_session,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }
    token = house.middle.sign(notice, typ="logout+jwt")
    with join(house.portal, draft, {"Cookie": f"{COOKIE}={browser.client.cookies[COOKIE]}"}) as socket:
        took = seconds_to_close(
            socket, lambda: httpx2.post(f"{house.portal}/connexion/fin", data={"logout_token": token})
        )
    assert took < SECOND
    assert not browser.is_in
    house.tidy()
    with capsys.disabled():
        print(f"\nback-channel logout: socket closed after {took * 1000:.0f} ms")
