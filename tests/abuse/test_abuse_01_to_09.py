"""Abuse cases 1 to 9: what a colleague cleared for other files could learn from searches, pages and errors."""

from __future__ import annotations

import zlib

import pytest

from tests.portal.web.conftest import World

STRANGER = "autre"
PATHS = ("/documents/{}", "/documents/{}/original", "/documents/{}/pages", "/api/documents/{}")


def hide(world: World, text: str, count: int = 1) -> list[str]:
    """Documents that the stranger may not see."""
    number = f"21{zlib.crc32(text.encode()) % 90000 + 10000}"
    case = world.archive.case_files.by_number(number) or world.open_case(number, ("rapporteur", "rapporteur"))
    made = [world.deposit(f"{text} {n}", case_file=case, name=f"p{n}.txt") for n in range(count)]
    world.index()
    return made


def show(world: World) -> None:
    """Decisions that everyone sees, which share words with the hidden ones."""
    for number, words in enumerate(["faute grave", "faute lourde du salarié", "faute grave et faute inexcusable"]):
        world.published(f"Arrêt sur la {words}", f"ECLI:FR:CCASS:2022:C10038{number}", f"211234{number}")
    world.index()


def api(world: World, query: str, member: str = STRANGER) -> dict[str, object]:
    answer = world.ask(member, "GET", f"/api/search?{query}")
    assert answer.status_code == 200  # type: ignore[attr-defined]
    found: dict[str, object] = answer.json()  # type: ignore[attr-defined]
    return found


def test_abuse_01_a_canary_word_is_not_felt(world: World) -> None:
    """A word that only a hidden document holds finds nothing, exactly as before that document existed."""
    show(world)
    before = api(world, "q=xylophage")
    (hidden,) = hide(world, "xylophage")
    assert api(world, "q=xylophage") == before
    hits = api(world, "q=xylophage", "rapporteur")["hits"]
    assert [hit["id"] for hit in hits] == [hidden]  # type: ignore[index, union-attr]


def test_abuse_02_counts_and_the_last_page_say_nothing(world: World) -> None:
    """Facet counts, totals and the walk to the last page are the same with and without hidden documents."""
    show(world)

    def walk() -> list[object]:
        seen, cursor = [], ""
        while True:
            page = api(world, f"q=faute&size=1&cursor={cursor}" if cursor else "q=faute&size=1")
            seen.append({key: value for key, value in page.items() if key != "cursor"})
            if not page["cursor"]:
                return seen
            cursor = str(page["cursor"])

    before = walk()
    hide(world, "faute grave", 12)
    assert walk() == before


@pytest.mark.parametrize("hidden", [1, 20])
def test_abuse_03_order_does_not_move(world: World, hidden: int) -> None:
    """The visible order is the same with 0, 1 and 20 hidden documents that would shift every statistic."""
    show(world)
    queries = ["q=faute", "q=faute+grave", "q=faute+grave&mode=semantic", "q=faute+inexcusable&mode=lexical"]
    before = [api(world, query) for query in queries]
    hide(world, "faute faute faute grave", hidden)
    assert [api(world, query) for query in queries] == before


def test_abuse_04_a_title_shows_no_word_of_the_body(world: World) -> None:
    """Who may know a note by its title alone gets no extract of it, and no word of it finds it."""
    case = world.open_case("2199998", ("rapporteur", "rapporteur"))
    note = world.deposit("clandestinement rédigée", case_file=case, by="rapporteur", kind="note", name="Hypothèse.txt")
    world.index()
    (hit,) = api(world, "q=hypothèse", "greffe")["hits"]  # type: ignore[misc]
    assert (hit["id"], hit["title_only"], hit["extracts"]) == (note, True, [])  # type: ignore[index]
    assert api(world, "q=clandestinement", "greffe")["total"] == 0


def test_abuse_06_meaning_is_filtered_before_the_nearest(world: World) -> None:
    """Twenty hidden documents nearer than any visible one take no place among the nearest."""
    show(world)
    before = api(world, "q=faute+grave&mode=semantic&size=5")
    hide(world, "faute grave", 20)
    assert api(world, "q=faute+grave&mode=semantic&size=5") == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PATCH", "PUT", "DELETE"])
@pytest.mark.parametrize(
    "path", ["/documents/{}", "/documents/{}/original", "/documents/{}/pages", "/api/documents/{}"]
)
def test_abuse_07_no_method_tells_hidden_from_missing(world: World, method: str, path: str) -> None:
    """Whatever the method, and with Range and If-None-Match, a hidden document answers like one that never was."""
    (hidden,) = hide(world, "secret")
    answers = []
    for identifier in (hidden, "e" * 32):
        answer = world.client.request(
            method,
            path.format(identifier),
            headers={"Authorization": f"Bearer {world.tokens[STRANGER]}", "Range": "bytes=0-3", "If-None-Match": "*"},
        )
        headers = {name: value for name, value in answer.headers.items() if name != "content-length"}
        answers.append((answer.status_code, headers, answer.text.replace(identifier, "")))
    assert answers[0] == answers[1]
    assert answers[0][0] == 404


@pytest.mark.parametrize("identifier", ["%00", "..%2F..", "a" * 5000, "é", "'; DROP TABLE document;--", "dossier:x"])
def test_abuse_09_malformed_identifiers_are_simply_not_found(world: World, identifier: str) -> None:
    """A malformed identifier is « introuvable », never an error that tells how the house is built."""
    for path in (f"/documents/{identifier}", f"/dossiers/{identifier}", f"/api/documents/{identifier}"):
        answer = world.ask(STRANGER, "GET", path)
        assert answer.status_code == 404  # type: ignore[attr-defined]
        assert "Traceback" not in answer.text  # type: ignore[attr-defined]
