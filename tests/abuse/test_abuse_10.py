"""10. A WebSocket on a hidden room; an encoded slash; Unicode variants of the id."""

from __future__ import annotations

import asyncio
from urllib.parse import quote

import pytest
import websockets

from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import Running, running, until

HIDDEN = "projet-1"
VARIANTS = [
    HIDDEN,
    "projet-404",
    "projet-1 ",
    "PROJET-1",
    "projet‑1",
    "projet-１",
    "projet-1%00",
    "x/../projet-1",
    "projet-2/projet-1",
    ".",
    "",
]


async def _answer(server: Running, draft: str, query: str = "") -> object:
    """What a stranger is told: the handshake's status, or the close code."""
    address = f"{server.address}/rooms/{quote(draft, safe='%')}{query}"
    headers = {"Authorization": "Bearer mallory"}
    try:
        async with websockets.connect(address, additional_headers=headers) as socket:
            await socket.wait_closed()
            return socket.close_code, socket.close_reason
    except websockets.InvalidStatus as refused:
        kept = {name: value for name, value in refused.response.headers.raw_items() if name.lower() != "date"}
        return refused.response.status_code, kept, refused.response.body


@pytest.mark.parametrize("query", ["", "?ack=1"])
def test_a_hidden_room_is_like_none(query: str) -> None:
    """A draft that one may not know of answers exactly as one that does not exist, however its id is written."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", HIDDEN)
        host.admit("mallory", "projet-2")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, HIDDEN, "alice"):
                one.paragraph("secret")
                await until(one.settled)
                expected = await _answer(server, "projet-404", query)
                for draft in VARIANTS[:6] if query else VARIANTS:
                    assert await _answer(server, draft, query) == expected, draft

    asyncio.run(play())


def test_the_door_opens_for_those_who_may() -> None:
    """The same request by a member who may read it is let in: the refusals above are not everyone's."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", HIDDEN)
        async with running(host) as server, Client().joined(server, HIDDEN, "alice") as client:
            assert client.code is None

    asyncio.run(play())
