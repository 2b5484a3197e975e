"""11. A reader sends sync step 2 and updates."""

from __future__ import annotations

import asyncio

import pytest

from editor_plugin import protocol
from portal.plugin import Access
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until


@pytest.mark.parametrize("access", [Access.READ, Access.COMMENT, Access.SUGGEST])
@pytest.mark.parametrize("step", [protocol.STEP_2, protocol.UPDATE])
def test_a_reader_changes_nothing(access: Access, step: int) -> None:
    """What a reader sends reaches neither the log nor anyone's screen, new words and deletions alike."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("lise", "d1", access)
        async with running(host) as server:
            one, reader = Client(), Client()
            reader.automatic = False
            async with one.joined(server, "d1", "alice"):
                one.paragraph("du magistrat")
                await until(one.settled)
                async with reader.joined(server, "d1", "lise"):
                    before = reader.doc.get_state()
                    reader.paragraph("du lecteur")
                    reader.raw(protocol.sync(step, reader.doc.get_update(before)))
                    await until(lambda: reader.refusals)
                    assert reader.refusals[0]["reason"] == "read-only"
                    await until(lambda: len(reader.body.children) == 2)
                    state = reader.doc.get_state()
                    del reader.body.children[0]
                    reader.raw(protocol.sync(step, reader.doc.get_update(state)))
                    one.paragraph("ensuite")
                    await until(lambda: "ensuite" in reader.text())
                    await until(one.settled)
                    assert not reader.acknowledged
                assert {entry.author for entry in host.entries["d1"]} == {"alice"}
                assert one.text() == "<paragraph>du magistrat</paragraph><paragraph>ensuite</paragraph>"
            async with Client().joined(server, "d1", "alice") as fresh:
                assert fresh.text() == one.text()

    asyncio.run(play())
