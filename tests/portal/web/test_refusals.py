"""What is refused leaves a trace of its shape, before it is told; a loop of refusals does not fill the journal."""

from __future__ import annotations

import logging
from collections import Counter
from typing import Any

import pytest
from sqlmodel import select

from portal.journal.journal import Journal
from portal.nouns.errors import Unwritten
from portal.store.tables import AuditRow
from tests.portal.web.conftest import World
from tests.portal.web.test_routes import NOWHERE, OUTSIDER, fill


def traces(world: World, member: str = OUTSIDER) -> Counter[tuple[str, str]]:
    with world.archive.database.read() as session:
        rows = session.exec(select(AuditRow).where(AuditRow.member_id == member)).all()
        return Counter((row.action, row.subject) for row in rows)


def test_a_refusal_is_written_as_a_shape(world: World) -> None:
    """What is hidden and what is not there leave the same trace: who and when, reading or change, never what."""
    held = fill(world)
    before = traces(world)
    for target in (held["piece"], NOWHERE):
        world.ask(OUTSIDER, "GET", f"/documents/{target}")
        world.ask(OUTSIDER, "POST", f"/documents/{target}/suppression", data={})
    assert traces(world) - before == {("refus.lecture", "-"): 2, ("refus.changement", "-"): 2}


def test_a_loop_of_refusals_is_seen_and_does_not_fill_the_journal(world: World) -> None:
    """The first twenty are written; then one a minute."""
    before = traces(world)
    for number in range(60):
        world.ask(OUTSIDER, "GET", f"/documents/{number:032x}")
    assert (traces(world) - before)["refus.lecture", "-"] == 20


def test_where_the_journal_cannot_be_written_nothing_is_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even that it is not there."""

    def refuse(*_: object) -> None:
        raise Unwritten

    monkeypatch.setattr(Journal, "record", refuse)
    answer: Any = world.ask(OUTSIDER, "GET", f"/documents/{NOWHERE}")
    assert answer.status_code == 503


def test_a_wrong_address_is_no_refusal(world: World) -> None:
    """A page that the portal does not have says nothing of its documents."""
    before = traces(world)
    world.ask(OUTSIDER, "GET", "/nulle-part")
    assert traces(world) == before


REPORTS = [
    (
        b'{"csp-report": {"document-uri": "http://x/recherche?q=secret", "effective-directive": "script-src-elem"}}',
        "script-src-elem",
    ),
    (b'[{"type": "csp-violation", "body": {"effectiveDirective": "img-src", "sample": "secret"}}]', "img-src"),
    (b'{"csp-report": {"violated-directive": "secret\\n=1"}}', "secret"),
    (b'{"csp-report": {"violated-directive": 7}}', "unknown"),
]


@pytest.mark.parametrize(("report", "directive"), REPORTS)
def test_a_violation_is_counted_by_its_directive(
    world: World, caplog: pytest.LogCaptureFixture, report: bytes, directive: str
) -> None:
    """Browsers report without signing in and without a token; of the page's address nothing is kept or logged."""
    caplog.set_level(logging.WARNING, "minutier")
    answer = world.client.post("/violations", content=report, headers={"Content-Type": "application/csp-report"})
    assert answer.status_code == 204
    portal = world.client.app_state["portal"]
    assert portal.violations == {directive: 1}
    assert "recherche" not in caplog.text
    assert directive in caplog.text


@pytest.mark.parametrize("report", [b"", b"{", b"[1, null]", b"[" * 10_000, b'"x"', b'{"csp-report": []}'])
def test_what_is_no_report_is_nothing(world: World, report: bytes) -> None:
    """Anything may be sent there: it is never an error, and is not counted."""
    assert world.client.post("/violations", content=report).status_code == 204
    assert not world.client.app_state["portal"].violations


def test_a_report_is_bounded(world: World) -> None:
    """Large ones are refused, many wait."""
    assert world.client.post("/violations", content=b"x" * 20_000).status_code == 413
    answers = Counter(world.client.post("/violations", content=b"{}").status_code for _ in range(80))
    assert answers[429] > 0


def test_every_page_names_where_to_report(world: World) -> None:
    """Both ways in which browsers send reports."""
    headers = world.client.get("/connexion").headers
    assert headers["Content-Security-Policy"].endswith("; report-uri /violations")
