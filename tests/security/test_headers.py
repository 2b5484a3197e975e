"""What every answer says to the browser about devices and transport."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.hashing import HashingEmbedder
from portal.app import create_app, open_archive
from portal.settings import Settings
from tests.portal.conftest import MEMBERS
from tests.portal.textarea import TextareaEditor


@pytest.mark.parametrize(("secure", "expected"), [(False, None), (True, "max-age=31536000; includeSubDomains")])
def test_https_is_kept_to_where_it_is_served_and_devices_are_closed(
    tmp_path: Path, secure: bool, expected: str | None
) -> None:
    """Behind TLS the browser is told to stay there, in clear it is not; no page reaches camera, microphone or place."""
    settings = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        database=f"sqlite:///{tmp_path / 'home' / 'archive.sqlite'}",
        workers=1,
        demo=True,
        secure_cookies=secure,
    )
    app = create_app(settings, editor=TextareaEditor(), embedder=HashingEmbedder())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        for path in ("/connexion", "/introuvable", "/api/search?q=x"):
            headers = client.get(path, follow_redirects=False).headers
            assert headers.get("strict-transport-security") == expected
            for device in ("camera", "microphone", "geolocation"):
                assert f"{device}=()" in headers["permissions-policy"]


def test_the_cookie_is_this_hosts_alone_by_https(tmp_path: Path) -> None:
    """Behind TLS the cookie of a sign-in is Secure, HttpOnly and bound to its host by name; it signs in, and goes."""
    home = tmp_path / "home"
    settings = Settings(
        home=home,
        cache=home,
        database=f"sqlite:///{home / 'archive.sqlite'}",
        workers=1,
        demo=True,
        secure_cookies=True,
    )
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    archive.close()
    app = create_app(settings, editor=TextareaEditor(), embedder=HashingEmbedder())
    with TestClient(app, base_url="https://127.0.0.1:8000", follow_redirects=False) as client:
        answer = client.post("/demo/connexion", data={"member": "greffe"})
        cookie = answer.headers["set-cookie"]
        assert cookie.startswith("__Host-minutier=")
        assert all(part in cookie for part in ("; Secure", "; HttpOnly", "; Path=/", "SameSite=lax"))
        assert "Domain" not in cookie
        page = client.get("/")
        assert page.status_code == 200
        csrf = page.text.split('name="csrf-token" content="')[1].split('"')[0]
        assert client.post("/deconnexion", data={"csrf": csrf}).status_code == 303
        assert client.get("/").status_code == 303
