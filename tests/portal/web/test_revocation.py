"""What leaves the portal when a clearance ends while an answer is being made or sent."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from sqlmodel import Session

from ingest.extraction import Extraction
from portal.archive.documents import Documents
from portal.nouns.case_file import CaseRole
from portal.nouns.member import Member
from portal.store.tables import DocumentRow, VersionRow
from portal.web.pages import documents as pages
from portal.web.portal import Portal
from portal.web.revocation import Revoked
from tests.portal.web.conftest import World


def unassign(world: World, case: str) -> None:
    world.archive.case_files.unassign(case, CaseRole("rapporteur", "rapporteur"), "greffe")


class Watched(BytesIO):
    """Bytes that say where each reading of them begins."""

    def __init__(self, body: bytes, turn: Callable[[int], None]) -> None:
        super().__init__(body)
        self._turn = turn

    def read(self, size: int | None = -1, /) -> bytes:
        self._turn(self.tell())
        return super().read(size)


def watch(monkeypatch: pytest.MonkeyPatch, turn: Callable[[int], None]) -> None:
    """Call `turn` with the place at which each chunk of an original begins."""
    opened = Documents.open

    def watched(self: Documents, session: Session, row: DocumentRow) -> tuple[VersionRow, Watched]:
        version, file = opened(self, session, row)
        with file:
            return version, Watched(file.read(), turn)

    monkeypatch.setattr(Documents, "open", watched)


def test_a_page_drawn_before_a_revocation_is_not_sent_after_it(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A clearance that ends while the page is drawn: the page is drawn again, and says that there is nothing."""
    case = world.open_case("2199999", ("rapporteur", "rapporteur"))
    piece = world.deposit("Mémoire secret", case_file=case)
    reading = Documents.reading
    revoked: list[DocumentRow] = []

    def slow(self: Documents, session: Session, row: DocumentRow) -> Extraction | None:
        found = reading(self, session, row)
        if not revoked:
            revoked.append(row)
            unassign(world, case)
        return found

    monkeypatch.setattr(Documents, "reading", slow)
    answer = world.ask("rapporteur", "GET", f"/documents/{piece}")
    assert revoked
    assert (answer.status_code, "secret" in answer.text) == (404, False)  # type: ignore[attr-defined]


def test_a_download_stops_where_the_clearance_ends(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long body under way: no byte of it is sent once the revocation is committed."""
    case = world.open_case("2199999", ("rapporteur", "rapporteur"))
    piece = world.deposit("x" * (pages.CHUNK * 8), case_file=case)
    sent: list[int] = []

    def turn(at: int) -> None:
        sent.append(at)
        if len(sent) == 3:
            unassign(world, case)

    watch(monkeypatch, turn)
    with pytest.raises(Revoked):
        world.ask("rapporteur", "GET", f"/documents/{piece}/original")
    assert len(sent) == 3


def test_a_download_stops_with_the_sign_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever's token is revoked, or session closed, while a file is under way gets no more of it."""
    case = world.open_case("2199999", ("rapporteur", "rapporteur"))
    piece = world.deposit("x" * (pages.CHUNK * 8), case_file=case)
    sent: list[int] = []

    def turn(at: int) -> None:
        sent.append(at)
        if len(sent) == 3:
            for held in world.archive.tokens.of("rapporteur"):
                world.archive.tokens.revoke("rapporteur", held.id)

    watch(monkeypatch, turn)
    with pytest.raises(Revoked):
        world.ask("rapporteur", "GET", f"/documents/{piece}/original")
    assert len(sent) == 3


def test_changes_that_concern_others_do_not_stop_a_download(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another's clearance ends while a long body is under way: it goes on to its end."""
    case = world.open_case("2199999", ("rapporteur", "rapporteur"), ("doyen", "doyen"))
    body = "x" * (pages.CHUNK * 8)
    piece = world.deposit(body, case_file=case)
    still = pages._still
    asked: list[str] = []

    def asking(portal: Portal, member: Member, document: str) -> bool:
        asked.append(document)
        return still(portal, member, document)

    def turn(at: int) -> None:
        if at == pages.CHUNK * 3:
            world.archive.case_files.unassign(case, CaseRole("doyen", "doyen"), "greffe")

    monkeypatch.setattr(pages, "_still", asking)
    watch(monkeypatch, turn)
    answer = world.ask("rapporteur", "GET", f"/documents/{piece}/original")
    assert len(answer.content) == len(body)  # type: ignore[attr-defined]
    assert asked
