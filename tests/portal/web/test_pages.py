"""The pages over HTTP: what people see, and what no page may do."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest

from ingest.extraction import Metadata, Unreadable, Value
from portal.archive.people import People
from portal.intake.intake import Intake
from portal.nouns.case_file import CaseRole, NewCaseFile, Party, Stage
from portal.nouns.member import Member
from tests.portal.web.conftest import World

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'&{{7*7}}"


def get(world: World, member: str, address: str, **more: object) -> Any:
    return world.ask(member, "GET", address, **more)


def post(world: World, member: str, address: str, **more: object) -> Any:
    return world.ask(member, "POST", address, **more)


def text_of(answer: Any) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


class Markup(HTMLParser):
    """Collects what a page could run: inline scripts and styles, event attributes, addresses that are code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.dangers: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        if tag in {"style", "iframe", "object", "embed", "base"} or (tag == "script" and not held.get("src")):
            self.dangers.append(tag)
        if tag == "img" and held.get("src") == "x":
            self.dangers.append("img")
        for name, value in held.items():
            if name == "style" or name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.dangers.append(f"{tag} {name}")


def open_full_case(world: World, title: str = "X c/ Y", number: str = "2112345") -> str:
    return world.archive.case_files.open(
        NewCaseFile(
            numbers=(number,),
            chamber="soc",
            formation=title[:60],
            title=title,
            contested=title,
            parties=(Party(title, "demandeur", title), Party("Y", "défendeur")),
            stages=(Stage("declaration"), Stage("rapport")),
            roles=(CaseRole("rapporteur", "rapporteur"), CaseRole("doyen", "doyen")),
        ),
        "greffe",
    )


@pytest.fixture
def hostile(world: World) -> list[tuple[str, str]]:
    """A world in which everything that a file or a person can name is an attack; (member, address) of every page."""
    world.archive.people.add([Member("rapporteur", "Mme", HOSTILE, frozenset({"rapporteur", "conseiller"}), HOSTILE)])
    case = open_full_case(world, HOSTILE)
    about = Metadata(kind=Value("piece", False, "x"), title=Value(HOSTILE, True, "x"))
    piece = world.deposit(f"faute {HOSTILE}", case_file=case, name=f"{HOSTILE}.txt", metadata=about)
    world.deposit(f"à classer {HOSTILE}", name=f"{HOSTILE}.txt", metadata=about, by="greffe")
    world.quarantine(f"{HOSTILE}.pdf")
    draft = world.draft("rapporteur", f"projet {HOSTILE}", case)
    member = world.archive.people.get("rapporteur")
    assert member is not None
    world.archive.drafts.rename(member, draft, HOSTILE)
    world.invite("rapporteur", draft, "doyen")
    world.index()
    return [
        ("rapporteur", "/"),
        ("rapporteur", "/recherche?q=faute"),
        ("rapporteur", f"/recherche?q={HOSTILE.replace('&', '%26')}&chambre={HOSTILE.replace('&', '%26')}"),
        ("rapporteur", "/recherche?q=projet"),
        ("rapporteur", "/mes-dossiers"),
        ("rapporteur", f"/dossiers/{case}"),
        ("rapporteur", f"/documents/{piece}?q=faute"),
        ("rapporteur", f"/documents/{piece}/apercu?q=script"),
        ("rapporteur", f"/documents/{draft}"),
        ("rapporteur", "/nouveau-projet"),
        ("greffe", "/a-classer"),
        ("greffe", "/quarantaine"),
        ("", "/connexion"),
        ("rapporteur", f"/dossiers/{case}?supprime={HOSTILE.replace('&', '%26')}"),
        ("rapporteur", "/documents/absent"),
        ("rapporteur", "/api/openapi"),
    ]


def test_nothing_that_a_file_or_a_person_names_becomes_markup(world: World, hostile: list[tuple[str, str]]) -> None:
    """Titles, names, texts, extracts and queries are shown as they are written, on every page, and nothing runs."""
    shown = 0
    for member, address in hostile:
        page = get(world, member, address).text
        assert "<script>alert" not in page, address
        assert "{{7*7}}" in page or "49" not in page, address
        assert Markup(page).dangers == [], address
        shown += "&lt;script&gt;" in page
    assert shown >= 11, "the attacks must stand on the pages for this test to mean anything"


