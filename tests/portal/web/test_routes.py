"""Every registered route keeps silence, checks clearance and writes the journal first.

A route that is not in the tables below fails `test_every_route_is_held_to_its_promises`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from sqlmodel import func, select
from starlette.routing import BaseRoute, Mount, Route

from portal.journal.journal import Journal
from portal.nouns.errors import Unwritten
from portal.store.tables import AuditRow
from tests.portal.web.conftest import World

NOWHERE = "f" * 32
OUTSIDER = "autre"

OPEN = {
    ("GET", "/healthz"),
    ("GET", "/connexion"),
    ("GET", "/connexion/confirmation"),
    ("GET", "/api/demo/members"),
    ("POST", "/demo/connexion"),
    ("POST", "/demo/confirmation"),
    ("POST", "/deconnexion"),
    ("GET", "/api/openapi.json"),
    ("GET", "/api/openapi"),
    ("POST", "/violations"),
}
"""Routes that hold nothing of the archive."""

LISTS = {
    ("GET", "/"): ["/"],
    ("GET", "/recherche"): [
        "/recherche?q=secret",
        "/recherche?q=faute+grave",
        "/recherche?q=",
        "/recherche?q=21-99.999",
        "/recherche?q=faute+grave&tri=recent",
        "/recherche?q=secr*+OU+faute",
        "/recherche?q=faute+-secret",
        "/recherche?q=type:piece",
        "/recherche?q=rapporteur:secret",
        "/recherche?q=ECLI:FR:CCASS:2022:SO99999",
    ],
    ("GET", "/api/search"): [
        "/api/search?q=secret",
        "/api/search?q=faute+grave",
        "/api/search?q=",
        "/api/search?q=faute&mode=semantic",
        "/api/search?q=faute&mode=lexical&size=1",
        "/api/search?q=21-99.999",
        "/api/search?q=faute&sort=newest",
        "/api/search?q=faute&kind=note",
        "/api/search?q=%22faute+secret%22~5",
        "/api/search?q=modifi%C3%A9:2000..",
    ],
    ("GET", "/mes-dossiers"): ["/mes-dossiers"],
    ("GET", "/a-classer"): ["/a-classer"],
    ("GET", "/quarantaine"): ["/quarantaine"],
    ("GET", "/nouveau-projet"): ["/nouveau-projet"],
    ("GET", "/habilitations"): ["/habilitations"],
    ("GET", "/habilitations/membres/{id}"): ["/habilitations/membres/rapporteur", "/habilitations/membres/personne"],
    ("GET", "/habilitations/groupes/{id}"): ["/habilitations/groupes/commission:secret", "/habilitations/groupes/x"],
    ("GET", "/urgence"): ["/urgence"],
    ("GET", "/jetons"): ["/jetons"],
    ("GET", "/mes-connexions"): ["/mes-connexions"],
    ("GET", "/journal/inhabituel"): ["/journal/inhabituel"],
}
"""Pages that list: the reader sees the same bytes with and without what is hidden from them."""

ITEMS = {
    ("GET", "/documents/{id}"): "piece",
    ("GET", "/documents/{id}/apercu"): "piece",
    ("GET", "/documents/{id}/pages"): "piece",
    ("GET", "/documents/{id}/citations"): "piece",
    ("GET", "/documents/{id}/semblables"): "piece",
    ("GET", "/documents/{id}/original"): "piece",
    ("GET", "/documents/{id}/habilitations"): "piece",
    ("GET", "/documents/{id}/acces"): "piece",
    ("GET", "/dossiers/{id}/acces"): "case",
    ("GET", "/api/documents/{id}"): "piece",
    ("GET", "/dossiers/{id}"): "case",
    ("GET", "/api/case-files/{id}"): "case",
    ("GET", "/api/drafts/{id}"): "draft",
}
"""Pages of one thing: what is hidden answers like what does not exist, and each reading is in the journal."""

CHANGES: dict[tuple[str, str], tuple[str, dict[str, object]]] = {
    ("POST", "/documents/{id}/suppression"): ("piece", {"data": {}}),
    ("POST", "/documents/{id}/semblables"): ("piece", {"data": {"autre": NOWHERE, "avis": "bon"}}),
    ("POST", "/documents/{id}/retablissement"): ("piece", {"data": {}}),
    ("POST", "/documents/{id}/classement"): ("piece", {"data": {"dossier": "0" * 32}}),
    ("POST", "/documents/{id}/invitations"): ("draft", {"data": {"membre": "sder", "droit": "read"}}),
    ("POST", "/documents/{id}/depot"): ("draft", {"data": {}}),
    ("POST", "/documents/{id}/circulation"): ("draft", {"data": {}}),
    ("POST", "/documents/{id}/titre"): ("draft", {"data": {"titre": "Autre"}}),
    ("POST", "/dossiers/{id}/pieces"): ("case", {"files": {"fichiers": ("a.txt", b"Bonjour", "text/plain")}}),
    ("POST", "/dossiers/{id}/projets"): ("case", {"data": {"nature": "note"}}),
    ("POST", "/habilitations/alertes/{id}"): ("grant", {"data": {}}),
    ("POST", "/habilitations/changements"): ("", {"data": {"nature": "deport", "membre": "doyen", "motif": "Déport"}}),
    ("POST", "/habilitations/retraits"): ("", {"data": {"nature": "habilitation", "id": NOWHERE}}),
    ("POST", "/habilitations/groupes"): ("", {"data": {"genre": "commission", "nom": "Commission"}}),
    ("POST", "/urgence"): ("", {"data": {"numero": "21-99.999", "motif": "Urgence"}}),
    ("POST", "/jetons"): ("", {"data": {"nom": "essai", "portee": "read", "jours": "7"}}),
    ("POST", "/jetons/{id}/retrait"): ("", {"data": {}}),
    ("POST", "/mes-connexions/{id}/fin"): ("", {"data": {}}),
    ("POST", "/mes-connexions/autres/fin"): ("", {"data": {}}),
    ("POST", "/habilitations/membres/{id}/deconnexion"): ("", {"data": {}}),
    ("POST", "/nouveau-projet"): ("", {"data": {"nature": "note"}}),
    ("POST", "/quarantaine/{id}/reprise"): ("quarantine", {"data": {}}),
    ("POST", "/api/drafts"): ("", {"json": {"kind": "note"}}),
    ("POST", "/api/drafts/{id}/invitations"): ("draft", {"json": {"member": "sder", "access": "read"}}),
    ("POST", "/api/case-files/{id}/documents"): ("case", {"params": {"name": "a.txt"}, "content": b"Bonjour"}),
}
"""Changes: refused to a stranger exactly as for a thing that does not exist, and leaving no change behind."""


def walk(routes: list[BaseRoute], prefix: str = "") -> Iterator[tuple[str, str]]:
    for route in routes:
        if isinstance(route, Route):
            for method in sorted((route.methods or set()) - {"HEAD"}):
                yield method, prefix + route.path
        elif isinstance(route, Mount) and prefix + route.path not in {"/static", "/theme", "/editor"}:
            yield from walk(list(route.routes), prefix + route.path)


def fill(world: World) -> dict[str, str]:
    """What the outsider may not see."""
    case = world.open_case("2199999", ("rapporteur", "rapporteur"), ("doyen", "doyen"))
    held = {
        "case": case,
        "piece": world.deposit(
            "Mémoire secret : faute grave, faute grave du salarié", case_file=case, name="secret.txt"
        ),
        "draft": world.draft("rapporteur", "Note secrète sur la faute grave", case),
        "quarantine": world.quarantine("secret.pdf"),
        "grant": world.emergency("doyen", "2199999"),
    }
    for number in range(8):
        world.deposit(f"Pièce secrète {number} : la faute grave et la faute lourde", case_file=case)
    world.index()
    return held


def settle(world: World) -> None:
    """What everyone may see, and something of the outsider's own."""
    world.published("Arrêt sur la faute grave du salarié", "ECLI:FR:CCASS:2022:C100387", "2112345")
    world.published("Arrêt sur la faute inexcusable", "ECLI:FR:CCASS:2022:C100388", "2112346")
    world.draft(OUTSIDER, "Ma note sur la faute", None)
    mine = world.open_case("2111111", (OUTSIDER, "rapporteur"))
    world.deposit("Mémoire en défense : pas de faute", case_file=mine)
    world.index()


