"""Bad answers of a provider against the running portal: one thing is wrong in each, and none is accepted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from sqlmodel import func, select

from portal.identity.oidc.entrance import LIFE, Entrances
from portal.store.tables import SignInRow
from portal.web.oidc import COOKIE
from tests.portal.identity import forgeries
from tests.portal.identity.conftest import SECRET, Browser, House, changed
from tests.portal.identity.middle import Forge, Middle

Way = Callable[[House, Browser], httpx2.Response]


def returned(**parameters: str | None) -> Way:
    """The true way back with another query."""

    def way(_: House, browser: Browser) -> httpx2.Response:
        return browser.client.get(changed(browser.prove(browser.leave()), **parameters))

    return way


def asked(**parameters: str | None) -> Way:
    """Someone changed what the provider was asked; the person signs in all the same, where the provider lets them."""

    def way(_: House, browser: Browser) -> httpx2.Response:
        address = changed(browser.leave(), **parameters)
        answer = browser.client.get(address)
        if answer.status_code >= 400:
            return answer
        return browser.client.get(browser.prove(address))

    return way


def with_cookie(value: str) -> Way:
    def way(_: House, browser: Browser) -> httpx2.Response:
        address = browser.prove(browser.leave())
        set_entrance(browser, value)
        return browser.client.get(address)

    return way


def set_entrance(browser: Browser, value: str) -> None:
    browser.client.cookies.delete(COOKIE)
    browser.client.cookies.set(COOKIE, value, domain="127.0.0.1", path="/connexion")


def in_another_browser(house: House, browser: Browser) -> httpx2.Response:
    """Someone signs in with their own account and makes another's browser follow the way back."""
    attacker = house.browser()
    return browser.client.get(attacker.prove(attacker.leave()))


def in_another_browser_on_its_way(house: House, browser: Browser) -> httpx2.Response:
    attacker = house.browser()
    browser.leave()
    return browser.client.get(attacker.prove(attacker.leave()))


def code_of_another(house: House, browser: Browser) -> httpx2.Response:
    """A stolen code put into one's own way back: PKCE and nonce are another's."""
    victim = house.browser()
    stolen = parse_qs(urlsplit(victim.prove(victim.leave())).query)["code"][0]
    return browser.client.get(changed(browser.prove(browser.leave()), code=stolen))


def replayed(house: House, browser: Browser) -> httpx2.Response:
    """The whole way back a second time, its cookie kept aside."""
    first = house.browser()
    address = first.prove(first.leave())
    kept = first.client.cookies[COOKIE]
    assert first.client.get(address).status_code == 303
    first.client.post(f"{house.portal}/deconnexion", data={"csrf": first.csrf()})
    set_entrance(browser, kept)
    return browser.client.get(address)


def code_spent(house: House, browser: Browser) -> httpx2.Response:
    """A code that has been used already, in a new way back."""
    first = house.browser()
    address = first.prove(first.leave())
    code = parse_qs(urlsplit(address).query)["code"][0]
    assert first.client.get(address).status_code == 303
    first.client.post(f"{house.portal}/deconnexion", data={"csrf": first.csrf()})
    return browser.client.get(changed(browser.prove(browser.leave()), code=code))


def twice(name: str) -> Way:
    def way(_: House, browser: Browser) -> httpx2.Response:
        address = browser.prove(browser.leave())
        return browser.client.get(f"{address}&{name}={parse_qs(urlsplit(address).query)[name][0]}")

    return way


def too_late(_: House, browser: Browser) -> httpx2.Response:
    """The person comes back after more than ten minutes, in a browser that kept its cookie."""
    address = browser.prove(browser.leave())
    entrances = Entrances(SECRET)
    entrance = entrances.read(browser.client.cookies[COOKIE])
    set_entrance(browser, entrances.seal(replace(entrance, started=entrance.started - LIFE - 1)))
    return browser.client.get(address)


