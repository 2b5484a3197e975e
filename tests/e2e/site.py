"""The demo court, served by its own command, and people who use it in a browser."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from portal.demo.court import generate
from portal.demo.shapes import CaseFile, Court

ROOT = Path(__file__).parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUNDLES = (ROOT / "portal/web/static/build/portal.js", ROOT / "editor_plugin/static/editor.js")
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-quic",
    "--disable-component-update",
    "--disable-sync",
)
SEEDING = 300.0
"""Seconds given to the demo's first start, which makes its court."""
PATIENCE = 60.0
"""Seconds within which anything awaited here must happen: generous, for shared machines."""
LAPTOP = {"width": 1366, "height": 768}


class Site:
    """A running demo, and the case file in which the tests work."""

    def __init__(self, home: Path, port: int, court: Court) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.court = court
        self.case = next(case for case in court.case_files if case.state == "rapport" and len(case.roles) > 3)

    def who(self, role: str) -> str:
        member = self.case.holder(role)
        assert member is not None, f"nobody is {role} in {self.case.number}"
        return member

    def name(self, member: str) -> str:
        """As the portal writes it: « Mme Roy »."""
        one = self.court.member(member)
        return f"{one.civility} {one.surname}"


CONTROL = "frame-src"
"""Violated on purpose by the test that shows that violations are reported."""


@contextmanager
def served(home: Path, port: int) -> Iterator[Site]:
    """`minutier demo` on a home of its own, stopped as a person would stop it."""
    court = generate(today=date.today())  # noqa: DTZ011  (the demo's hearings lie around the day on the wall)
    home.mkdir(parents=True, exist_ok=True)
    with (home.parent / "demo.log").open("wb") as said:
        server = subprocess.Popen(
            [sys.executable, "-m", "portal.cli", "demo", "--port", str(port)],
            env={**os.environ, "MINUTIER_HOME": str(home)},
            stdout=said,
            stderr=said,
            start_new_session=True,
        )
    try:
        until(
            lambda: server.poll() is not None or _answers(port),
            lambda: (home.parent / "demo.log").read_text("utf-8")[-3000:],
            SEEDING,
        )
        assert server.poll() is None, (home.parent / "demo.log").read_text("utf-8")[-3000:]
        yield Site(home, port, court)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(PATIENCE)
        finally:
            if server.poll() is None:
                os.killpg(server.pid, signal.SIGKILL)
    assert reported(home) - {CONTROL} == set(), "the content security policy was violated"


def reported(home: Path) -> set[str]:
    """Directives of the content security policy that browsers reported to the server as violated."""
    said = (home.parent / "demo.log").read_text("utf-8")
    return set(re.findall(r"content security policy: (\S+) was violated", said))


def until(condition: Callable[[], object], complaint: Callable[[], str] | str, patience: float = PATIENCE) -> float:
    """Poll a condition; the seconds that it took."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() - began < patience, complaint if isinstance(complaint, str) else complaint()
        time.sleep(0.05)
    return time.monotonic() - began


def sign_in(browser: Any, site: Site, member: str) -> Any:
    """A page in a browser of the member's own; what the browser complains of is kept in `page.complaints`."""
    context = browser.new_context(locale="fr-FR", base_url=site.address, viewport=LAPTOP)
    context.set_default_timeout(PATIENCE * 1000)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if _is_complaint(said) else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto("/connexion")
    page.locator(f"form:has(input[value='{member}']) button").click()
    page.wait_for_url("**/")
    return page


def violations(page: Any) -> list[str]:
    """What axe finds wrong with the page."""
    page.evaluate(AXE.read_text("utf-8"))
    rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
    found = page.evaluate(f"axe.run(document, {{runOnly: {rules}}})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def keep(page: Any, name: str) -> None:
    """A picture of the page, where MINUTIER_SCREENSHOTS names a folder."""
    folder = os.environ.get("MINUTIER_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=str(Path(folder) / f"{name}.png"))


def shown(number: str) -> str:
    """`2112345` as people write it: 21-12.345."""
    return f"{number[:2]}-{number[2:4]}.{number[4:]}"


def outsider(site: Site, case: CaseFile) -> str:
    """A magistrate without any part in the case file."""
    within = {role.member for role in case.roles}
    return next(
        one.id
        for one in site.court.members
        if one.id not in within and "conseiller" in one.roles and case.chamber not in one.chambers
    )


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def _is_complaint(said: Any) -> bool:
    """A broken policy or script; a missing page is one of those asked for."""
    return said.type == "error" and "404 (Not Found)" not in said.text
