"""What one member may deposit in a day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.intake.quota import Quota
from portal.nouns.errors import TooMany
from tests.portal.conftest import Court
from tests.portal.web.conftest import World, serving

TODAY = date(2026, 3, 2)


def test_a_day_admits_so_much_for_each_member(court: Court) -> None:
    """Beyond it nothing more is counted; another member, another day and a smaller file go on."""
    quota = Quota(court.database, 100)
    quota.take("greffe", 60, TODAY)
    with pytest.raises(TooMany, match="tout ce qu'un jour admet"):
        quota.take("greffe", 60, TODAY)
    quota.take("greffe", 40, TODAY)
    quota.take("sder", 100, TODAY)
    quota.take("greffe", 100, date(2026, 3, 3))


@pytest.fixture
def narrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A portal where a day admits twenty octets."""
    monkeypatch.setattr("portal.app.OCTETS", 20)
    with serving(tmp_path) as world:
        yield world


def test_a_deposit_beyond_it_is_refused_in_a_sentence(narrow: World) -> None:
    """Nothing of the file is kept, and what was deposited before stays."""
    world = narrow
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    path = f"/api/case-files/{case}/documents"
    first: Any = world.ask("rapporteur", "POST", path, params={"name": "a.txt"}, content=b"Bonjour")
    assert first.status_code == 201
    second: Any = world.ask("rapporteur", "POST", path, params={"name": "b.txt"}, content=b"Bonjour, longuement.")
    assert second.status_code == 429
    assert "reprenez demain" in second.text
    page: Any = world.ask("rapporteur", "GET", f"/api/case-files/{case}")
    assert [one["title"] for one in page.json()["documents"]] == ["Bonjour"]
