"""Revocation at once, under load: 100 open sockets and running downloads, closed by four roads.

Whoever loses their clearance hears nothing of what happens after it was taken, and their download breaks off.
"""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from websockets import ClientConnection

from ingest.extraction import Extraction
from portal.app import Archive, open_archive
from portal.archive.documents import Deposit
from portal.nouns.case_file import CaseRole, NewCaseFile
from portal.nouns.clearance import Change, Group, NewBench, NewException, NewPlace, NewSeat, NewWall
from portal.nouns.member import Member
from portal.settings import read_settings
from portal.store.tables import now
from tests.editor_plugin.client import Client
from tests.editor_plugin.server import until
from tests.faults import process

SOCKETS = 25
"""For each of the four roads."""
DOWNLOADS = 3
LENGTH = 48 << 20
"""Bytes of the file being downloaded: far more than a socket's buffers hold."""
OFFICER = Member("habil", "Mme", "Vidal", frozenset({"habilitations"}))
AUTHOR = Member("auteur", "Mme", "Roy", frozenset({"conseiller"}))
WITNESS = Member("temoin", "M.", "Dupré", frozenset({"conseiller"}))
"""Keeps their clearance throughout: the control that something was there to hear."""


@dataclass(frozen=True, slots=True)
class Room:
    """A circulated note that the members read by one road, and the way that closes it."""

    address: str
    draft: str
    piece: str
    members: tuple[str, ...]
    tokens: dict[str, str]
    close: Callable[[], None]


def open_room(archive: Archive, road: str, number: int) -> tuple[str, str, str]:
    """A case file with a circulated note and a long piece."""
    seats = (CaseRole("auteur", "rapporteur"), CaseRole("temoin", "doyen"))
    case = archive.case_files.open(NewCaseFile(numbers=(f"21000{number:02}",), roles=seats, title=road), "habil")
    author = archive.people.get("auteur")
    assert author is not None
    draft = archive.drafts.open(author, "note", case)
    archive.drafts.deposit(author, draft)
    archive.drafts.circulate(author, draft)
    digest = archive.documents.put(BytesIO(bytes(LENGTH)))
    extraction = Extraction(media_type="text/plain", text="Pièce longue")
    deposit = Deposit(digest=digest, size=LENGTH, name="a.txt", extraction=extraction, case_file=case, by="habil")
    return case, draft, archive.documents.deposit([deposit])[0].document


def close_by(archive: Archive, road: str, case: str, members: tuple[str, ...]) -> Callable[[], None]:
    """Open the file to the members by this road; returns what closes it to all of them."""
    clearing = archive.clearing
    seats = [NewSeat(member=member, case_file=case, role="conseiller") for member in members]

    def apply(*changes: Change) -> None:
        for change in changes:
            clearing.apply(OFFICER, change)

    def unseat() -> None:
        for seat in seats:
            clearing.unseat(OFFICER, seat)

    match road:
        case "member":
            apply(*seats)
            return unseat
        case "group":
            clearing.add_group(OFFICER, Group("commission:a", "commission", "Commission"))
            apply(*(NewPlace(group="commission:a", member=member) for member in members))
            ends = now() + timedelta(days=1)
            given = NewException(group="commission:a", case_file=case, audience="rapporteur", reason="Essai", ends=ends)
            return partial(clearing.withdraw, OFFICER, clearing.apply(OFFICER, given))
        case "reclassification":
            clearing.add_group(OFFICER, Group("formation:a", "formation", "Formation"))
            apply(*(NewPlace(group="formation:a", member=one, function="conseiller") for one in members))
            apply(NewBench(case_file=case, formation="formation:a"))
            return partial(apply, NewBench(case_file=case, formation=None))
        case _:
            apply(*seats)
            return partial(apply, *(NewWall(member=one, case_file=case, reason="Déport") for one in members))


ROADS = ("member", "group", "reclassification", "wall")


@pytest.fixture
def rooms(tmp_path: Path) -> Iterator[list[Room]]:
    home = tmp_path / "home"
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    archive.people.add([OFFICER, AUTHOR, WITNESS])
    port = process.free_port()
    found = []
    for number, road in enumerate(ROADS):
        members = tuple(f"{road}{n}" for n in range(SOCKETS))
        archive.people.add([Member(one, "M.", one, frozenset({"conseiller"})) for one in members])
        case, draft, piece = open_room(archive, road, number)
        tokens = {one: archive.tokens.create(one) for one in (*members, "auteur", "temoin")}
        address = f"ws://127.0.0.1:{port}/editor"
        found.append(Room(address, draft, piece, members, tokens, close_by(archive, road, case, members)))
    server = process.start(home, ["serve", "--no-feed", "--port", str(port)])
    try:
        process.until(lambda: process.answers(port), "the server did not start")
        yield found
    finally:
        process.kill(server)
        archive.close()


