"""The pages in a real Chromium: axe finds nothing, twelve results fit, nothing is wider than the window."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from indexer.hashing import HashingEmbedder
from ingest.extraction import Extraction, Metadata, PageLayout, Value, Word, Zone
from portal.app import create_app, open_archive, open_feed
from portal.archive.documents import Deposit
from portal.archive.quarantine import Held
from portal.nouns.case_file import CaseRole, NewCaseFile, Party, Stage
from portal.nouns.clearance import Group, NewException, NewPlace, NewWall
from portal.nouns.member import Member
from portal.settings import Settings
from portal.store.tables import now
from tests.portal.conftest import MEMBERS
from tests.portal.textarea import TextareaEditor

ROOT = Path(__file__).parents[3]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
BUNDLE = ROOT / "portal/web/static/build/portal.js"
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LONG = "Société d'exploitation des établissements réunis de construction et de rénovation des bâtiments historiques"

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(not BUNDLE.is_file(), reason="front end not built: make install"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core not installed: make install"),
]


def sheet_of_words(text: str) -> tuple[bytes, PageLayout]:
    """A PDF page with these words, and where they stand on it."""
    from reportlab.pdfgen.canvas import Canvas

    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842))
    canvas.setFont("Times-Roman", 12)
    words, at, left = [], 0, 72.0
    for word in text.split():
        start = text.index(word, at)
        at = start + len(word)
        right = left + canvas.stringWidth(word, "Times-Roman", 12)
        canvas.drawString(left, 742, word)
        words.append(Word(start, at, left, 90, right, 104))
        left = right + 4
    canvas.save()
    return out.getvalue(), PageLayout(595, 842, tuple(words))


class Site:
    """A served demo court of a few documents, and one browser."""

    def __init__(self, home: Path) -> None:
        self.settings = Settings(
            home=home, cache=home, database=f"sqlite:///{home / 'archive.sqlite'}", workers=1, demo=True
        )
        archive = open_archive(self.settings)
        officer = Member("habil", "Mme", "Vidal", frozenset({"habilitations"}))
        archive.people.add([*MEMBERS, officer])
        today = date.today()  # noqa: DTZ011
        self.case = archive.case_files.open(
            NewCaseFile(
                numbers=("2112345", "2112346"),
                chamber="soc",
                formation="Formation restreinte",
                title=f"{LONG} c/ {LONG}",
                contested=LONG,
                hearing=today + timedelta(20),
                report_due=today - timedelta(1),
                parties=(Party(LONG, "demandeur", LONG), Party("Y", "défendeur")),
                stages=(Stage("declaration", today), Stage("rapport", None, today), Stage("arret")),
                roles=(CaseRole("rapporteur", "rapporteur"), CaseRole("doyen", "doyen")),
            ),
            "greffe",
        )
        text = "Le licenciement pour faute grave"
        body, layout = sheet_of_words(text)
        extraction = Extraction(media_type="application/pdf", text=text, pages=(layout,))
        digest = archive.documents.put(BytesIO(body))
        self.pdf = archive.documents.deposit(
            [
                Deposit(
                    digest=digest, size=len(body), name="m.pdf", extraction=extraction, case_file=self.case, title=LONG
                )
            ]
        )[0].document
        ends = now() + timedelta(30)
        archive.clearing.add_group(officer, Group("commission:a", "commission", LONG))
        archive.clearing.apply(
            officer, NewPlace(group="commission:a", member="autre", seconded=True, reason=LONG, ends=ends)
        )
        archive.clearing.apply(
            officer,
            NewException(group="commission:a", case_file=self.case, audience="siege", reason=LONG, ends=ends),
        )
        archive.clearing.apply(officer, NewWall(member="sder", case_file=self.case, reason=LONG))
        archive.clearing.emergency(MEMBERS[2], "2112345", LONG)
        for number in range(24):
            self._publish(archive, number)
        for number in range(3):
            self._file(archive, f"Lettre {number}")
        archive.quarantine.hold(
            Held(name=f"{LONG.replace(' ', '_')}.pdf", digest="0" * 64, size=9, reason="damaged", sentence="Abîmé.")
        )
        open_feed(archive, HashingEmbedder()).catch_up()
        archive.close()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        app = create_app(self.settings, editor=TextareaEditor(), embedder=HashingEmbedder())
        config = uvicorn.Config(app, host="127.0.0.1", port=self.port, log_level="error", access_log=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        deadline = time.monotonic() + 60
        while not self.server.started and time.monotonic() < deadline:
            threading.Event().wait(0.05)

    def _publish(self, archive: Any, number: int) -> None:
        text = f"Faits\nLe licenciement pour faute grave, espèce {number}, " + "selon l'arrêt attaqué, " * 12
        metadata = Metadata(
            kind=Value("arret", True, "x"),
            numbers=(Value(f"22{10000 + number}", True, "x"),),
            ecli=Value(f"ECLI:FR:CCASS:2022:SO{number:05}", True, "x"),
            chamber=Value("soc", True, "x"),
            date=Value(date(2000 + number % 12, 1, 12), True, "x"),
            solution=Value("rejet" if number % 2 else "cassation", True, "x"),
            source="judilibre",
            published=True,
        )
        extraction = Extraction(
            media_type="application/json", text=text, metadata=metadata, zones=(Zone("expose", 0, len(text)),)
        )
        self._deposit(archive, text, extraction)

    def _file(self, archive: Any, text: str) -> None:
        self._deposit(archive, text, Extraction(media_type="text/plain", text=text), by="greffe")

    def _deposit(self, archive: Any, text: str, extraction: Extraction, by: str = "") -> None:
        digest = archive.documents.put(BytesIO(text.encode()))
        archive.documents.deposit([Deposit(digest=digest, size=1, name=f"{LONG}.txt", extraction=extraction, by=by)])

    def close(self) -> None:
        self.server.should_exit = True
        self.thread.join(20)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    served = Site(tmp_path_factory.mktemp("court"))
    yield served
    served.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


def sign_in(browser: Any, site: Site, member: str, **options: Any) -> Any:
    """A page signed in as a member; what the browser complains of is kept in `page.complaints`."""
    options.setdefault("viewport", {"width": 1366, "height": 768})
    context = browser.new_context(locale="fr-FR", base_url=f"http://127.0.0.1:{site.port}", **options)
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda message: page.complaints.append(message.text) if is_complaint(message) else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto("/connexion")
    page.locator(f"form:has(input[value='{member}']) button").click()
    page.wait_for_url("**/")
    return page


def is_complaint(message: Any) -> bool:
    """A broken policy or script; the test's editor has no module to fetch, and a missing page is one of those shown."""
    return message.type == "error" and "404 (Not Found)" not in message.text


