"""A room over real sockets."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator
from pathlib import Path

import websockets
from pycrdt import Doc, XmlFragment

from editor_plugin.document import Broken
from portal.plugin import Access
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import Running, running, until


def test_two_clients_see_each_other() -> None:
    """What one member types reaches the other's document, and the log holds it under the author's name."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client(ack=False)
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "bruno"):
                one.paragraph("Attendu que l’été")
                await until(lambda: "été" in two.text())
                two.paragraph("😀 par ces motifs")
                await until(lambda: one.text() == two.text() and "motifs" in one.text())
                await until(one.settled)
                assert {entry.author for entry in host.entries["d1"]} == {"alice", "bruno"}
                assert not two.acknowledged

    asyncio.run(play())


def replay(host: MemoryHost, draft: str) -> str:
    doc: Doc = Doc()
    body = doc.get("body", type=XmlFragment)
    for update in host.updates(draft):
        doc.apply_update(update)
    return str(body)


def test_nothing_is_known_before_it_is_durable() -> None:
    """While the disk has not taken an edit, its author has no acknowledgement and nobody else sees it."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two, late = Client(), Client(), Client()
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "bruno"):
                await until(one.settled)
                host.disk.clear()
                one.paragraph("pas encore")
                two.say({"user": {}})  # a frame that overtakes shows that the room is not merely slow
                await until(lambda: one.present)
                joining = asyncio.create_task(anext(aiter_joined(late, server)))
                await asyncio.sleep(0)
                assert not one.settled()
                assert "encore" not in two.text()
                assert not late.synced.is_set()
                host.disk.set()
                await until(one.settled)
                await until(lambda: "encore" in two.text())
                await joining
                assert "encore" in late.text()
                assert one.acknowledged[-1]["sequence"] == host.entries["d1"][-1].sequence

    async def aiter_joined(client: Client, server: Running) -> AsyncIterator[None]:
        async with client.joined(server, "d1", "bruno"):
            yield

    asyncio.run(play())


def test_a_full_disk_loses_nothing() -> None:
    """Where the disk refuses, the author is told and closed, nobody sees the edit, and coming back makes it durable."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with two.joined(server, "d1", "bruno"):
                async with one.joined(server, "d1", "alice"):
                    host.full = True
                    one.paragraph("sur un disque plein")
                    await one.closed.wait()
                assert one.code == 1013
                assert one.refusals[-1]["reason"] == "unavailable"
                assert not host.updates("d1")
                host.full = False
                again = Client(one.doc)
                async with again.joined(server, "d1", "alice"):
                    await until(again.settled)
                    await until(lambda: two.text() == one.text())
                assert "plein" in replay(host, "d1")

    asyncio.run(play())


def test_a_room_reloads_identical() -> None:
    """An empty room leaves memory; the next visitor finds the same document, and coming back writes nothing."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host, linger=0) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                text = one.paragraph("")
                for letter in "Vu l’article 1240 du code civil 😀":
                    text.insert(len(text), letter)
                del text[0:3]
                await until(one.settled)
            await until(lambda: len(server.rooms) == 0)
            count = len(host.updates("d1"))
            two, back = Client(), Client(one.doc)
            async with two.joined(server, "d1", "alice"), back.joined(server, "d1", "alice"):
                assert two.text() == one.text()
                await until(back.settled)
            assert len(host.updates("d1")) == count

    asyncio.run(play())


def test_an_offline_client_comes_back_to_everyone() -> None:
    """What was written offline is durable and reaches everyone when its author returns."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            one.paragraph("écrit hors ligne")
            async with two.joined(server, "d1", "bruno"), one.joined(server, "d1", "alice"):
                await until(one.settled)
                await until(lambda: "hors ligne" in two.text())
            assert "hors ligne" in replay(host, "d1")

    asyncio.run(play())


def test_a_gap_is_asked_for() -> None:
    """An update that builds on structs that never came is not written down: the server asks, then has it all."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                await until(one.settled)
                one.automatic = False
                updates: list[bytes] = []
                subscription = one.doc.observe(lambda event: updates.append(event.update))
                text = one.paragraph("un")
                text.insert(2, " deux")
                one.automatic = True
                one.update(updates[-1])
                await until(one.settled)
                assert replay(host, "d1") == one.text()
                one.doc.unobserve(subscription)

    asyncio.run(play())


def test_a_log_that_cannot_be_read_opens_no_room() -> None:
    """No handshake before the document is loaded: a failed load closes the socket, and the next try may succeed."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host) as server:
            host.unreadable = True
            one = Client()
            async with one.joined(server, "d1", "alice"):
                await one.closed.wait()
            assert one.code == 1013
            assert not one.frames
            host.unreadable = False
            two = Client()
            async with two.joined(server, "d1", "alice"):
                assert two.code is None

    asyncio.run(play())