def test_no_frame_and_no_byte_after_a_revocation(rooms: list[Room], record_property: Callable[..., None]) -> None:
    """100 sockets and 12 downloads, four roads: 0 frames of what came after, every socket closed, no file whole."""
    delays = asyncio.run(_play(rooms))
    assert len(delays) == SOCKETS * len(ROADS)
    delays.sort()
    record_property("revocation to closed, p50 ms", round(delays[len(delays) // 2] * 1e3))
    record_property("revocation to closed, p99 ms", round(delays[int(len(delays) * 0.99)] * 1e3))
    print(
        f"\nrevocation to closed: p50 {delays[50] * 1e3:.0f} ms, p99 {delays[98] * 1e3:.0f} ms, {len(delays)} sockets"
    )


async def _play(rooms: list[Room]) -> list[float]:
    async with contextlib.AsyncExitStack() as stack:
        speakers = [await stack.enter_async_context(_joined(room, "auteur")) for room in rooms]
        witnesses = [await stack.enter_async_context(_joined(room, "temoin")) for room in rooms]
        heard = [[await stack.enter_async_context(_joined(room, one)) for one in room.members] for room in rooms]
        begun: list[str] = []
        pool = stack.enter_context(ThreadPoolExecutor(DOWNLOADS * len(rooms)))
        loop = asyncio.get_running_loop()
        downloads = [loop.run_in_executor(pool, _download, room, begun) for room in rooms for _ in range(DOWNLOADS)]
        talking = [asyncio.create_task(_talk(one)) for one in speakers]
        everyone = [*witnesses, *(one for group in heard for one in group)]
        await until(lambda: all(one.heard for one in everyone) and len(begun) == len(downloads))
        delays = []
        for room, speaker, witness, group in zip(rooms, speakers, witnesses, heard, strict=True):
            await asyncio.to_thread(room.close)
            closed = time.monotonic()
            last = speaker.doc.client_id  # what is said from here on was said after the revocation
            speaker.after = True  # type: ignore[attr-defined]  # a mark for `_talk`
            for one in group:
                await one.closed.wait()
                delays.append(max(0.0, one.ended - closed))
            await until(lambda witness=witness: _after(witness))
            assert last
            assert [one for one in group if _after(one)] == []
            assert {one.code for one in group} == {4403}
        for task in talking:
            task.cancel()
        whole = [size for size in await asyncio.gather(*downloads) if size == LENGTH]
        assert whole == []
        return delays


class Ear(Client):
    """Hears presence, says its own, and notes when the server closed it."""

    def __init__(self) -> None:
        super().__init__()
        self.after = False
        """Whether what is said now is said after the revocation."""
        self.ended = 0.0

    async def _read(self, socket: ClientConnection) -> None:
        try:
            await super()._read(socket)
        finally:
            self.ended = time.monotonic()

    @property
    def heard(self) -> list[dict[str, Any]]:
        """What others said last."""
        return [state for state in self.present.values() if state and "after" in state]


@contextlib.asynccontextmanager
async def _joined(room: Room, member: str) -> AsyncIterator[Ear]:
    ear = Ear()
    async with ear.joined(room, room.draft, room.tokens[member]):
        yield ear


async def _talk(speaker: Ear) -> None:
    """Presence, again and again, that says whether it was spoken after the revocation."""
    clock = 0
    while True:
        clock += 1
        speaker.say({"after": speaker.after}, clock=clock)
        await asyncio.sleep(0.02)


def _after(ear: Ear) -> bool:
    return any(state["after"] for state in ear.heard)


def _download(room: Room, begun: list[str]) -> int:
    """Bytes of the long piece that its reader gets, reading slowly; `begun` grows with the first of them."""
    host = room.address.removeprefix("ws://").removesuffix("/editor")
    headers = {"Authorization": f"Bearer {room.tokens[room.members[0]]}"}
    total = 0
    with contextlib.closing(http.client.HTTPConnection(host, timeout=120)) as connection:
        connection.request("GET", f"/documents/{room.piece}/original", headers=headers)
        with connection.getresponse() as answer:
            assert answer.status == 200
            with contextlib.suppress(http.client.IncompleteRead, ConnectionError):
                while chunk := answer.read(1 << 14):
                    total += len(chunk)
                    if total == len(chunk):
                        begun.append(room.piece)
                    time.sleep(0.005)
    return total