def violations(page: Any) -> list[str]:
    page.evaluate(AXE.read_text("utf-8"))
    rules = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']"
    found = page.evaluate(f"axe.run(document, {{runOnly: {rules}}})")
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in found["violations"]]


def pages_of(site: Site) -> list[tuple[str, str]]:
    return [
        ("rapporteur", "/"),
        ("rapporteur", "/recherche?q=licenciement"),
        ("rapporteur", "/recherche?q=licenciement&chambre=soc&annee=2003"),
        ("rapporteur", '/recherche?q="introuvable ailleurs"&chambre=soc'),
        ("rapporteur", "/mes-dossiers"),
        ("rapporteur", f"/dossiers/{site.case}"),
        ("rapporteur", f"/documents/{site.pdf}?q=faute"),
        ("rapporteur", "/nouveau-projet"),
        ("rapporteur", "/nulle-part"),
        ("greffe", "/a-classer"),
        ("greffe", "/quarantaine"),
        ("rapporteur", "/habilitations"),
        ("rapporteur", "/urgence"),
        ("rapporteur", "/jetons"),
        ("rapporteur", "/connexion/confirmation?suite=/urgence"),
        ("rapporteur", f"/documents/{site.pdf}/habilitations"),
        ("rapporteur", f"/documents/{site.pdf}/acces"),
        ("rapporteur", f"/dossiers/{site.case}/acces"),
        ("habil", "/habilitations"),
        ("habil", "/habilitations/membres/autre"),
        ("habil", "/habilitations/groupes/commission:a"),
        ("habil", "/journal"),
        ("habil", "/journal/inhabituel"),
        ("admin", "/journal"),
    ]


