"""Real decisions, from their files to the reader's eye: ingested by the command, found on the command line and in a
browser by words, by number, by ECLI and by a phrase."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from portal.app import open_archive
from portal.demo.court import generate
from portal.demo.seeding import DONE
from portal.feed.feed import LEXICAL
from portal.feed.generations import Generations, read_cursor
from portal.nouns.member import Member
from portal.settings import read_settings
from tests.e2e.site import BUNDLES, CHROMIUM, Site, keep, served, sign_in, until

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(not all(bundle.is_file() for bundle in BUNDLES), reason="front end not built: make install"),
]
SOURCES = (
    "caselaw/dila_cass_xml",
    "caselaw/judilibre_html",
    "caselaw/judilibre_api_samples",
    "parser-files/legal-fr.tar.zst",
)
TITLE = "Ass. plén., 17\u00a0nov.\u00a02023, n°\u00a021-20.723"
ECLI = "ECLI:FR:CCASS:2023:AP00672"
WORDS = {
    "words": "AGRIF exposition FRAC dignité",
    "phrase": '"la dignité humaine ne figure pas, en tant que telle"',
    "phrase without accents": '"la dignite humaine ne figure pas, en tant que telle"',
}
NUMBERS = ("21-20.723", "J 21-20.723", "2120723")
FOLLOWING = 600.0
"""Seconds within which two hundred decisions must be embedded, on a machine that does other work too."""
READER = "kerherve"
"""A researcher of the SDER."""


def command(home: Path, *words: str) -> Any:
    """What `minutier …` answers as JSON on the last line."""
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *words, "--json"],
        env={**os.environ, "MINUTIER_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
        timeout=600,
    )
    return json.loads(done.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory, corpora: Path) -> Iterator[Site]:
    """The demo's people and no file of theirs; the real decisions are ingested while it is served."""
    paths = [corpora / source for source in SOURCES]
    missing = [str(path) for path in paths if not path.exists()]
    if missing:
        pytest.skip(f"not in the real data: {', '.join(missing)}")
    home = tmp_path_factory.mktemp("real") / "home"
    archive = open_archive(replace(read_settings({"MINUTIER_HOME": str(home)}), demo=True))
    court = generate(today=date.today())  # noqa: DTZ011  (the demo's own day)
    archive.people.add(Member(m.id, m.civility, m.surname, frozenset(m.roles), m.given_name) for m in court.members)
    archive.close()
    (home / DONE).write_text("1", "ascii")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with served(home, port) as site:
        counts = command(home, "ingest", *map(str, paths))
        assert counts["files"] == counts["ingested"] > 190
        live = Generations(home / "index").current()

        def caught_up() -> bool:
            return read_cursor(live / LEXICAL) >= counts["ingested"]

        until(caught_up, "the feed has not followed", FOLLOWING)
        yield site


@pytest.mark.parametrize("asked", [*WORDS.values(), ECLI, ECLI.lower(), *NUMBERS])
def test_the_command_line_finds_it_first(real: Site, asked: str) -> None:
    """Words, numbers in any writing, the ECLI in any case and a phrase in quotes name the right decision first."""
    found = command(real.home, "search", asked)
    assert found["hits"][0]["title"] == TITLE
    assert (found["hits"][0]["ecli"], found["hits"][0]["numbers"]) == (ECLI, ["21-20.723"])


@pytest.mark.parametrize("written", [ECLI, ECLI.lower()])
def test_an_ecli_opens_its_decision(real: Site, browser: Any, written: str) -> None:
    """One decision alone bears it: it opens, in any case of its letters."""
    page = sign_in(browser, real, READER)
    page.locator("#q").fill(written)
    page.keyboard.press("Enter")
    page.wait_for_url("**/documents/**")
    assert page.locator("article.document h1").inner_text() == TITLE
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("asked", WORDS.values(), ids=WORDS)
def test_the_browser_finds_it_first(real: Site, browser: Any, asked: str) -> None:
    """The right decision is the first line, reads in the pane with what was asked lit, and opens as a page."""
    page = sign_in(browser, real, READER)
    page.locator("#q").fill(asked)
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?**")
    assert page.locator(".hit .line-title").first.inner_text().startswith(TITLE)
    page.keyboard.press("j")
    page.locator(".pane article.document").wait_for()
    assert page.locator(".pane h1").inner_text() == TITLE
    assert page.locator(".pane mark").count() > 0
    page.wait_for_load_state("networkidle")
    keep(page, "decision")
    page.locator(".pane [data-open]").click()
    page.wait_for_url("**/documents/**")
    assert page.locator("article.document h1").inner_text() == TITLE
    assert page.complaints == []
    page.context.close()


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_opens_its_file_in_the_browser(real: Site, browser: Any, number: str) -> None:
    """An appeal number in any writing opens the file of the decision, which reads from there; its letter is right."""
    page = sign_in(browser, real, READER)
    page.locator("#q").fill(number)
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/**")
    assert "21-20.723" in page.locator("h1").inner_text()
    assert page.locator(".case-head .notice").count() == 0
    page.locator("a.piece").first.click()
    page.locator(".pane article.document").wait_for()
    assert page.locator(".pane h1").inner_text() == TITLE
    page.context.close()
