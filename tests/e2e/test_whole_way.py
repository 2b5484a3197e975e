"""The whole way in a real browser: sign in, search, read, open a case file, write together, find what was written."""

from __future__ import annotations

import re
from itertools import zip_longest
from typing import Any

import pytest

from tests.e2e.site import (
    AXE,
    BUNDLES,
    CHROMIUM,
    CONTROL,
    Site,
    keep,
    outsider,
    reported,
    shown,
    sign_in,
    until,
    violations,
)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium"),
    pytest.mark.skipif(not all(bundle.is_file() for bundle in BUNDLES), reason="front end not built: make install"),
    pytest.mark.skipif(not AXE.is_file(), reason="axe-core not installed: make install"),
]
SAVED = re.compile(r"^Enregistré \d\d:\d\d:\d\d$")
TEXT = "minutier-editor .ProseMirror"
DROP = """([name, body]) => {
  const held = new DataTransfer();
  held.items.add(new File([body], name, {type: "text/plain"}));
  return held;
}"""


def test_words_lead_to_a_document(site: Site, browser: Any) -> None:
    """Words typed at home give lines with lit words; a line reads beside the list, then opens as a page."""
    page = sign_in(browser, site, site.who("rapporteur"))
    keep(page, "home")
    until(lambda: _found(page, "licenciement")["total"] >= 12, "the feed has not indexed the court")
    page.locator("#q").fill("licenciement faute")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recherche?**")
    assert page.locator(".hit").count() > 1
    lit = page.locator(".hit mark").first.inner_text().lower()
    assert lit.startswith(("licenci", "faute"))
    page.keyboard.press("j")
    page.locator(".pane article.document").wait_for()
    page.locator(".pane mark").first.wait_for()
    page.wait_for_load_state("networkidle")
    keep(page, "recherche")
    title = page.locator(".pane h1").inner_text()
    page.locator(".pane [data-open]").click()
    page.wait_for_url("**/documents/**")
    assert page.locator("article.document h1").inner_text() == title
    assert page.locator("mark").count() > 0
    assert page.complaints == []
    page.context.close()


def test_an_appeal_number_opens_its_case_file(site: Site, browser: Any) -> None:
    """An appeal number, typed as people write it, opens the case file at once."""
    page = sign_in(browser, site, site.who("rapporteur"))
    page.locator("#q").fill(shown(site.case.number))
    page.keyboard.press("Enter")
    page.wait_for_url("**/dossiers/**")
    assert shown(site.case.number) in page.locator("h1").inner_text()
    assert page.locator("a.piece").count() > 2
    page.locator("a.piece").first.click()
    page.locator(".pane article.document").wait_for()
    page.wait_for_load_state("networkidle")
    keep(page, "dossier")
    assert page.complaints == []
    page.context.close()


def test_two_write_at_once_and_only_they_find_it(site: Site, browser: Any, record_property: Any) -> None:
    """Two colleagues write in one draft and see each other; the words are found by them, and by nobody else."""
    author, colleague = site.who("rapporteur"), site.who("doyen")
    first = sign_in(browser, site, author)
    draft = _open_draft(first, site)
    _invite(first, site, colleague)
    second = sign_in(browser, site, colleague)
    second.goto(draft)
    for page in (first, second):
        _ready(page)
        page.locator(TEXT).click()
    first.keyboard.type("La clause ornithorynque du bail, ")
    second.locator(TEXT).get_by_text("ornithorynque").wait_for()
    second.keyboard.press("Control+End")
    second.keyboard.press("Enter")
    for mine, other in zip_longest("déclinatoire", "passementerie", fillvalue=""):
        first.keyboard.type(mine)
        second.keyboard.type(other)
    for page, other in ((first, colleague), (second, author)):
        page.locator(".status-words", has_text=SAVED).wait_for()
        page.locator(".presence-name", has_text=_spaced(site.name(other))).wait_for(state="attached")
        page.locator(".status-present", has_text=_spaced(site.name(other))).wait_for()
    until(lambda: _text(first) == _text(second), lambda: f"{_text(first)!r} is not {_text(second)!r}")
    for words in ("La clause ornithorynque du bail, déclinatoire", "passementerie"):
        assert words in _text(first)
    first.wait_for_load_state("networkidle")
    keep(first, "projet")
    assert violations(first) == []
    second.context.close()
    took = until(lambda: _holds(_found(first, "ornithorynque passementerie"), draft), "the draft's words are not found")
    record_property("seconds until found", took)
    _nothing_shows(browser, site, draft, first)
    assert first.complaints == []
    first.context.close()