WAYS: dict[str, Way] = {
    "another state": returned(state="x" * 64),
    "no state": returned(state=None),
    "empty state": returned(state=""),
    "state twice": twice("state"),
    "code twice": twice("code"),
    "mixed issuer": returned(iss="https://autre.example"),
    "no iss": returned(iss=None),
    "another code": returned(code="x" * 43),
    "no code": returned(code=None),
    "an error beside the code": returned(error="access_denied"),
    "no cookie": in_another_browser,
    "another browser's cookie": in_another_browser_on_its_way,
    "a forged cookie": with_cookie("bonjour"),
    "an unsigned cookie": with_cookie("eyJhbGciOiJub25lIn0.e30."),
    "an expired entrance": too_late,
    "code of another": code_of_another,
    "replayed": replayed,
    "spent code": code_spent,
    "another PKCE challenge": asked(code_challenge="E" * 43),
    "no PKCE": asked(code_challenge=None, code_challenge_method=None),
    "plain PKCE": asked(code_challenge_method="plain"),
    "another nonce": asked(nonce="n" * 64),
    "no nonce": asked(nonce=None),
    "redirect_uri elsewhere": asked(redirect_uri="https://autre.example/connexion/retour"),
    "redirect_uri below": asked(redirect_uri="http://127.0.0.1/connexion/retour/autre"),
    "redirect_uri with a name": asked(redirect_uri="http://127.0.0.1@autre.example/connexion/retour"),
    "another client": asked(client_id="autre"),
}


def forged(forge: Callable[[Middle], Forge]) -> Way:
    def way(house: House, browser: Browser) -> httpx2.Response:
        house.middle.forge = forge(house.middle)
        answer = browser.sign_in()
        assert house.middle.forged, "nothing was forged"
        return answer

    return way


CASES: dict[str, Way] = {
    **{f"way back: {name}": way for name, way in WAYS.items()},
    **{f"ID token: {name}": forged(forgeries.id_token(make)) for name, make in forgeries.ID_TOKEN.items()},
    **{f"userinfo: {name}": forged(forgeries.userinfo(make)) for name, make in forgeries.USERINFO.items()},
    **{f"answer: {name}": forged(forge) for name, forge in forgeries.ANSWERS.items()},
}


def sign_ins(house: House) -> set[str]:
    with house.archive.database.read() as session:
        return set(session.exec(select(SignInRow.digest)).all())


@pytest.mark.parametrize("case", sorted(CASES))
def test_a_bad_answer_signs_nobody_in(house: House, case: str) -> None:
    """No session is opened, no cookie of one is given, and the person is told what to do."""
    browser = house.browser()
    before = sign_ins(house)
    answer = CASES[case](house, browser)
    assert answer.status_code >= 400, answer.headers.get("location")
    assert not sign_ins(house) - before
    assert not browser.is_in


def test_the_count_of_bad_answers(capsys: pytest.CaptureFixture[str]) -> None:
    """There are at least sixty of them, counted here."""
    assert len(CASES) + len(forgeries.LOGOUT) >= 60
    with capsys.disabled():
        print(f"\nbad OIDC answers: {len(CASES)} at sign-in, {len(forgeries.LOGOUT)} at logout; accepted: 0")


@pytest.mark.parametrize(
    "suite",
    [
        "https://autre.example/",
        "//autre.example/",
        "///autre.example",
        "/\\autre.example",
        "\\\\autre.example",
        "javascript:alert(1)",
        "/%0d%0aSet-Cookie:a=b\r\nSet-Cookie: a=b",
        "http:autre.example",
        "@autre.example",
    ],
)
def test_suite_leads_nowhere_else(house: House, suite: str) -> None:
    """After signing in, nobody is sent to another site, whatever the link said."""
    answer = house.browser().sign_in(after=suite)
    assert answer.status_code == 303
    assert urlsplit(answer.headers["location"]).netloc == ""
    assert answer.headers["location"].startswith("/")
    assert not answer.headers["location"].startswith(("//", "/\\"))


def test_sixty_is_no_accident(house: House) -> None:
    """The same way without a forgery signs in: what the cases prove is the refusal of what is wrong in them."""
    house.middle.forge = forgeries.id_token(lambda true, middle, _: middle.sign(true))(house.middle)
    browser = house.browser()
    assert browser.sign_in().status_code == 303
    assert browser.is_in
    with house.archive.database.read() as session:
        assert session.exec(select(func.count()).select_from(SignInRow)).one() >= 1
