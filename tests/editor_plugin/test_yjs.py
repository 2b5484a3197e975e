"""The real Yjs library and pycrdt in one room."""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.schedule import WORDS, clocks, content, edit, runs
from tests.editor_plugin.server import DEADLINE, Running, running, until

SCRIPT = Path(__file__).with_name("yjs.mjs")
MARKS: list[dict[str, Any] | None] = [None, {"bold": {}}, {"italic": {}}, {"bold": None}]


class Yjs:
    """A Node process with a Yjs document, told what to do line by line."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._answers: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def listen(self) -> None:
        assert self._process.stdout is not None
        async for line in self._process.stdout:
            self._answers.put_nowait(json.loads(line))

    async def tell(self, until_key: str = "done", **command: Any) -> dict[str, Any]:
        """Send a command and return the first answer with this key."""
        assert self._process.stdin is not None
        self._process.stdin.write((json.dumps(command) + "\n").encode())
        async with asyncio.timeout(DEADLINE):
            while until_key not in (answer := await self._answers.get()):
                pass
        return answer

    async def edit(self, chance: random.Random) -> None:
        kind = chance.choice(["paragraph", "insert", "insert", "insert", "format", "erase", "remove", "undo"])
        value, marks = chance.choice(WORDS), chance.choice(MARKS)
        where = {"at": chance.randrange(100), "index": chance.randrange(30)}
        command = {"do": kind, "value": value, **where}
        if kind == "format":
            command["marks"] = marks or {"bold": {}}
        elif marks is not None:
            command["marks"] = marks
        await self.tell(**command)


@contextlib.asynccontextmanager
async def yjs(server: Running, member: str) -> AsyncIterator[Yjs]:
    node = shutil.which("node")
    if node is None or not all((ROOT / "node_modules" / name).is_dir() for name in ("yjs", "y-protocols", "ws")):
        pytest.skip("Node or its packages are missing: make install brings them")
    process = await asyncio.create_subprocess_exec(
        node,
        str(SCRIPT),
        f"{server.address}/rooms/d1",
        member,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=1 << 24,
    )
    client = Yjs(process)
    listening = asyncio.create_task(client.listen())
    try:
        yield client
    finally:
        process.kill()
        await process.wait()
        await listening


@pytest.mark.parametrize("seed", range(4))
def test_yjs_and_pycrdt_end_alike(seed: int) -> None:
    """With accents, emoji, marks, undo and offline spans, Yjs and pycrdt hold the same text, marks and clocks."""

    async def play() -> None:
        chance = random.Random(seed)
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server, yjs(server, "bruno") as other:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                for _ in range(3):
                    await other.tell("synced", do="connect")
                    for _ in range(25):
                        edit(chance, one.body)
                        await other.edit(chance)
                    await other.tell("closed", do="disconnect")
                    for _ in range(8):
                        edit(chance, one.body)
                        await other.edit(chance)
                await other.tell("synced", do="connect")
                await until(one.settled)
                async with asyncio.timeout(DEADLINE):
                    while await _state(other) != (_keys(clocks(one.doc)), content(one.doc)):  # noqa: ASYNC110
                        await asyncio.sleep(0.02)
                assert not one.refusals

    asyncio.run(play())


async def _state(other: Yjs) -> tuple[dict[str, int], list[Any]]:
    held = await other.tell("vector", do="state")
    assert not held["pending"]
    return held["vector"], [[_delta(words) for words in element] for element in held["text"]]


def _keys(vector: dict[int, int]) -> dict[str, int]:
    return {str(client): clock for client, clock in vector.items() if clock}


def _delta(parts: list[dict[str, Any]]) -> list[tuple[str, dict[str, Any]]]:
    return runs((part["insert"], part.get("attributes")) for part in parts)