def test_a_dropped_file_is_found_by_its_words_and_its_phrases(site: Site, browser: Any) -> None:
    """A file dropped on the case file is found by its words, and by a phrase with or without its accents."""
    page = sign_in(browser, site, site.who("rapporteur"))
    _open_case(page, site)
    body = "Le réséda cévenol fleurit près de l'échaudoir, constate-t-on sur place.\n"
    files = page.evaluate_handle(DROP, ["constat.txt", body])
    page.dispatch_event(".list", "drop", {"dataTransfer": files})
    piece = page.locator("a.piece", has_text="constat")
    piece.wait_for()
    address = str(piece.get_attribute("href"))
    until(lambda: _holds(_found(page, "échaudoir"), address), "the dropped file is not found")
    for phrase in ('"réséda cévenol"', '"reseda cevenol"', "« Reseda Cévenol »"):
        assert _holds(_found(page, phrase), address), phrase
    assert _found(page, '"cévenol réséda"')["total"] == 0
    page.locator("#q").fill("« reseda cevenol »")
    page.keyboard.press("Enter")
    page.locator(".hit mark").first.wait_for()
    assert page.locator(".hit").count() == 1
    assert "réséda" in page.locator(".hit mark").all_inner_texts()[0]
    assert page.complaints == []
    page.context.close()


def test_axe_finds_nothing_on_the_way(site: Site, browser: Any) -> None:
    """Home, results, case file, document and draft break no WCAG 2.2 AA rule that axe knows."""
    page = sign_in(browser, site, site.who("rapporteur"))
    found = _named("home", violations(page))
    until(lambda: _found(page, "licenciement")["total"] >= 12, "the feed has not indexed the court")
    page.goto("/recherche?q=licenciement")
    page.keyboard.press("j")
    page.locator(".pane article.document").wait_for()
    page.wait_for_load_state("networkidle")
    found += _named("results", violations(page))
    address = str(page.locator("a.hit").first.get_attribute("href"))
    page.goto(address)
    page.wait_for_load_state("networkidle")
    found += _named("document", violations(page))
    _open_case(page, site)
    found += _named("case file", violations(page))
    _open_draft(page, site)
    found += _named("draft", violations(page))
    assert found == []
    assert page.complaints == []
    page.context.close()


def _nothing_shows(browser: Any, site: Site, draft: str, author: Any) -> None:
    """Nobody else sees a trace: not in a search's total, hits or facets, not by its address, not in the case file."""
    assert _holds(_found(author, "ornithorynque"), draft)
    for member in (site.who("avocat_general"), outsider(site, site.case), "dorleac"):
        page = sign_in(browser, site, member)
        found = _found(page, "ornithorynque")
        assert (found["total"], found["hits"], any(found["facets"].values())) == (0, [], False), member
        answer = page.goto(draft)
        assert answer.status == 404
        assert page.locator("h1").inner_text() == "Introuvable"
        assert "ornithorynque" not in page.content()
        if member != outsider(site, site.case):
            _open_case(page, site)
            assert page.locator(f"[href='{draft}'], [data-item='{draft.rpartition('/')[2]}']").count() == 0
            assert "projet ornithorynque" not in page.content().lower()
        page.context.close()


def _open_case(page: Any, site: Site) -> None:
    page.goto(f"/recherche?q={shown(site.case.number)}")
    page.wait_for_url("**/dossiers/**")
    page.wait_for_load_state("networkidle")


def _open_draft(page: Any, site: Site) -> str:
    """A blank draft of a decision in the case file, its editor ready; its address."""
    _open_case(page, site)
    page.locator("details.kinds summary").click()
    page.locator("button[name=nature][value=projet_arret]").click()
    page.wait_for_url("**/documents/**")
    _ready(page)
    return str(page.evaluate("location.pathname"))


def _invite(page: Any, site: Site, colleague: str) -> None:
    one = site.court.member(colleague)
    page.get_by_text("Inviter", exact=True).first.click()
    page.get_by_label("Collègue").fill(f"{one.civility} {one.given_name} {one.surname}")
    page.locator(".invite-form button[type=submit]").click()
    page.get_by_text("Inviter (1)").wait_for()


def _ready(page: Any) -> None:
    """The editor is joined and takes words."""
    page.locator(f"{TEXT}[contenteditable=true]").wait_for()
    page.locator(".status[data-state=saved]").wait_for()


def _found(page: Any, words: str) -> dict[str, Any]:
    """What a search answers to whoever is signed in on this page, by words alone."""
    answer = page.request.get("/api/search", params={"q": words, "mode": "lexical"})
    assert answer.ok, answer.text()
    body: dict[str, Any] = answer.json()
    return body


def _holds(found: dict[str, Any], address: str) -> bool:
    return any(address.endswith(hit["id"]) for hit in found["hits"])


def _text(page: Any) -> str:
    """The draft's text, without the carets of others."""
    return str(
        page.evaluate(
            f"""() => {{
              const copy = document.querySelector("{TEXT}").cloneNode(true);
              for (const caret of copy.querySelectorAll(".presence-caret")) caret.remove();
              return copy.textContent;
            }}"""
        )
    )


def _spaced(name: str) -> re.Pattern[str]:
    return re.compile(re.escape(name).replace(r"\ ", r"\s"))


def _named(place: str, found: list[str]) -> list[str]:
    return [f"{place}: {one}" for one in found]


def test_a_violation_is_reported_to_the_server(site: Site, browser: Any) -> None:
    """The control of « none over all these tests »: one made on purpose reaches the server's count."""
    page = sign_in(browser, site, site.who("rapporteur"))
    page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), {src: 'http://localhost:9/'}))")
    until(lambda: CONTROL in reported(site.home), "no report came")
    page.context.close()