READERS = ("rapporteur", "greffe", "habil", "admin")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(site: Site, browser: Any, scheme: str) -> None:
    """No page breaks a WCAG 2.2 AA rule that axe knows, in either theme; none asks for what the policy refuses."""
    found = []
    for member in READERS:
        page = sign_in(browser, site, member, color_scheme=scheme)
        for owner, address in pages_of(site):
            if owner == member:
                page.goto(address)
                page.wait_for_load_state("networkidle")
                found += [f"{address}: {one}" for one in violations(page)]
        assert page.complaints == []
        page.context.close()
    assert found == []


@pytest.mark.parametrize("width", [683, 320])
def test_nothing_is_wider_than_the_window(site: Site, browser: Any, width: int) -> None:
    """At 200 % zoom on a laptop, and at 320 pixels, no page scrolls sideways, with names of 140 characters."""
    for member in READERS:
        page = sign_in(browser, site, member, viewport={"width": width, "height": 384})
        for owner, address in pages_of(site):
            if owner == member:
                page.goto(address)
                assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        page.context.close()


def test_twelve_results_fit_on_a_laptop(site: Site, browser: Any) -> None:
    """Twelve whole lines show at 1366 × 768 without scrolling."""
    page = sign_in(browser, site, "sder")
    page.goto("/recherche?q=licenciement")
    bottoms = page.evaluate("[...document.querySelectorAll('.hit')].map(e => e.getBoundingClientRect().bottom)")
    assert sum(bottom <= 768 for bottom in bottoms) >= 12
    page.context.close()


def test_the_keyboard_alone_reads_the_results(site: Site, browser: Any) -> None:
    """j reads the next line in the pane, n walks its lit words, Esc returns, o opens, Back finds the same line."""
    page = sign_in(browser, site, "sder")
    page.goto("/recherche?q=licenciement")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_selector(".pane article")
    line = page.evaluate("document.activeElement.dataset.item")
    page.keyboard.press("Enter")
    page.locator(".pane:focus").wait_for()
    page.keyboard.press("n")
    assert page.locator("[data-hit-count]").inner_text().startswith("1 /")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.dataset.item") == line
    page.keyboard.press("o")
    page.wait_for_url("**/documents/**")
    page.go_back()
    page.wait_for_selector(".pane article")
    assert page.evaluate("document.querySelector('a[data-item][aria-current=true]').dataset.item") == line
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "q"
    assert page.complaints == []
    page.context.close()


def test_the_original_shows_its_hits_beside_the_text(site: Site, browser: Any) -> None:
    """A PDF's page is drawn under the portal's own policy, with the words of the search marked where they stand."""
    page = sign_in(browser, site, "rapporteur")
    page.goto(f"/documents/{site.pdf}?q=faute")
    page.get_by_role("button", name="Côte à côte").click()
    page.wait_for_selector("canvas")
    spot, sheet = (page.locator(one).bounding_box() for one in (".spot", ".page-image"))
    word = next(w for w in sheet_of_words("Le licenciement pour faute grave")[1].words if w.start == 21)
    assert abs((spot["x"] - sheet["x"]) / sheet["width"] - word.left / 595) < 0.01
    assert abs((spot["y"] - sheet["y"]) / sheet["height"] - word.top / 842) < 0.01
    assert page.locator("mark").inner_text() == "faute"
    assert page.complaints == []
    page.context.close()


def test_a_file_dropped_on_the_case_file_is_deposited(site: Site, browser: Any) -> None:
    """Drop a file, and it stands among the pieces; delete it, and « Annuler » brings it back to the same line."""
    page = sign_in(browser, site, "greffe")
    page.goto(f"/dossiers/{site.case}")
    files = page.evaluate_handle(
        "() => { const d = new DataTransfer(); d.items.add(new File(['Bonjour'], 'lettre.txt')); return d; }"
    )
    page.dispatch_event(".list", "drop", {"dataTransfer": files})
    piece = page.locator("a.piece", has_text="lettre")
    piece.wait_for()
    piece.click()
    page.locator("form[data-delete] button").click()
    page.locator(".toast button").wait_for()
    assert not piece.is_visible()
    page.locator(".toast button").click()
    piece.wait_for()
    assert page.complaints == []
    page.context.close()
