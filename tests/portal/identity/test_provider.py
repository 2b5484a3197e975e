"""The normal way of signing in by a provider, against a certified one."""

from __future__ import annotations

from tests.portal.identity.conftest import House


def test_a_person_signs_in(house: House) -> None:
    """A member of the court goes to the provider and comes back where they wanted to go."""
    browser = house.browser()
    answer = browser.sign_in()
    assert (answer.status_code, answer.headers.get("location")) == (303, "/mes-dossiers"), answer.text
    assert browser.is_in
