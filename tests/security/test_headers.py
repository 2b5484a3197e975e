"""What every answer says to the browser about devices and transport."""

from __future__ import annotations

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from indexer.hashing import HashingEmbedder
from portal.app import create_app
from portal.settings import Settings
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
