"""Everyone ends with the same document, whatever the order in which edits meet."""

from __future__ import annotations

import asyncio
import contextlib
import random
from typing import Any

from pycrdt import Doc, XmlFragment

from editor_plugin.document import Document
from editor_plugin.schema import read
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.schedule import clocks, content, edit
from tests.editor_plugin.server import running, until

SCHEMA = read()


class _Writer:
    """A client without a socket: what it made and has not sent, what it has not heard."""

    def __init__(self, client: int) -> None:
        self.doc: Doc[Any] = Doc(client_id=client)
        self.body = self.doc.get("body", type=XmlFragment)
        self.made: list[bytes] = []
        self.unheard: list[bytes] = []
        self.listening = False
        self._subscription = self.doc.observe(self._note)

    def _note(self, event: Any) -> None:
        if not self.listening:
            self.made.append(event.update)

    def hear(self) -> None:
        self.listening = True
        for update in self.unheard:
            self.doc.apply_update(update)
        self.unheard.clear()
        self.listening = False


def test_random_schedules_converge(soak: bool) -> None:
    """After any schedule of edits and offline spans, writers, room and log hold the same text, marks and clocks."""
    asyncio.run(_play_all(soak))


async def _play_all(soak: bool) -> None:
    for seed in range(100_000 if soak else 2_000):
        chance = random.Random(seed)
        room, log = Document(SCHEMA), []
        writers = [_Writer(client) for client in chance.sample(range(1, 1 << 31), 3)]

        async def deliver(writer: _Writer, room: Document, log: list[bytes], writers: list[_Writer]) -> None:
            for update in writer.made:
                if not room.apply(await room.examine(update)):
                    continue  # a deletion of what is deleted already
                log.append(update)
                for other in writers:
                    if other is not writer:
                        other.unheard.append(update)
            writer.made.clear()

        for _ in range(chance.randint(10, 40)):
            writer = chance.choice(writers)
            step = chance.random()
            if step < 0.6:
                edit(chance, writer.body)
            elif step < 0.8:
                await deliver(writer, room, log, writers)
            else:
                writer.hear()
        for writer in writers:
            await deliver(writer, room, log, writers)
        for writer in writers:
            writer.hear()
        replayed: Doc[Any] = Doc()
        for update in log:
            replayed.apply_update(update)
        expected = content(replayed), clocks(replayed)
        whole: Doc[Any] = Doc()
        whole.apply_update(room.whole())
        for doc in (whole, *(writer.doc for writer in writers)):
            assert (content(doc), clocks(doc)) == expected, seed


def test_clients_that_come_and_go_converge(soak: bool) -> None:
    """Over real sockets, with members who leave, write offline and return, all end alike; the log replays to it."""

    async def play(seed: int) -> None:
        chance = random.Random(seed)
        host = MemoryHost()
        names = ("alice", "bruno", "chloe")
        for name in names:
            host.admit(name, "d1")
        docs = {name: Doc() for name in names}
        async with running(host, linger=0) as server:
            await asyncio.gather(*(_visits(random.Random(chance.random()), docs[name], server, name) for name in names))
            last: Doc[Any] = Doc()
            async with contextlib.AsyncExitStack() as stack:
                clients = [Client(doc) for doc in docs.values()]
                for client, name in zip(clients, names, strict=True):
                    await stack.enter_async_context(client.joined(server, "d1", name))
                await until(lambda: all(client.settled() for client in clients))
                await until(lambda: all(content(client.doc) == content(clients[0].doc) for client in clients))
                assert not any(client.refusals for client in clients)
            for update in host.updates("d1"):
                last.apply_update(update)
            for doc in docs.values():
                assert (content(doc), clocks(doc)) == (content(last), clocks(last)), seed

    async def _visits(chance: random.Random, doc: Doc[Any], server: Any, name: str) -> None:
        for _ in range(3):
            client = Client(doc)
            edit(chance, client.body)
            async with client.joined(server, "d1", name):
                for _ in range(15):
                    edit(chance, client.body)
                    await asyncio.sleep(0)
                if chance.random() < 0.7:
                    await until(client.settled)

    for seed in range(200 if soak else 8):
        asyncio.run(play(seed))
