"""16. Nodes and marks outside the schema; unknown root types."""

from __future__ import annotations

import asyncio

import pytest

from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until
from tests.editor_plugin.test_updates import HOSTILE

NAMES = [
    name for name in HOSTILE if name.startswith(("an unknown", "a node", "a paragraph", "letters", "a link", "an em"))
]


@pytest.mark.parametrize("name", NAMES)
def test_what_the_schema_does_not_know_stays_out(name: str) -> None:
    """It is refused, its sender is closed, and colleagues write on in the same room."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            two.automatic = False
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "mallory"):
                two.update(HOSTILE[name])
                await two.closed.wait()
                assert two.refusals[-1]["reason"] == "invalid"
                one.paragraph("intact")
                await until(one.settled)
                assert one.text() == "<paragraph>intact</paragraph>"
            assert len(host.updates("d1")) == 1

    asyncio.run(play())
