"""Abuse cases 20 and 25: names and texts that would like to be code, headers or terminal commands."""

from __future__ import annotations

import pytest

from tests.portal.web.conftest import World

HOSTILE = '"><img src=x onerror=alert(1)><script>alert(2)</script>'


def test_abuse_20_a_hostile_name_is_only_text(world: World) -> None:
    """A file name, a title and a text that hold HTML are shown as text wherever they appear."""
    case = world.open_case("2199997", ("rapporteur", "rapporteur"))
    piece = world.deposit(f"{HOSTILE} canari", case_file=case, name=f"{HOSTILE}.txt")
    world.index()
    for path in (
        f"/dossiers/{case}",
        f"/documents/{piece}",
        f"/documents/{piece}/apercu?q=canari",
        "/recherche?q=canari",
    ):
        text = world.ask("rapporteur", "GET", path).text  # type: ignore[attr-defined]
        assert "canari" in text or path.startswith("/dossiers")
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize("path", ["/", "/recherche?q=x", "/connexion", "/introuvable"])
def test_abuse_20_no_page_lets_foreign_code_run(world: World, path: str) -> None:
    """Every page forbids inline and foreign scripts, and demands trusted types."""
    answer = world.ask("rapporteur", "GET", path)
    policy = answer.headers["content-security-policy"]  # type: ignore[attr-defined]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "require-trusted-types-for 'script'" in policy


def test_abuse_25_line_breaks_and_escapes_stay_out_of_titles_and_headers(world: World) -> None:
    """A name with CR, LF and ANSI codes makes neither a header nor a terminal command."""
    piece = world.deposit("texte", name="a\r\nSet-Cookie: x=1\x1b[31m.txt", by="greffe")
    answer = world.ask("greffe", "GET", f"/documents/{piece}/original")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert "set-cookie" not in answer.headers  # type: ignore[attr-defined]
    title = world.ask("greffe", "GET", f"/api/documents/{piece}").json()["title"]  # type: ignore[attr-defined]
    assert title.isprintable()
