"""The whole portal over HTTP, with everyone's token, in one world that tests may add to."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import pytest
from sqlmodel import col, select
from starlette.testclient import TestClient

from indexer.hashing import HashingEmbedder
from ingest.extraction import Extraction, Metadata, Value
from portal.app import Archive, create_app, open_archive, open_feed
from portal.archive.documents import Deposit
from portal.archive.quarantine import Held
from portal.nouns.case_file import CaseRole, NewCaseFile
from portal.plugin import Access, Rendition
from portal.settings import Settings
from portal.store.tables import GrantRow
from portal.web.authentication import COOKIE
from tests.portal.conftest import MEMBERS, published
from tests.portal.textarea import TextareaEditor


@dataclass(frozen=True, slots=True)
class World:
    """A served portal and the archive behind it."""

    archive: Archive
    client: TestClient
    tokens: dict[str, str]

    def ask(self, member: str, method: str, path: str, **more: object) -> object:
        headers = {"Authorization": f"Bearer {self.tokens[member]}", "Accept": "text/html"} if member else {}
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)  # type: ignore[arg-type]

    def in_person(self, secret: str, method: str, path: str, data: dict[str, str] | None = None) -> object:
        """Ask from a browser that holds this cookie."""
        held = self.archive.sign_ins.get(secret)
        form = {**(data or {}), "csrf": held.csrf if held else ""} if method == "POST" else None
        headers = {"Cookie": f"{COOKIE}={secret}", "Accept": "text/html"}
        return self.client.request(method, path, headers=headers, data=form, follow_redirects=False)

    def index(self) -> None:
        open_feed(self.archive, HashingEmbedder()).catch_up()

    def open_case(self, number: str, *roles: tuple[str, str]) -> str:
        held = tuple(CaseRole(member, role) for member, role in roles)
        return self.archive.case_files.open(
            NewCaseFile(numbers=(number,), chamber="soc", title="X c/ Y", roles=held), "greffe"
        )

    def deposit(
        self,
        text: str,
        *,
        case_file: str | None = None,
        by: str = "greffe",
        kind: str = "piece",
        name: str = "a.txt",
        metadata: Metadata | None = None,
    ) -> str:
        body = text.encode()
        digest = self.archive.documents.put(BytesIO(body))
        extraction = Extraction(
            media_type="text/plain", text=text, metadata=metadata or Metadata(kind=Value(kind, False, "essai"))
        )
        deposit = Deposit(digest=digest, size=len(body), name=name, extraction=extraction, case_file=case_file, by=by)
        return self.archive.documents.deposit([deposit])[0].document

    def draft(self, author: str, text: str, case_file: str | None = None, kind: str = "note") -> str:
        member = self.archive.people.get(author)
        assert member is not None
        draft = self.archive.drafts.open(member, kind, case_file)
        self.archive.drafts.render(Rendition(draft, text, (("", text),), 1))
        return draft

    def invite(self, author: str, draft: str, colleague: str, access: Access = Access.READ) -> None:
        member = self.archive.people.get(author)
        assert member is not None
        self.archive.drafts.invite(member, draft, colleague, access)

    def emergency(self, member: str, number: str) -> str:
        """An emergency access taken by the member. Returns the grant's id."""
        held = self.archive.people.get(member)
        assert held is not None
        self.archive.clearing.emergency(held, number, "Requête urgente")
        with self.archive.database.read() as session:
            return session.exec(select(GrantRow.id).order_by(col(GrantRow.starts).desc())).first() or ""

    def quarantine(self, name: str) -> str:
        digest = self.archive.documents.put(BytesIO(name.encode()))
        return self.archive.quarantine.hold(
            Held(name=name, digest=digest, size=3, reason="damaged", sentence="Ce fichier est abîmé.")
        )

    def published(self, text: str, ecli: str, number: str) -> str:
        return self.deposit(text, metadata=published(ecli, (number,)), by="")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with serving(tmp_path) as world:
        yield world


@contextmanager
def serving(tmp_path: Path, limits: float = 1.0) -> Iterator[World]:
    """A world in this folder, its limits for each member widened by a factor."""
    settings = Settings(
        home=tmp_path / "home",
        cache=tmp_path / "cache",
        database=f"sqlite:///{tmp_path / 'home' / 'archive.sqlite'}",
        workers=1,
        demo=True,
        limits=limits,
    )
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    tokens = {member.id: archive.tokens.create(member.id) for member in MEMBERS}
    app = create_app(settings, editor=TextareaEditor(), embedder=HashingEmbedder())
    with TestClient(app, base_url="http://127.0.0.1:8000") as client:
        yield World(archive, client, tokens)
    archive.close()