def test_a_slow_client_is_dropped_alone() -> None:
    """A client that reads nothing costs itself only: it is dropped, while the others go on."""

    async def play() -> None:
        host = MemoryHost()
        for member in ("alice", "bruno", "chloe"):
            host.admit(member, "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with (
                one.joined(server, "d1", "alice"),
                two.joined(server, "d1", "bruno"),
                websockets.connect(
                    f"{server.address}/rooms/d1",
                    additional_headers={"Authorization": "Bearer chloe"},
                    max_queue=1,
                    close_timeout=0.1,
                ) as deaf,
            ):
                await until(lambda: len(server.rooms.room("d1").connections) == 3)
                deaf.transport.pause_reading()
                words = "long " * 40_000
                for _ in range(200):
                    one.paragraph(words)
                    await until(one.settled)
                    if len(server.rooms.room("d1").connections) == 2:
                        break
                await until(lambda: len(server.rooms.room("d1").connections) == 2)
                one.paragraph("toujours là")
                await until(lambda: "toujours là" in two.text())
                deaf.transport.abort()

    asyncio.run(play())


def test_presence_comes_and_goes() -> None:
    """A late joiner learns who is there, and everyone learns who left."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1", name="Mme Arnaud")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with two.joined(server, "d1", "bruno"):
                async with one.joined(server, "d1", "alice"):
                    one.say({"user": {"name": "?"}, "cursor": {"anchor": 1}})
                    await until(lambda: one.doc.client_id in two.present)
                    late = Client()
                    async with late.joined(server, "d1", "bruno"):
                        await until(lambda: one.doc.client_id in late.present)
                        state = late.present[one.doc.client_id]
                        assert state is not None
                        assert state["user"]["name"] == "Mme Arnaud"
                        assert state["cursor"] == {"anchor": 1}
                await until(lambda: two.present[one.doc.client_id] is None)

    asyncio.run(play())


def test_a_change_of_rights_is_told() -> None:
    """Whoever may only read from now on is told so, and their next edit is refused."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                assert one.welcomes[0]["access"] == "write"
                host.admit("alice", "d1", Access.READ)
                await until(lambda: one.welcomes[-1]["access"] == "read")
                one.paragraph("trop tard")
                await until(lambda: one.refusals)
                assert one.refusals[0]["reason"] == "read-only"
                assert not host.updates("d1")

    asyncio.run(play())


def test_a_reader_becomes_a_writer() -> None:
    """Invited to write while the page is open, a reader is asked for what the page holds and may write at once."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("lise", "d1", Access.READ)
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "lise"):
                assert one.sent == 0
                host.admit("lise", "d1", Access.WRITE)
                await until(one.settled)
                one.paragraph("enfin")
                await until(one.settled)
                assert "enfin" in replay(host, "d1")

    asyncio.run(play())


def test_memory_reaches_a_plateau(soak: bool) -> None:
    """Rooms that were opened and left are let go: 500 of them leave less than 5 % behind."""
    count = 10_000 if soak else 500

    async def visit(server: Running, number: int) -> None:
        client = Client()
        async with client.joined(server, f"d{number}", "alice"):
            client.paragraph("Vu l’article 1240 du code civil " * 20)
            await until(client.settled)
        client.doc.unobserve(client.subscription)

    async def play() -> None:
        host = MemoryHost()
        for number in range(count + 100):
            host.admit("alice", f"d{number}")
        async with running(host, linger=0) as server:
            for number in range(100):
                await visit(server, number)
            await until(lambda: len(server.rooms) == 0)
            before = resident(host)
            for number in range(100, count + 100, 5):
                await asyncio.gather(*(visit(server, number + each) for each in range(5)))
            await until(lambda: len(server.rooms) == 0)
            assert resident(host) < 1.05 * before

    asyncio.run(play())


def resident(host: MemoryHost) -> int:
    """This process's pages in memory, without what the host itself has kept."""
    host.entries.clear()
    host.renditions.clear()
    host.owners.clear()
    gc.collect()
    return int(Path("/proc/self/statm").read_text().split()[1])


def test_an_update_that_breaks_the_document_is_never_written() -> None:
    """Where the document breaks under an update, that one is refused and everything before it stays."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "bruno"):
                one.paragraph("avant")
                await until(lambda: "avant" in two.text())
                document = server.rooms.room("d1").turns.document
                apply, document.apply = document.apply, broken
                one.paragraph("poison")
                await one.closed.wait()
                assert one.refusals[-1]["reason"] == "invalid"
                assert server.rooms.room("d1").turns.document is not document
                two.paragraph("après")
                await until(two.settled)
                assert "après" in replay(host, "d1")
                assert "poison" not in replay(host, "d1")
                document.apply = apply

    def broken(_examined: object) -> bool:
        raise Broken

    asyncio.run(play())


def test_words_are_rendered_soon_and_at_the_end() -> None:
    """A rendition follows each edit, when the last one leaves as well, and holds the last sequence."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                one.paragraph("cassation partielle")
                await until(lambda: "d1" in host.renditions, 2)
                one.paragraph("sans renvoi")
                await until(one.settled)
        assert host.renditions["d1"].text == "cassation partielle\nsans renvoi"
        assert host.renditions["d1"].upto == host.entries["d1"][-1].sequence

    asyncio.run(play())


def test_a_restart_renders_what_a_crash_left_behind() -> None:
    """A draft whose log is ahead of its rendition is rendered at the start, before anyone opens it."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                one.paragraph("rescapé")
                await until(one.settled)
        host.renditions.clear()
        async with running(host):
            await until(lambda: "d1" in host.renditions)
        assert host.renditions["d1"].text == "rescapé"

    asyncio.run(play())
