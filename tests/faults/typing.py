"""Three colleagues type in one draft while its server is killed again and again; what was acknowledged is kept."""

from __future__ import annotations

import asyncio
import re
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from pycrdt import Doc, XmlText
from websockets.exceptions import WebSocketException

from portal.app import open_archive
from portal.plugin import Access
from portal.settings import read_settings
from tests.editor_plugin.client import Client
from tests.editor_plugin.server import until
from tests.faults import process
from tests.portal.conftest import MEMBERS

WRITERS = ("rapporteur", "doyen", "autre")
IN_FLIGHT = 4
"""Words that a typist sends ahead of their acknowledgements."""
DEADLINE = 60.0
TOKEN = re.compile(r"[a-z]+x\d+y")


@dataclass(frozen=True, slots=True)
class Room:
    """Where the draft is served, and the bearer tokens of those who write in it."""

    home: Path
    port: int
    draft: str
    tokens: dict[str, str]

    @property
    def address(self) -> str:
        return f"ws://127.0.0.1:{self.port}/editor"


@dataclass(slots=True)
class Typist:
    """Someone who types words that nobody else types, and remembers which of them were acknowledged."""

    member: str
    rng: Random
    doc: Doc[Any] = field(default_factory=Doc)
    typed: list[str] = field(default_factory=list)
    acknowledged: set[str] = field(default_factory=set)
    sent: list[tuple[int, str]] = field(default_factory=list)
    """Frame numbers of this connection, with the word that each carries."""
    own: list[XmlText] = field(default_factory=list)

    def come_back(self, client: Client) -> None:
        """What was never acknowledged left again with the handshake."""
        self.sent = [(client.sent, word) for word in self.typed if word not in self.acknowledged]

    def type(self, client: Client) -> None:
        """One word: a new paragraph, or the beginning or the end of one of one's own."""
        word = f"{self.member}x{len(self.typed)}y"
        self.typed.append(word)
        text = self.rng.choice(self.own[-5:]) if self.own and self.rng.random() < 0.6 else None
        if text is None:
            self.own.append(client.paragraph(word))
        else:
            text.insert(0 if self.rng.random() < 0.5 else len(str(text).encode()), f" {word} ")
        self.sent.append((client.sent, word))

    def learn(self, client: Client) -> None:
        if not client.acknowledged:
            return
        received = client.acknowledged[-1]["received"]
        self.acknowledged |= {word for frame, word in self.sent if frame <= received}
        self.sent = [(frame, word) for frame, word in self.sent if frame > received]


@dataclass(slots=True)
class Outcome:
    """What kills did. `lost` and `doubled` are as seen by someone who comes anew right after each restart."""

    kills: int = 0
    acknowledged: int = 0
    unacknowledged: int = 0
    """Words that were on their way when the server died, over all kills."""
    lost: set[str] = field(default_factory=set)
    doubled: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    typed: set[str] = field(default_factory=set)


def prepare(home: Path) -> Room:
    """An archive with a draft that three members may write."""
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    archive.people.add(MEMBERS)
    author = archive.people.get(WRITERS[0])
    assert author is not None
    draft = archive.drafts.open(author, "note", None, "Note sous les coupures")
    for colleague in WRITERS[1:]:
        archive.drafts.invite(author, draft, colleague, Access.WRITE)
    tokens = {member: archive.tokens.create(member) for member in WRITERS}
    archive.close()
    return Room(home, process.free_port(), draft, tokens)


async def type_under_kills(room: Room, command: Sequence[str], cycles: int, seed: int) -> Outcome:
    """Serve with `python COMMAND --port N`, kill it `cycles` times amid typing, then let everyone finish."""
    rng, outcome = Random(seed), Outcome()
    typists = [Typist(member, Random(f"{seed} {member}")) for member in WRITERS]
    for _ in range(cycles):
        server = await _serve(room, command)
        try:
            await _look(room, typists, outcome)
            if outcome.lost:  # what builds on lost words is refused: no typing goes on from here
                return outcome
            await _cycle(room, typists, server, rng)
        finally:
            if server.poll() is None:
                process.kill(server)
        outcome.kills += 1
        outcome.unacknowledged += sum(len(typist.sent) for typist in typists)
    server = await _serve(room, command)
    try:
        await _look(room, typists, outcome)
        await _finish(room, typists, outcome)
    finally:
        process.kill(server)
    return outcome


