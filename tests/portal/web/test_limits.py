"""A flood waits and only its own; a steady pace never does; sockets are counted by member."""

from __future__ import annotations

import asyncio

import pytest
from starlette.authentication import SimpleUser, UnauthenticatedUser
from starlette.types import Message, Receive, Scope, Send

from portal.web.limits import CROWDED, Limits
from portal.web.rates import Buckets, Rate, Rates
from tests.portal.web.conftest import World
from tests.portal.web.test_pages import get, text_of

SLOW = Rates(search=Rate(1, 3), reading=Rate(1, 5), change=Rate(1, 2), sign_in=Rate(0.5, 2), sockets=2)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


async def served(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def ask(limits: Limits, who: str, path: str = "/documents/x", method: str = "GET") -> tuple[int, str]:
    """Status, and what Retry-After says."""
    sent: list[Message] = []

    async def send(message: Message) -> None:
        sent.append(message)

    async def receive() -> Message:
        return {"type": "http.request"}

    user = SimpleUser(who) if who else UnauthenticatedUser()
    scope = {
        "type": "http", "method": method, "path": path, "user": user, "query_string": b"", "state": {},
        "headers": [(b"accept", b"application/json")], "client": ("10.0.0.1", 5),
    }  # fmt: skip
    asyncio.run(limits(scope, receive, send))
    return sent[0]["status"], dict(sent[0]["headers"]).get(b"retry-after", b"").decode()


def test_a_bucket_fills_again() -> None:
    """So many at once, then at the pace; what was not used does not add up without end."""
    clock = Clock()
    buckets = Buckets(clock)
    rate = Rate(second=2, burst=4)
    assert [buckets.take("a", "x", rate) for _ in range(4)] == [0, 0, 0, 0]
    assert buckets.take("a", "x", rate) == pytest.approx(0.5)
    assert buckets.take("b", "x", rate) == 0
    clock.now = 0.5
    assert buckets.take("a", "x", rate) == 0
    clock.now = 100
    assert sum(not buckets.take("a", "x", rate) for _ in range(10)) == 4


@pytest.mark.parametrize(
    ("path", "method", "burst"),
    [("/recherche", "GET", 3), ("/api/search", "GET", 3), ("/documents/x", "GET", 5), ("/documents/x", "POST", 2)],
)
def test_a_flood_is_told_when_to_come_back(path: str, method: str, burst: int) -> None:
    """Past the burst 429 with Retry-After; another member is served meanwhile."""
    limits = Limits(served, SLOW, Clock())
    assert [ask(limits, "a", path, method)[0] for _ in range(burst)] == [200] * burst
    assert ask(limits, "a", path, method) == (429, "1")
    assert ask(limits, "b", path, method)[0] == 200


def test_attempts_to_sign_in_are_counted_by_address() -> None:
    """Guessing is slow; pages that need nobody stay open."""
    limits = Limits(served, SLOW, Clock())
    assert [ask(limits, "", "/connexion", "POST")[0] for _ in range(3)] == [200, 200, 429]
    assert ask(limits, "", "/connexion")[0] == 200
    assert ask(limits, "", "/static/x.css")[0] == 200
    assert ask(limits, "a", "/connexion", "POST")[0] == 200


def test_sockets_are_counted_by_member() -> None:
    """The third socket of a member is refused; one that closes makes room."""

    async def play() -> None:
        hold = asyncio.Event()
        closed: list[Message] = []

        async def socket(scope: Scope, receive: Receive, send: Send) -> None:
            await hold.wait()

        async def send(message: Message) -> None:
            closed.append(message)

        async def receive() -> Message:
            return {"type": "websocket.connect"}

        limits = Limits(socket, SLOW)
        scope = {"type": "websocket", "user": SimpleUser("a"), "headers": [], "client": ("10.0.0.1", 5)}
        held = [asyncio.create_task(limits(scope, receive, send)) for _ in range(2)]
        await asyncio.sleep(0)
        await limits(scope, receive, send)
        assert closed == [{"type": "websocket.close", "code": CROWDED, "reason": "too many"}]
        hold.set()
        await asyncio.gather(*held)
        await limits(scope, receive, send)
        assert len(closed) == 1

    asyncio.run(play())


def test_a_deployment_widens_its_limits() -> None:
    """Multiplied, every limit is so many times as wide."""
    wide = SLOW.times(4)
    limits = Limits(served, wide, Clock())
    assert [ask(limits, "a", "/recherche")[0] for _ in range(13)] == [200] * 12 + [429]
    assert wide.sockets == 8


def test_a_reader_is_never_in_the_way_of_the_limits(world: World) -> None:
    """Forty searches in a row, more than a hand can type, all get their page."""
    pages = [get(world, "greffe", f"/recherche?q=faute{number}") for number in range(40)]
    assert {page.status_code for page in pages} == {200}
    assert "Trop de demandes" not in text_of(pages[-1])
