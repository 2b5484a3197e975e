"""A room over real sockets."""

from __future__ import annotations

import asyncio

from pycrdt import Doc, XmlFragment

from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until


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