async def _serve(room: Room, command: Sequence[str]) -> subprocess.Popen[bytes]:
    server = process.start(room.home, ["--port", str(room.port)], command)
    async with asyncio.timeout(DEADLINE):
        while not await asyncio.to_thread(process.answers, room.port):
            assert server.poll() is None, "the server ended by itself"
            await asyncio.sleep(0.01)
    return server


async def _look(room: Room, typists: Sequence[Typist], outcome: Outcome) -> None:
    """Someone who holds nothing opens the draft before its writers are back: only the server's disk can answer."""
    fresh = Client()
    async with fresh.joined(room, room.draft, room.tokens[WRITERS[0]]):
        counts = Counter(TOKEN.findall(fresh.text()))
    outcome.lost |= {word for typist in typists for word in typist.acknowledged if word not in counts}
    outcome.doubled |= {word for word, count in counts.items() if count > 1}


async def _cycle(room: Room, typists: Sequence[Typist], server: subprocess.Popen[bytes], rng: Random) -> None:
    """Type until the server is dead: some acknowledgements and a moment after everyone is back."""
    enough, moment = rng.randint(0, 24), rng.uniform(0, 0.02)
    before = sum(len(typist.acknowledged) for typist in typists)
    typing = [asyncio.create_task(_type(room, typist, server)) for typist in typists]

    def time_has_come() -> bool:
        learned = sum(len(typist.acknowledged) for typist in typists) - before
        return learned >= enough or any(task.done() for task in typing)

    try:
        await until(time_has_come, DEADLINE)
        await asyncio.sleep(moment)
        assert not any(task.done() for task in typing), "a typist was put out while the server lived"
    finally:
        process.kill(server)
        await asyncio.gather(*typing)


async def _type(room: Room, typist: Typist, server: subprocess.Popen[bytes]) -> None:
    """Type until the connection ends. Where the kill comes before the handshake, nobody types."""
    client = Client(typist.doc)
    try:
        async with client.joined(room, room.draft, room.tokens[typist.member]):
            await until(lambda: client.sent or client.closed.is_set(), DEADLINE)
            typist.come_back(client)
            while not client.closed.is_set():
                typist.learn(client)
                if len(typist.sent) < IN_FLIGHT:
                    typist.type(client)
                await asyncio.sleep(0)
            typist.learn(client)
    except (OSError, WebSocketException):
        if server.poll() is None:
            raise
    finally:
        typist.doc.unobserve(client.subscription)


async def _finish(room: Room, typists: Sequence[Typist], outcome: Outcome) -> None:
    """All come back, all is acknowledged, and all hold what a newcomer reads."""
    clients = [Client(typist.doc) for typist in typists]
    async with asyncio.TaskGroup() as back:
        for client, typist in zip(clients, typists, strict=True):
            back.create_task(_settle(room, client, typist, clients))
    await _look(room, typists, outcome)
    fresh = Client()
    async with fresh.joined(room, room.draft, room.tokens[WRITERS[1]]):
        outcome.texts = {fresh.text(), *(client.text() for client in clients)}
    outcome.typed = {word for typist in typists for word in typist.typed}
    outcome.acknowledged = sum(len(typist.acknowledged) for typist in typists)


async def _settle(room: Room, client: Client, typist: Typist, clients: Sequence[Client]) -> None:
    async with client.joined(room, room.draft, room.tokens[typist.member]):
        await until(lambda: client.sent and client.settled(), DEADLINE)
        typist.come_back(client)
        typist.learn(client)
        await until(lambda: len({one.text() for one in clients}) == 1, DEADLINE)
