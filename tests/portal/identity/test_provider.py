"""The normal way of signing in by a provider, against a certified one."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import select

from portal.identity.oidc.provider import Provider
from portal.identity.oidc.refusal import Unreachable
from portal.identity.oidc.sessions import ProviderSessions
from portal.settings import Oidc
from portal.store.tables import AuditRow, SignInRow
from portal.web.authentication import COOKIE
from tests.portal.identity import forgeries
from tests.portal.identity.conftest import SECRET, House


def test_a_person_signs_in(house: House) -> None:
    """A member of the court goes to the provider and comes back where they wanted to go, under a new cookie."""
    browser = house.browser()
    browser.client.cookies.set(COOKIE, "planted", domain="127.0.0.1", path="/")
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers.get("location")) == (303, "/mes-dossiers"), answer.text
    assert browser.is_in
    assert browser.client.cookies[COOKIE] != "planted"
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie


def test_what_is_asked_of_the_provider(house: House) -> None:
    """Code flow, PKCE by S256, state and nonce of 32 characters or more, new each time."""
    first, second = (parse_qs(urlsplit(house.browser().leave()).query) for _ in range(2))
    assert first["response_type"] == ["code"]
    assert first["code_challenge_method"] == ["S256"]
    assert first["redirect_uri"] == [f"{house.portal}/connexion/retour"]
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name][0]) >= 32
        assert first[name] != second[name]


def test_a_person_unknown_to_the_court_is_told_so(house: House) -> None:
    """The provider knows them, the court does not: a sentence says what to do, nothing opens."""
    browser = house.browser()
    answer = browser.sign_in("etranger")
    assert answer.status_code == 403
    assert "pas encore ouvert" in answer.text
    assert not browser.is_in


def test_a_step_up_renews_the_session(house: House) -> None:
    """Proving anew asks the provider for a new authentication, and gives the same session a new secret."""
    browser = house.browser()
    browser.sign_in()
    former, csrf = browser.client.cookies[COOKIE], browser.csrf()
    leaving = browser.get("/connexion/confirmation?suite=/urgence").headers["location"]
    assert parse_qs(urlsplit(leaving).query)["max_age"] == ["0"]
    answer = browser.client.get(browser.prove(leaving))
    assert (answer.status_code, answer.headers.get("location")) == (303, "/urgence"), answer.text
    assert browser.client.cookies[COOKIE] != former
    assert browser.is_in
    assert browser.csrf() == csrf
    with httpx2.Client(cookies={COOKIE: former}, trust_env=False) as left:
        assert left.get(f"{house.portal}/nouveau-projet").status_code == 303


def test_a_step_up_is_for_the_same_person(house: House) -> None:
    """Another account that proves itself instead is refused, and the session is not theirs."""
    browser = house.browser()
    browser.sign_in()
    leaving = browser.get("/connexion/confirmation").headers["location"]
    browser.forget_provider()
    answer = browser.client.get(browser.prove(leaving, "greffe"))
    assert answer.status_code == 403


def test_a_step_up_needs_a_new_authentication(house: House) -> None:
    """The provider's word on an old authentication, or on none, proves nothing."""
    for forged in (forgeries.says(auth_time=None), forgeries.at(auth_time=-3600)):
        browser = house.browser()
        browser.sign_in()
        former = browser.client.cookies[COOKIE]
        address = browser.prove(browser.get("/connexion/confirmation").headers["location"])
        house.middle.forge = forgeries.id_token(forged)(house.middle)
        assert browser.client.get(address).status_code == 403
        house.middle.forge = None
        assert browser.client.cookies[COOKIE] == former


def test_an_account_closed_at_the_provider_is_noticed(house: House) -> None:
    """Sign-ins are asked about by their refresh token; once the account has closed there, they end here."""
    browser = house.browser()
    browser.sign_in("greffe")
    provider = Provider(house.oidc, f"{house.portal}/connexion/retour")
    sessions = ProviderSessions(house.archive.database, provider)
    with house.archive.database.read() as session:
        before = session.exec(select(SignInRow.refresh_token).where(SignInRow.subject == "greffe")).all()
    assert all(before)
    assert sessions.ask_again(timedelta()) == 0
    assert browser.is_in
    with house.archive.database.read() as session:
        after = session.exec(select(SignInRow.refresh_token).where(SignInRow.subject == "greffe")).all()
    assert set(after).isdisjoint(before), "refresh tokens rotate"
    browser.client.get(f"{house.middle.issuer}/tests/close?account=greffe")
    try:
        assert sessions.ask_again(timedelta()) >= 1
        assert not browser.is_in
    finally:
        browser.client.get(f"{house.middle.issuer}/tests/open?account=greffe")


def test_a_silent_provider_ends_nobody(house: House) -> None:
    """A provider that fails for a while costs nobody their session."""
    browser = house.browser()
    browser.sign_in()
    house.middle.forge = forgeries.instead("/token", 503, text="")(house.middle)
    provider = Provider(house.oidc, f"{house.portal}/connexion/retour")
    assert ProviderSessions(house.archive.database, provider).ask_again(timedelta()) == 0
    assert browser.is_in


def test_a_provider_that_does_not_answer_is_said_so(house: House) -> None:
    """Where the provider cannot be reached, a sentence says so."""
    silent = Oidc(issuer="http://127.0.0.1:9", client_id="portail", client_secret=SECRET)
    provider = Provider(silent, f"{house.portal}/connexion/retour")
    entrance = house.entrances.leave("/")
    with pytest.raises(Unreachable, match="ne répond pas"):
        provider.address(entrance)


def test_signing_in_is_in_the_journal(house: House) -> None:
    """The journal names who signed in."""
    house.browser().sign_in()
    with house.archive.database.read() as session:
        found = session.exec(select(AuditRow.member_id).where(AuditRow.action == "connexion")).all()
    assert "rapporteur" in found
