"""The provider's keys and description: rotated, bounded, and of the issuer that is meant."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest
from joserfc.jwk import OctKey, RSAKey

from portal.identity.oidc.keys import EVERY, STALE, Keys
from portal.identity.oidc.provider import Provider
from portal.identity.oidc.refusal import Refused
from portal.settings import Oidc
from tests.portal.identity import forgeries
from tests.portal.identity.conftest import SECRET, House, build


class Served:
    """A key set that a test changes, and how often it was asked for."""

    def __init__(self, *keys: dict[str, Any]) -> None:
        self.keys, self.asked, self.now = list(keys), 0, 0.0

    def fetch(self) -> dict[str, Any]:
        self.asked += 1
        return {"keys": self.keys}

    def clock(self) -> float:
        return self.now


def public(kid: str, size: int = 2048) -> dict[str, Any]:
    return dict(RSAKey.generate_key(size, parameters={"kid": kid}, auto_kid=False).as_dict(private=False))


def test_a_new_key_is_fetched_when_it_is_first_used() -> None:
    """A provider that rotates its key is followed without a restart."""
    served = Served(public("first"))
    keys = Keys(served.fetch, served.clock)
    assert keys.find("first", "RSA").kid == "first"
    served.keys = [public("second")]
    served.now = EVERY + 1
    assert keys.find("second", "RSA").kid == "second"
    with pytest.raises(Refused):
        keys.find("first", "RSA")


def test_a_flood_of_unknown_keys_asks_once_a_minute() -> None:
    """A thousand tokens with made-up key ids cost the provider one request a minute."""
    served = Served(public("first"))
    keys = Keys(served.fetch, served.clock)
    for number in range(1000):
        with pytest.raises(Refused):
            keys.find(f"made-up-{number}", "RSA")
    assert served.asked == 1
    served.now = EVERY + 1
    with pytest.raises(Refused):
        keys.find("made-up", "RSA")
    assert served.asked == 2


def test_a_key_that_was_taken_back_is_forgotten() -> None:
    """A key that the provider no longer lists is not trusted for more than an hour."""
    served = Served(public("first"))
    keys = Keys(served.fetch, served.clock)
    keys.find("first", "RSA")
    served.keys = [public("second")]
    served.now = STALE + 1
    with pytest.raises(Refused):
        keys.find("first", "RSA")


@pytest.mark.parametrize(
    "listed",
    [
        [dict(OctKey.generate_key(256, parameters={"kid": "first"}).as_dict(private=True))],
        [{**public("first"), "use": "enc"}],
        [public("first"), public("first")],
        [],
    ],
)
def test_what_is_no_signing_key_is_not_taken(listed: list[dict[str, Any]]) -> None:
    """A shared secret, a key for encryption, two keys under one name: none is used."""
    with pytest.raises(Refused):
        Keys(Served(*listed).fetch).find("first", "RSA")


def test_a_description_of_another_issuer_is_refused(house: House) -> None:
    """Whoever answers in the provider's place must name the issuer that the deployment set."""
    described = httpx2.get(f"{house.middle.issuer}/.well-known/openid-configuration").json()
    for wrong in ({"issuer": "https://autre.example"}, {"authorization_endpoint": "http://autre.example/auth"}):
        forged = {**described, **wrong}
        house.middle.forge = forgeries.instead("/.well-known/openid-configuration", json=forged)(house.middle)
        with pytest.raises(Refused):
            Provider(house.oidc, "https://x/connexion/retour").address(house.entrances.leave("/"))


@pytest.mark.parametrize("method", ["client_secret_post", "private_key_jwt"])
def test_other_ways_for_the_client_to_say_who_it_is(tmp_path: Path, method: str) -> None:
    """The portal proves itself to the provider by its secret in the form, or by a key of its own."""
    client: dict[str, Any] = {"client_secret": SECRET, "token_endpoint_auth_method": method}
    own: dict[str, Any] = {"authentication": method}
    if method == "private_key_jwt":
        key = RSAKey.generate_key(2048, parameters={"use": "sig"})
        client = {"token_endpoint_auth_method": method, "jwks": {"keys": [key.as_dict(private=False)]}}
        own |= {"client_secret": "", "private_key": key.as_pem(private=True).decode()}
    for house in build(tmp_path, client=client, signed_userinfo=False, **own):
        browser = house.browser()
        assert browser.sign_in().status_code == 303
        assert browser.is_in
        house.tidy()


def test_levels_are_held_to(house: House) -> None:
    """Where a deployment asks for a level of assurance, it is asked for, and an answer without it is refused."""
    strict = Oidc(issuer=house.middle.issuer, client_id="portail", client_secret=SECRET, acr=("eidas2",))
    provider, browser = Provider(strict, f"{house.portal}/connexion/retour"), house.browser()
    entrance = house.entrances.leave("/")
    address = provider.address(entrance)
    assert "acr_values=eidas2" in address
    code = parse_qs(urlsplit(browser.prove(address)).query)["code"][0]
    with pytest.raises(Refused) as refused:
        provider.exchange(code, entrance)
    assert refused.value.reason == "acr"
