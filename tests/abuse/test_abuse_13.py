"""Abuse case 13: a WebSocket with the victim's cookie, started by another site."""

from __future__ import annotations

import pytest
from starlette.websockets import WebSocketDisconnect

from portal.web.authentication import COOKIE
from tests.portal.web.conftest import World


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "", None, "http://127.0.0.1:8000.evil.example"])
def test_abuse_13_a_foreign_origin_is_refused(world: World, origin: str | None) -> None:
    """With the author's own cookie, a socket of a foreign, null or missing origin is refused before it opens."""
    draft = world.draft("rapporteur", "secret")
    world.client.cookies.set(COOKIE, world.archive.sign_ins.open("rapporteur"))
    headers = {} if origin is None else {"Origin": origin}
    with pytest.raises(WebSocketDisconnect), world.client.websocket_connect(f"/editor/rooms/{draft}", headers=headers):
        pass


def test_abuse_13_the_portals_own_page_and_a_program_get_in(world: World) -> None:
    """The portal's own origin with a cookie, or a bearer token without an origin, opens the room."""
    draft = world.draft("rapporteur", "secret")
    token = {"Authorization": f"Bearer {world.tokens['rapporteur']}"}
    with world.client.websocket_connect(f"/editor/rooms/{draft}", headers=token) as socket:
        socket.send_text("x")
        assert int(socket.receive_text()) > 0
    world.client.cookies.set(COOKIE, world.archive.sign_ins.open("rapporteur"))
    own = {"Origin": "http://127.0.0.1:8000", "Host": "127.0.0.1:8000"}
    with world.client.websocket_connect(f"/editor/rooms/{draft}", headers=own) as socket:
        socket.send_text("y")
        assert int(socket.receive_text()) > 0