def test_a_number_opens_its_case_file(world: World) -> None:
    """An appeal number in any writing leads straight to the file of whoever may see it."""
    case = open_full_case(world)
    for written in ("21-12.345", "2112345", "C 21-12.345", "pourvoi n° 21-12345", "21\u201112.345"):
        answer = get(world, "rapporteur", "/recherche", params={"q": written})
        assert answer.status_code == 303, written
        assert answer.headers["location"].startswith(f"/dossiers/{case}"), written
    assert get(world, "autre", "/recherche", params={"q": "21-12.345"}).status_code == 200


def test_a_wrong_key_letter_warns_and_does_not_refuse(world: World) -> None:
    """The file opens all the same, and the page says which letter is right."""
    open_full_case(world)
    for letter, warned in (("J", True), ("C", False), ("", False)):
        answer = get(world, "rapporteur", "/recherche", params={"q": f"{letter} 21-12.345".strip()})
        page = text_of(get(world, "rapporteur", answer.headers["location"]))
        assert ("la bonne lettre est C" in page) is warned, letter


def test_results_show_what_was_found_and_why(world: World) -> None:
    """Title line, lit extract, counts by facet, the query in its box, and what was understood of it."""
    world.published("Le licenciement pour faute grave du salarié", "ECLI:FR:CCASS:2022:SO00387", "2112345")
    world.index()
    answer = get(world, "sder", "/recherche?q=fautes+graves")
    page = text_of(answer)
    assert "1 résultat" in page.replace("\u00a0", " ")
    assert re.search(r"compris : fautes ?✕ ?, retirer graves ?✕ ?, retirer", page)
    assert "<mark>faute</mark>" in answer.text
    assert "<mark>grave</mark>" in answer.text
    assert "Arrêt" in page
    assert 'value="fautes graves"' in answer.text


def test_an_empty_page_says_what_to_try(world: World) -> None:
    """Nothing found: the page offers the wider searches as links."""
    answer = get(world, "sder", '/recherche?q="zzz vvv"&chambre=soc')
    assert "Rien ne répond" in answer.text
    assert "sans le filtre chambre : Soc." in text_of(answer)
    assert "sans les guillemets" in text_of(answer)


def test_a_search_for_nothing_is_the_home_page(world: World) -> None:
    """An empty box leads home."""
    answer = get(world, "sder", "/recherche?q=")
    assert (answer.status_code, answer.headers["location"]) == (303, "/")


def test_the_case_file_shows_each_reader_their_own(world: World) -> None:
    """Stages in words, pieces by group; a title without its body is no link; drafts are their author's."""
    case = open_full_case(world)
    piece = world.deposit("Un mémoire", case_file=case, kind="memoire_ampliatif", name="mémoire.txt")
    draft = world.draft("rapporteur", "Ma note", case)
    member = world.archive.people.get("rapporteur")
    assert member is not None
    mine, doyen = (get(world, one, f"/dossiers/{case}").text for one in ("rapporteur", "doyen"))
    assert f'href="/documents/{piece}"' in mine
    assert draft in mine
    assert draft not in doyen
    assert "en cours" in mine
    assert "21-12.345" in mine
    world.archive.drafts.deposit(member, draft)
    greffe = get(world, "greffe", f"/dossiers/{case}").text
    assert "titre seul" in greffe
    assert f"/documents/{draft}" not in greffe
    assert "Ma note" not in greffe


def test_a_document_shows_its_text_with_the_words_lit(world: World) -> None:
    """The words of the search are lit in the whole text, counted, and the link that lasts stands beside them."""
    case = open_full_case(world)
    piece = world.deposit("La faute grave.\nVoir n° 20-11.139.", case_file=case)
    page = get(world, "rapporteur", f"/documents/{piece}?q=faute").text
    assert "<mark>faute</mark>" in page
    assert f'href="/documents/{piece}"' in page
    preview = get(world, "rapporteur", f"/documents/{piece}/apercu?q=faute").text
    assert "<mark>faute</mark>" in preview
    assert "<html" not in preview