COUNTS = {("GET", "/journal")}
"""What counts everyone's acts, for those in charge alone: `test_journal_pages` holds it to its promises."""


def test_every_route_is_held_to_its_promises(world: World) -> None:
    """A route without its silence, clearance and journal tests fails here."""
    app = world.client.app
    registered = set(walk(list(app.routes)))  # type: ignore[attr-defined]
    known = OPEN | set(LISTS) | set(ITEMS) | set(CHANGES) | COUNTS
    assert registered - known == set(), "routes without promises"
    assert known - registered == set(), "promises without a route"


@pytest.mark.parametrize("member", [OUTSIDER, "admin"])
def test_lists_keep_silence(world: World, member: str) -> None:
    """Every list answers byte for byte the same with and without documents hidden from the reader."""
    settle(world)
    addresses = [address for found in LISTS.values() for address in found]
    before = {address: shown(world, member, address) for address in addresses}
    fill(world)
    for address in addresses:
        assert shown(world, member, address) == before[address], address


def shown(world: World, member: str, address: str) -> tuple[int, str, str]:
    answer = world.ask(member, "GET", address)
    return answer.status_code, answer.text, answer.headers.get("location", "")  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", sorted(ITEMS))
def test_hidden_answers_like_nonexistent(world: World, route: tuple[str, str]) -> None:
    """One cannot tell what is hidden from what is not there; whoever is cleared gets it."""
    held = fill(world)
    method, path = route
    target = held[ITEMS[route]]
    for member in (OUTSIDER, "admin"):
        hidden, missing = (
            world.ask(member, method, path.replace("{id}", identifier)) for identifier in (target, NOWHERE)
        )
        assert hidden.status_code == missing.status_code == 404  # type: ignore[attr-defined]
        assert hidden.text.replace(target, "") == missing.text.replace(NOWHERE, "")  # type: ignore[attr-defined]
    cleared = world.ask("rapporteur", method, path.replace("{id}", target))
    assert cleared.status_code == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", sorted(ITEMS))
