"""12. Revocation on an open socket, sending and receiving, then reconnecting with the old token."""

from __future__ import annotations

import asyncio

import pytest
import websockets

from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until


@pytest.mark.parametrize("announced", [True, False], ids=["announced", "unannounced"])
def test_no_frame_follows_a_revocation(announced: bool) -> None:
    """From the moment the right is gone not one frame goes out, whether the portal announces it or not."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "bruno"):
                text = one.paragraph("a")
                await until(lambda: two.text() == one.text())
                host.disk.clear()
                text.insert(1, "b")
                two.say({"user": {}})
                await until(lambda: one.present)
                if announced:
                    host.revoke("bruno", "d1")
                else:
                    del host.rights["bruno", "d1"]
                frames = len(two.frames)
                host.disk.set()
                await until(one.settled)
                text.insert(2, "c")
                await until(one.settled)
                await two.closed.wait()
                assert len(two.frames) == frames
                assert two.code == 4403
                assert "bc" not in two.text()

    asyncio.run(play())


def test_the_revoked_write_nothing_and_stay_out() -> None:
    """What a revoked member sends is not written down, and the old token opens the room no more."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("bruno", "d1")
        async with running(host) as server:
            two = Client()
            async with two.joined(server, "d1", "bruno"):
                two.paragraph("avant")
                await until(two.settled)
                del host.rights["bruno", "d1"]
                two.paragraph("après")
                await two.closed.wait()
                assert two.code == 4403
            assert len(host.updates("d1")) == 1
            with pytest.raises(websockets.InvalidStatus):
                async with Client(ack=False).joined(server, "d1", "bruno"):
                    pass
            again = Client()
            async with again.joined(server, "d1", "bruno"):
                await again.closed.wait()
            assert again.code == 4404
            assert not again.frames

    asyncio.run(play())


def test_the_others_stay() -> None:
    """Revoking one member closes nobody else."""

    async def play() -> None:
        host = MemoryHost()
        for member in ("alice", "bruno", "chloe"):
            host.admit(member, "d1")
        async with running(host) as server:
            one, two, three = Client(), Client(), Client()
            async with (
                one.joined(server, "d1", "alice"),
                two.joined(server, "d1", "bruno"),
                three.joined(server, "d1", "chloe"),
            ):
                host.revoke("bruno", "d1")
                await two.closed.wait()
                one.paragraph("suite")
                await until(lambda: "suite" in three.text())

    asyncio.run(play())
