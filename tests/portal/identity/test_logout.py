"""Logout by every road: here, at the provider's, and by the provider's own word."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from sqlmodel import select

from portal.store.tables import SignInRow
from tests.portal.identity import forgeries
from tests.portal.identity.conftest import Browser, House
from tests.portal.identity.middle import now


def tell(house: House, token: str) -> int:
    """What the portal answers to a logout token."""
    browser = house.browser()
    return browser.client.post(f"{house.portal}/connexion/fin", data={"logout_token": token}).status_code


def notice(house: House, browser: Browser) -> dict[str, Any]:
    """What a logout token says of the browser's sign-in."""
    with house.archive.database.read() as session:
        row = session.exec(
            select(SignInRow).order_by(SignInRow.created.desc())  # type: ignore[attr-defined]
        ).first()
    assert row is not None
    return {
        "iss": house.middle.issuer,
        "aud": "portail",
        "iat": now(),
        "exp": now() + 120,
        "jti": uuid4().hex,
        "sub": row.subject,
        "sid": row.provider_session,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
    }


@pytest.fixture
def browser(house: House) -> Browser:
    """Someone who is signed in."""
    made = house.browser()
    assert made.sign_in().status_code == 303
    return made


@pytest.mark.parametrize("case", sorted(forgeries.LOGOUT))
def test_a_forged_logout_ends_nothing(house: House, browser: Browser, case: str) -> None:
    """A logout token with one thing wrong is refused, and the person stays signed in."""
    true = notice(house, browser)
    token = forgeries.LOGOUT[case](true, house.middle, house.middle.sign(true, typ="logout+jwt"))
    assert tell(house, token) == 400
    assert browser.is_in


def test_an_id_token_is_no_logout_token(house: House, browser: Browser) -> None:
    """The person's own ID token, sent as a logout token, ends nothing."""
    with house.archive.database.read() as session:
        tokens = session.exec(select(SignInRow.id_token)).all()
    assert tokens
    assert {tell(house, token) for token in tokens} == {400}
    assert browser.is_in


def test_a_logout_token_counts_once(house: House, browser: Browser) -> None:
    """The second time it is heard it ends nothing: who signed in again since stays signed in."""
    true = notice(house, browser)
    del true["sid"]
    token = house.middle.sign(true, typ="logout+jwt")
    assert tell(house, token) == 200
    assert not browser.is_in
    assert browser.sign_in().status_code == 303
    assert tell(house, token) == 400
    assert browser.is_in


def test_a_notice_ends_its_own_session_alone(house: House, browser: Browser) -> None:
    """Signed in from two browsers, the provider ends one of the two sessions; the other goes on."""
    other = house.browser()
    assert other.sign_in().status_code == 303
    assert tell(house, house.middle.sign(notice(house, other), typ="logout+jwt")) == 200
    assert not other.is_in
    assert browser.is_in


def test_signing_out_here_signs_out_there(house: House, browser: Browser) -> None:
    """The sign-out button ends the session here and goes on to the provider, which comes back to the portal."""
    answer = browser.client.post(f"{house.portal}/deconnexion", data={"csrf": browser.csrf()})
    assert answer.status_code == 303
    address = answer.headers["location"]
    asked = parse_qs(urlsplit(address).query)
    assert address.startswith(house.middle.issuer)
    assert asked["post_logout_redirect_uri"] == [f"{house.portal}/connexion"]
    assert asked["id_token_hint"]
    assert len(asked["state"][0]) >= 32
    assert not browser.is_in
    assert browser.client.get(address).status_code == 200, "the provider knows the session and its way back"


def test_the_provider_ends_every_window(house: House, browser: Browser) -> None:
    """Signing out at the provider reaches the portal behind the browser's back (back-channel), by a real token."""
    address = house.middle.issuer + "/session/end"
    page = browser.client.get(address)
    field = page.text.split('name="xsrf" value="')[1].split('"')[0]
    browser.client.post(f"{address}/confirm", data={"xsrf": field, "logout": "yes"})
    house.until(lambda: not browser.is_in)
