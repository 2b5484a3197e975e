"""The editor in the portal itself: its rights, its log on disk, its archive."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import websockets
from starlette.applications import Starlette

from indexer.hashing import HashingEmbedder
from portal.app import Archive, create_app, open_archive
from portal.plugin import Access
from portal.settings import Settings
from tests.editor_plugin.client import Client
from tests.editor_plugin.server import Running, served, until
from tests.portal.conftest import MEMBERS


@dataclass(frozen=True, slots=True)
class Court:
    app: Starlette
    archive: Archive
    tokens: dict[str, str]

    def draft(self, author: str, *invited: str) -> str:
        member = self.archive.people.get(author)
        assert member is not None
        draft = self.archive.drafts.open(member, "note", None)
        for colleague in invited:
            self.archive.drafts.invite(member, draft, colleague, Access.WRITE)
        return draft

    def uninvite(self, author: str, draft: str, colleague: str) -> None:
        member = self.archive.people.get(author)
        assert member is not None
        self.archive.drafts.uninvite(member, draft, colleague)

    def rendered(self, draft: str) -> int:
        return self.archive.drafts.rendered().get(draft, 0)


@pytest.fixture
def court(tmp_path: Path) -> Iterator[Court]:
    database = f"sqlite:///{tmp_path / 'home' / 'archive.sqlite'}"
    settings = Settings(home=tmp_path / "home", cache=tmp_path / "cache", database=database, workers=1)
    archive = open_archive(settings)
    archive.people.add(MEMBERS)
    tokens = {member.id: archive.tokens.create(member.id) for member in MEMBERS}
    yield Court(create_app(settings, embedder=HashingEmbedder()), archive, tokens)
    archive.close()


def test_two_magistrats_write_one_draft(court: Court) -> None:
    """They see each other's words, the words are rendered for the index, and an uninvited one is closed at once."""

    async def play() -> None:
        draft = court.draft("rapporteur", "doyen")
        async with served(court.app) as address:
            server = Running(f"{address}/editor", None)
            one, two = Client(), Client()
            async with (
                one.joined(server, draft, court.tokens["rapporteur"]),
                two.joined(server, draft, court.tokens["doyen"]),
            ):
                one.paragraph("Attendu que l’été fut long")
                two.say({"user": {"name": "Roy"}})
                await until(lambda: "long" in two.text())
                await until(lambda: two.doc.client_id in one.present)
                assert (one.present[two.doc.client_id] or {})["user"]["name"] == "M. Dupré"
                await until(one.settled)
                await until(lambda: court.rendered(draft) == one.acknowledged[-1]["sequence"])
                court.uninvite("rapporteur", draft, "doyen")
                frames = len(two.frames)
                one.paragraph("sans lui")
                await two.closed.wait()
                assert two.code == 4403
                assert len(two.frames) == frames
                await until(one.settled)

    asyncio.run(play())


def test_a_stranger_stays_outside(court: Court) -> None:
    """Without a right to the draft there is no handshake, as if there were no such draft."""

    async def play() -> None:
        draft = court.draft("rapporteur")
        async with served(court.app) as address:
            server = Running(f"{address}/editor", None)
            for token, name in ((court.tokens["autre"], draft), (court.tokens["autre"], "rien"), ("faux", draft)):
                with pytest.raises(websockets.InvalidStatus) as refused:
                    async with Client(ack=False).joined(server, name, token):
                        pass
                assert refused.value.response.status_code == 403

    asyncio.run(play())
