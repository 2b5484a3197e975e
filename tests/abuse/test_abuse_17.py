"""17. A 17 MiB frame; 100,000 gapped updates; a run-length bomb; nesting 50,000 deep."""

from __future__ import annotations

import asyncio

import pytest

from editor_plugin import protocol
from tests.editor_plugin import forge
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until
from tests.editor_plugin.test_updates import HOSTILE

FRAMES = {
    "17 MiB": protocol.sync(protocol.UPDATE, forge.paragraph("a" * (17 << 20))),
    "9 MiB": protocol.sync(protocol.UPDATE, forge.paragraph("a" * (9 << 20))),
    "a state vector of a billion clients": protocol.sync(protocol.STEP_1, forge.uint(1 << 30)),
    "a frame of no kind": b"\xff" * 20,
    "an update without its end": b"\x00\x02\xff\xff\x03",
} | {
    name: protocol.sync(protocol.UPDATE, HOSTILE[name])
    for name in (
        "a run-length bomb of deleted characters",
        "a run-length bomb of collected structs",
        "elements nested 50,000 deep",
        "values nested 50,000 deep",
    )
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_bomb_costs_its_sender_alone(name: str) -> None:
    """The sender is closed, nothing is written, and the process serves the others on."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            two.automatic = False
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "mallory"):
                two.raw(FRAMES[name])
                await two.closed.wait()
                assert two.code in {1003, 1008, 1009}
                one.paragraph("toujours là")
                await until(one.settled)
            assert len(host.updates("d1")) == 1

    asyncio.run(play())


def test_a_hundred_thousand_gaps_are_stopped() -> None:
    """Updates that build on what never came are asked for once, then their sender is closed; none is kept."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            two.automatic = False
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "mallory"):
                for clock in range(100_000):
                    two.update(forge.update(forge.at_root(7, forge.element("paragraph")), clock=2 * clock + 1))
                await two.closed.wait()
                assert two.code == 1008
                asked = [frame for frame in two.frames if frame[:2] == b"\x00\x00"]
                assert len(asked) <= 2
                one.paragraph("toujours là")
                await until(one.settled)
            assert len(host.updates("d1")) == 1

    asyncio.run(play())


def test_a_hundred_thousand_gaps_in_one_update() -> None:
    """The same in one frame is no document either."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("mallory", "d1")
        async with running(host) as server:
            two = Client()
            two.automatic = False
            async with two.joined(server, "d1", "mallory"):
                asked = len(two.frames)
                two.update(forge.gapped(100_000))
                await until(lambda: len(two.frames) > asked)
                assert not two.acknowledged
            assert not host.updates("d1")

    asyncio.run(play())
