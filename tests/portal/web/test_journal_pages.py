"""The journal on screen, and what application logs may hold."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

import pytest
from sqlmodel import col, func, select
from starlette.types import Receive, Scope, Send

from portal.journal import unusual as module
from portal.journal.unusual import Rules, unusual
from portal.nouns.member import Member
from portal.server import Wordless
from portal.store.tables import AuditRow, now
from tests.portal.web.conftest import World
from tests.portal.web.test_pages import get, post, text_of


@pytest.fixture
def officer(world: World) -> str:
    world.archive.people.add([Member("habil", "Mme", "Vidal", frozenset({"habilitations"}))])
    world.tokens["habil"] = world.archive.tokens.create("habil")
    return "habil"


def count(world: World, action: str) -> int:
    with world.archive.database.read() as session:
        return int(session.exec(select(func.count()).select_from(AuditRow).where(col(AuditRow.action) == action)).one())


def test_those_entitled_search_the_journal_and_are_logged(world: World, officer: str) -> None:
    """By member, act, file and day; each consultation is an entry of its own."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    get(world, "rapporteur", f"/dossiers/{case}")
    before = count(world, "journal.lecture")
    today = now().astimezone().date().isoformat()
    for asked in ("membre=rapporteur", "acte=dossier.lecture", "numero=21-12.345", f"du={today}&au={today}"):
        assert "dossier.lecture" in text_of(get(world, officer, f"/journal?{asked}"))
    assert "dossier.lecture" not in text_of(get(world, officer, "/journal?membre=doyen"))
    assert count(world, "journal.lecture") == before + 5
    for slip in ("membre=personne", "numero=99-99.999", "du=hier"):
        answer = get(world, officer, f"/journal?{slip}")
        assert (answer.status_code, text_of(answer).count("Introuvable")) == (400, 0)


@pytest.mark.parametrize("member", ["rapporteur", "greffe", "sder", "parquet"])
def test_others_do_not(world: World, member: str) -> None:
    """Nobody else reads the journal of everyone's acts, nor what stands out in it."""
    for address in ("/journal", "/journal/inhabituel"):
        assert get(world, member, address).status_code == 404


def test_the_administrator_sees_counts_alone(world: World) -> None:
    """How many entries of each act: no name, no file, no word of a query."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    get(world, "rapporteur", f"/dossiers/{case}")
    get(world, "rapporteur", "/recherche?q=canari")
    page = text_of(get(world, "admin", "/journal"))
    assert "dossier.lecture" in page
    assert "recherche" in page
    for hidden in ("Roy", case, "canari"):
        assert hidden not in page
    assert get(world, "admin", "/journal/inhabituel").status_code == 404


def test_the_bench_knows_who_opened_its_file(world: World) -> None:
    """« Qui a ouvert » names who, when and how, to the file's bench alone."""
    case = world.open_case("2112345", ("rapporteur", "rapporteur"), ("doyen", "doyen"))
    piece = world.deposit("Mémoire", case_file=case)
    get(world, "sder", f"/documents/{piece}")
    assert "M. Faure" in text_of(get(world, "rapporteur", f"/dossiers/{case}/acces"))
    assert "M. Faure" in text_of(get(world, "doyen", f"/documents/{piece}/acces"))
    for member in ("sder", "greffe", "autre", "admin"):
        assert get(world, member, f"/dossiers/{case}/acces").status_code == 404


def test_bulk_and_off_hours_reading_is_listed(world: World, officer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Many documents in an hour, or by night, are listed with their reason; a normal day is not."""
    for number in range(12):
        world.archive.journal.record("sder", "document.lecture", f"d{number}")
    world.archive.journal.record("greffe", "document.lecture", "d1")
    with world.archive.database.read() as session:
        assert unusual(session, Rules(bulk=500, off_hours=500)) == []
        (bulk,) = unusual(session, Rules(bulk=10, off_hours=500))
        assert (bulk.kind, bulk.member, bulk.count) == ("bulk", "sder", 12)
        hour = now().astimezone().hour
        night = Rules(bulk=500, off_hours=10, night_from=hour, night_to=0)
        assert {one.kind for one in unusual(session, night)} == {"off-hours"}
    monkeypatch.setattr(module, "Rules", lambda: Rules(bulk=10, off_hours=500))
    assert "12 pièces ou dossiers ouverts en une heure" in text_of(get(world, officer, "/journal/inhabituel"))
    monkeypatch.setattr(module, "now", lambda: now() + timedelta(days=8))
    assert "Rien depuis sept jours" in text_of(get(world, officer, "/journal/inhabituel"))


def test_no_word_of_a_document_or_query_in_application_logs(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Deposits, readings, searches, slips and failures leave not one of their words in the logs."""
    caplog.set_level(logging.DEBUG)
    case = world.open_case("2112345", ("rapporteur", "rapporteur"))
    piece = world.deposit("Mémoire canarisecret", case_file=case, name="canarifichier.txt")
    post(
        world, "rapporteur", f"/dossiers/{case}/pieces", files={"fichiers": ("canarifichier.pdf", b"%PDF-canarisecret")}
    )
    world.draft("rapporteur", "Projet canarisecret", case)
    world.index()
    for address in (
        f"/documents/{piece}?q=canariquestion",
        f"/documents/{piece}/original",
        "/recherche?q=canariquestion",
        "/recherche?q=canariquestion&cursor=canariquestion",
        "/api/search?q=canariquestion&mode=canariquestion",
        "/documents/canariquestion",
    ):
        get(world, "rapporteur", address)
    monkeypatch.setattr("portal.web.pages.results.facets", _fail)
    with pytest.raises(RuntimeError):
        get(world, "rapporteur", "/recherche?q=canariquestion")
    ours = [record for record in caplog.records if not record.name.startswith("httpx")]  # the test's own client
    assert [record.name for record in ours if record.levelno == logging.ERROR] == ["minutier"]
    assert "canari" not in "\n".join(logging.Formatter().format(record) for record in ours)


def test_a_failure_leaves_its_kind_in_the_logs_and_no_word(caplog: pytest.LogCaptureFixture) -> None:
    """What a failing request says, which may be a query, stays out of the server's log; that it failed is there."""

    async def failing(scope: Scope, receive: Receive, send: Send) -> None:
        raise RuntimeError("canariquestion")

    async def receive() -> dict[str, object]:
        return {}

    async def send(_: object) -> None:
        return

    asyncio.run(Wordless(failing)({"type": "http"}, receive, send))
    assert "canari" not in caplog.text
    assert "RuntimeError" in caplog.text


def _fail(*_: object) -> None:
    raise RuntimeError("canariquestion")