def test_the_original_is_never_run_by_the_browser(world: World) -> None:
    """What is no PDF is kept as a file, whatever it claims to be, under its own name."""
    case = open_full_case(world)
    piece = world.deposit("<html><script>1</script>", case_file=case, name='é "x".html')
    answer = get(world, "rapporteur", f"/documents/{piece}/original")
    assert answer.content == b"<html><script>1</script>"
    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename*=UTF-8''%C3%A9%20%22x%22.html"
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_each_deposited_file_succeeds_or_fails_alone(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two files at once: one comes in, the other's sentence says why it did not."""
    case = open_full_case(world)
    read = Intake.read

    def read_or_refuse(intake: Intake, body: bytes, name: str) -> object:
        if name == "abîmé.pdf":
            raise Unreadable("damaged", "Ce fichier est abîmé ; il attend en quarantaine.")
        return read(intake, body, name)

    monkeypatch.setattr(Intake, "read", read_or_refuse)
    files = [
        ("fichiers", ("bon.txt", b"Bonjour", "text/plain")),
        ("fichiers", ("abîmé.pdf", b"%PDF", "application/pdf")),
    ]
    token = {"Authorization": f"Bearer {world.tokens['greffe']}", "Accept": "application/json"}
    answer = world.client.post(f"/dossiers/{case}/pieces", files=files, headers=token)
    assert answer.status_code == 422
    good, bad = answer.json()["files"]
    assert (good["name"], good["error"], good["new"]) == ("bon.txt", "", True)
    assert bad["error"] == "Ce fichier est abîmé ; il attend en quarantaine."
    page = post(world, "greffe", f"/dossiers/{case}/pieces", files=files)
    assert "il attend en quarantaine" in page.text
    assert "abîmé.pdf" in get(world, "greffe", "/quarantaine").text


def test_a_deletion_is_undone_from_the_same_page(world: World) -> None:
    """Deleting leads back to the file, which offers « Annuler »; that brings the document back."""
    case = open_full_case(world)
    piece = world.deposit("Une pièce", case_file=case)
    gone = post(world, "greffe", f"/documents/{piece}/suppression")
    assert gone.headers["location"] == f"/dossiers/{case}?supprime={piece}"
    page = get(world, "greffe", gone.headers["location"]).text
    assert f'action="/documents/{piece}/retablissement"' in page
    assert get(world, "greffe", f"/documents/{piece}").status_code == 404
    back = post(world, "greffe", f"/documents/{piece}/retablissement")
    assert back.headers["location"] == f"/documents/{piece}"
    assert get(world, "greffe", f"/documents/{piece}").status_code == 200


def test_an_author_invites_by_name_and_takes_it_back(world: World) -> None:
    """The list gives names; the name picked opens the draft, « Retirer » closes it; an unknown name changes nothing."""
    draft = world.draft("rapporteur", "Projet", None, "rapport")
    page = get(world, "rapporteur", f"/documents/{draft}").text
    assert '<option value="M. Dupré">' in page
    assert get(world, "doyen", f"/documents/{draft}").status_code == 404
    post(world, "rapporteur", f"/documents/{draft}/invitations", data={"membre": "M. Dupré", "droit": "write"})
    assert get(world, "doyen", f"/documents/{draft}").status_code == 200
    unknown = post(
        world, "rapporteur", f"/documents/{draft}/invitations", data={"membre": "M. Personne", "droit": "read"}
    )
    assert unknown.status_code == 400
    assert "Choisissez un nom dans la liste" in unescape(unknown.text)
    post(world, "rapporteur", f"/documents/{draft}/invitations", data={"membre": "doyen", "droit": "none"})
    assert get(world, "doyen", f"/documents/{draft}").status_code == 404


def test_a_draft_opens_in_the_installed_editor(world: World) -> None:
    """The page and the pane embed the editor's own element with its room; the portal names no editor."""
    draft = world.draft("rapporteur", "Projet", None, "rapport")
    for address in (f"/documents/{draft}", f"/documents/{draft}/apercu"):
        page = get(world, "rapporteur", address).text
        assert f'<plain-textarea data-editor room="/editor/rooms/{draft}" root="body" access="write"' in page
    world.invite("rapporteur", draft, "doyen")
    assert 'access="read"' in get(world, "doyen", f"/documents/{draft}").text


def test_the_greffe_files_a_piece_by_its_number(world: World) -> None:
    """A number in any writing, or the proposed file, takes the piece out of the inbox; an unknown number says so."""
    case = open_full_case(world)
    about = Metadata(kind=Value("courrier", False, "x"), numbers=(Value("2112345", False, "x"),))
    proposed = world.deposit("Lettre 1", metadata=about)
    other = world.deposit("Lettre 2", kind="courrier", name="b.txt")
    page = get(world, "greffe", "/a-classer").text
    assert f'name="dossier" value="{case}"' in page
    wrong = post(world, "greffe", f"/documents/{other}/classement", data={"numero": "22-22.222"})
    assert wrong.status_code == 400
    assert "reste à classer" in text_of(wrong)
    filed = post(world, "greffe", f"/documents/{other}/classement", data={"numero": "C 21-12.345"})
    assert filed.headers["location"] == f"/a-classer?classe={case}"
    post(world, "greffe", f"/documents/{proposed}/classement", data={"dossier": case})
    assert "Rien à classer" in get(world, "greffe", "/a-classer").text
    assert get(world, "rapporteur", "/a-classer").status_code == 404


def test_signing_in_leads_back_to_this_portal_only(world: World) -> None:
    """The address to go to afterwards is a path of the portal, whatever a link says."""
    for suite, kept in (
        ("/mes-dossiers", "/mes-dossiers"),
        ("//ailleurs.example", "/"),
        ("https://ailleurs.example", "/"),
        ("/\\ailleurs.example", "/"),
        ("/a\r\nb", "/"),
    ):
        page = get(world, "", "/connexion", params={"suite": suite}).text
        assert f'name="suite" value="{kept}"' in page, suite


def test_places_depend_on_the_role(world: World) -> None:
    """Each role finds its own places in the left column; the administration opens no draft."""
    places = {
        member: set(re.findall(r'<li><a href="([^"]+)"', get(world, member, "/").text))
        & {"/", "/mes-dossiers", "/a-classer", "/quarantaine", "/nouveau-projet"}
        for member in ("rapporteur", "greffe", "sder", "admin")
    }
    assert places == {
        "rapporteur": {"/", "/mes-dossiers", "/nouveau-projet"},
        "greffe": {"/", "/a-classer", "/quarantaine", "/nouveau-projet"},
        "sder": {"/", "/nouveau-projet"},
        "admin": {"/"},
    }
    assert get(world, "admin", "/nouveau-projet").status_code == 403


def test_what_is_missing_says_so_in_a_page(world: World) -> None:
    """An address that leads nowhere, or nowhere for this reader, gives one page with one sentence."""
    missing = get(world, "sder", "/nulle-part")
    assert missing.status_code == 404
    assert "Introuvable" in missing.text
    assert "Revenir à la recherche" in missing.text


def test_static_files_are_kept_by_browsers_and_pages_are_not(world: World) -> None:
    """A versioned style sheet is kept for good; nothing of anybody's is."""
    page = get(world, "sder", "/")
    assert page.headers["cache-control"] == "no-store"
    (sheet,) = re.findall(r'href="(/theme/theme\.css\?v=[^"]+)"', page.text)
    assert "immutable" in get(world, "", sheet).headers["cache-control"]
    assert get(world, "", "/theme/theme.css").headers["cache-control"] == "no-cache"
    assert get(world, "", "/theme/../pages/results.py").status_code in {303, 404}


def test_people_are_only_offered_to_an_author(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading a document never lists the court's members."""
    case = open_full_case(world)
    piece = world.deposit("Une pièce", case_file=case)

    def refuse(_: People) -> list[Member]:
        raise AssertionError("listed")

    monkeypatch.setattr(People, "all", refuse)
    assert get(world, "rapporteur", f"/documents/{piece}").status_code == 200
