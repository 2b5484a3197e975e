"""14. Awareness under another's name; a forged leave."""

from __future__ import annotations

import asyncio

from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until


def test_nobody_bears_anothers_name() -> None:
    """Whatever a client announces, colleagues see the name of the session, and none of the forged words."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1", name="Mme Arnaud")
        host.admit("mallory", "d1", name="M. Mallory")
        async with running(host) as server:
            one, two = Client(), Client()
            async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "mallory"):
                two.say({"user": {"name": "Mme Arnaud", "color": "url(x)", "id": "alice"}, "name": "Mme Arnaud"})
                await until(lambda: two.doc.client_id in one.present)
                state = one.present[two.doc.client_id]
                assert state is not None
                assert state["user"]["name"] == "M. Mallory"
                assert "Arnaud" not in str(state)
                assert "url" not in str(state)

    asyncio.run(play())


def test_nobody_speaks_or_leaves_for_another() -> None:
    """States and leaves under a colleague's id change nothing, while she is there and once she has gone."""

    async def play() -> None:
        host = MemoryHost()
        for member in ("alice", "bruno", "mallory"):
            host.admit(member, "d1")
        async with running(host) as server:
            one, two, witness = Client(), Client(), Client()
            async with witness.joined(server, "d1", "bruno"), two.joined(server, "d1", "mallory"):
                async with one.joined(server, "d1", "alice"):
                    one.say({"user": {}, "cursor": 1})
                    await until(lambda: witness.present.get(one.doc.client_id))
                    two.say(None, client=one.doc.client_id, clock=50)
                    two.say({"user": {}, "cursor": 2}, client=one.doc.client_id, clock=51)
                    two.say({"user": {}})
                    await until(lambda: witness.present.get(two.doc.client_id))
                    state = witness.present[one.doc.client_id]
                    assert state is not None
                    assert state["cursor"] == 1
                await until(lambda: witness.present[one.doc.client_id] is None)
                two.say({"user": {}}, client=one.doc.client_id, clock=60)
                two.say({"user": {}, "cursor": 3}, clock=61)
                await until(lambda: (witness.present[two.doc.client_id] or {}).get("cursor") == 3)
                assert witness.present[one.doc.client_id] is None

    asyncio.run(play())


def test_a_state_has_a_size() -> None:
    """A state that is too large, or too deep, closes its sender and reaches nobody."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            for state in ({"cursor": "x" * 100_000}, {"cursor": [[]] * 500}):
                one, two = Client(), Client()
                async with one.joined(server, "d1", "alice"), two.joined(server, "d1", "mallory"):
                    two.say(state)
                    await two.closed.wait()
                    assert two.code == 1003
                    assert two.doc.client_id not in one.present

    asyncio.run(play())