def test_no_reading_without_a_trace(world: World, route: tuple[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each reading is in the journal under the reader's name; where it cannot be written, nothing is served."""
    held = fill(world)
    method, path = route
    address = path.replace("{id}", held[ITEMS[route]])
    before = trace(world)
    answer = world.ask("rapporteur", method, address)
    assert answer.status_code == 200  # type: ignore[attr-defined]
    assert trace(world) == before + 1
    monkeypatch.setattr(Journal, "record", _refuse)
    refused = world.ask("rapporteur", method, address)
    assert refused.status_code == 503  # type: ignore[attr-defined]
    assert "secret" not in refused.text.lower()  # type: ignore[attr-defined]


def _refuse(*_: object) -> None:
    raise Unwritten


def trace(world: World) -> int:
    with world.archive.database.read() as session:
        return int(
            session.exec(select(func.count()).select_from(AuditRow).where(AuditRow.member_id == "rapporteur")).one()
        )


@pytest.mark.parametrize("route", sorted(route for route, (kind, _) in CHANGES.items() if kind))
def test_changes_are_refused_like_nonexistent(world: World, route: tuple[str, str]) -> None:
    """A stranger's change to a hidden thing answers as for none, and changes nothing."""
    held = fill(world)
    method, path = route
    kind, request = CHANGES[route]
    hidden, missing = (
        world.ask(OUTSIDER, method, path.replace("{id}", identifier), **request) for identifier in (held[kind], NOWHERE)
    )
    assert hidden.status_code == missing.status_code  # type: ignore[attr-defined]
    assert hidden.status_code in {403, 404}  # type: ignore[attr-defined]
    assert hidden.text.replace(held[kind], "") == missing.text.replace(NOWHERE, "")  # type: ignore[attr-defined]
    assert world.ask("rapporteur", "GET", f"/dossiers/{held['case']}").status_code == 200  # type: ignore[attr-defined]


@pytest.mark.parametrize("route", sorted(OPEN | set(LISTS) | set(ITEMS) | set(CHANGES) | COUNTS))
def test_nothing_opens_without_signing_in(world: World, route: tuple[str, str]) -> None:
    """Without a sign-in, every route but the open ones sends one to sign in, whatever is behind it."""
    held = fill(world)
    method, path = route
    answers = set()
    for identifier in (held["piece"], NOWHERE):
        answer = world.ask("", method, re.sub(r"\{id\}", identifier, path))
        answers.add((answer.status_code, answer.text.replace(identifier, "")))  # type: ignore[attr-defined]
    assert len(answers) == 1
    (status, text) = answers.pop()
    if route not in OPEN:
        assert status in {303, 401, 403}
        assert "secret" not in text.lower()
