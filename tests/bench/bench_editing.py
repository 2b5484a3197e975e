"""Figures of writing together: `python -m tests.bench.bench_editing [--writers 50] [--drafts 10] [--seconds 10]`.

Writers type five keys a second each over real loopback sockets; the server is a process of its own with the
portal's update log on disk (synchronous=FULL, group commit). Prints the time from a key to the colleagues' screens
and to « enregistré », what the server spends on it, and the checks' cost. Asserts nothing.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import random
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn
from pycrdt import Doc, XmlText

from editor_plugin import protocol
from editor_plugin.plugin import MinutierEditor
from editor_plugin.schema import read
from editor_plugin.structure import Structure
from editor_plugin.update import parse
from portal.plugin import Access, Person, Receipt, Session
from portal.store.database import Database
from portal.store.updates import UpdateLog
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import Running, SignedIn, until

KEYS_A_SECOND = 5
SCHEMA = read()


class LoggedHost(MemoryHost):
    """The rights of memory, the portal's own log on disk."""

    def keep_in(self, folder: Path) -> None:
        self.updates_on_disk = UpdateLog(Database(f"sqlite:///{folder / 'updates.sqlite'}"))

    async def append(self, session: Session, update: bytes) -> Receipt:
        return await asyncio.wrap_future(self.updates_on_disk.append(session.draft, session.person.id, update))

    async def bind(self, session: Session, client_ids: Sequence[int]) -> None:
        await asyncio.wrap_future(self.updates_on_disk.bind(session.person.id, client_ids))


def serve(port: int, writers: int, drafts: int, folder: Path) -> None:
    host = LoggedHost()
    host.keep_in(folder)
    for number in range(writers):
        host.people[f"m{number}"] = Person(f"m{number}", f"Membre {number}")
        host.rights[f"m{number}", f"d{number % drafts}"] = Access.WRITE
    app = SignedIn(MinutierEditor().app(host), host)
    uvicorn.run(app, port=port, log_level="error", ws_per_message_deflate=False)


class Writer(Client):
    """A client that notes when each of its keys left, and hands the note to whoever sees the key arrive."""

    def __init__(self, left: dict[tuple[int, int], float], seen: list[float], saved: list[float]) -> None:
        super().__init__()
        self._left = left
        self._seen = seen
        self._saved = saved
        self._times: list[float] = []
        self.measuring = False

    def update(self, update: bytes) -> None:
        now = time.perf_counter()
        for client, structs in parse(update, SCHEMA.limits).blocks.items():
            for struct in structs:
                for clock in range(struct.clock, struct.clock + struct.length):
                    self._left[client, clock] = now
        super().update(update)
        self._times += [0.0] * (self.sent - 1 - len(self._times)) + [now]

    def _hear(self, frame: bytes) -> None:
        super()._hear(frame)
        now = time.perf_counter()
        if not self.measuring:
            return
        if frame[0] == protocol.SYNC and frame[1] == protocol.UPDATE:
            for client, structs in parse(protocol.decode(frame).body, SCHEMA.limits).blocks.items():
                for struct in structs:
                    for clock in range(struct.clock, struct.clock + struct.length):
                        self._seen.append(now - self._left[client, clock])
        elif frame[0] == protocol.ACKNOWLEDGEMENT:
            self._saved.append(now - self._times[self.acknowledged[-1]["received"] - 1])

    async def write(self, seconds: float, chance: random.Random) -> int:
        """Type at the end of one's own paragraph. Returns the keys typed."""
        words = self.paragraph("")
        await until(self.settled)
        await asyncio.sleep(1 + chance.random())
        self.measuring = True
        end, keys = time.perf_counter() + seconds, 0
        while time.perf_counter() < end:
            words.insert(len(words), chance.choice("abcdefghij é"))
            keys += 1
            await asyncio.sleep(chance.expovariate(KEYS_A_SECOND))
        await until(self.settled)
        return keys


async def play(port: int, writers: int, drafts: int, seconds: float) -> tuple[int, list[float], list[float]]:
    left: dict[tuple[int, int], float] = {}
    seen: list[float] = []
    saved: list[float] = []
    server = Running(f"ws://127.0.0.1:{port}", None)
    async with contextlib.AsyncExitStack() as stack:
        clients = [Writer(left, seen, saved) for _ in range(writers)]
        for number, client in enumerate(clients):
            await stack.enter_async_context(client.joined(server, f"d{number % drafts}", f"m{number}"))
        keys = await asyncio.gather(*(client.write(seconds, random.Random(n)) for n, client in enumerate(clients)))
    return sum(keys), seen, saved


def line(name: str, times: list[float]) -> None:
    times = sorted(times)
    figures = (times[min(int(len(times) * share), len(times) - 1)] * 1e3 for share in (0.5, 0.95, 0.99))
    print(f"  {name:<44}" + "".join(f"{figure:9.2f}" for figure in figures), flush=True)


def check_cost() -> float:
    """Seconds to walk and place one keystroke, before pycrdt sees it."""
    doc: Doc[Any] = Doc()
    words = XmlText("")
    updates: list[bytes] = []
    subscription = doc.observe(lambda event: updates.append(event.update))
    client = Client(doc)
    client.automatic = False
    words = client.paragraph("")
    for _ in range(2_000):
        words.insert(len(words), "a")
    doc.unobserve(subscription)
    structure = Structure(SCHEMA)
    start = time.perf_counter()
    for update in updates:
        structure.commit(structure.examine(parse(update, SCHEMA.limits)))
    return (time.perf_counter() - start) / len(updates)


def cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def bench(writers: int, drafts: int, seconds: float) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        arguments = ["--serve", str(port), "--writers", str(writers), "--drafts", str(drafts), "--folder", folder]
        process = subprocess.Popen([sys.executable, "-m", "tests.bench.bench_editing", *arguments])
        try:
            for _ in range(400):
                with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.05)
            before = cpu_seconds(process.pid)
            keys, seen, saved = asyncio.run(play(port, writers, drafts, seconds))
            spent = cpu_seconds(process.pid) - before
        finally:
            process.terminate()
            process.wait()
    print(f"Writing together: {writers} writers, {drafts} drafts, {keys / seconds:.0f} keys a second")
    print(f"  {'milliseconds':<44}{'p50':>9}{'p95':>9}{'p99':>9}")
    line("from a key to the colleagues' screens", seen)
    line("from a key to its acknowledgement", saved)
    print(f"  server CPU, connections and renditions included: {spent / max(len(seen), 1) * 1e6:.0f} µs a delivery")
    print(f"  checks before pycrdt: {check_cost() * 1e6:.1f} µs a key")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--writers", type=int, default=50)
    options.add_argument("--drafts", type=int, default=10)
    options.add_argument("--seconds", type=float, default=10)
    options.add_argument("--serve", type=int)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    if chosen.serve:
        serve(chosen.serve, chosen.writers, chosen.drafts, chosen.folder)
    else:
        bench(chosen.writers, chosen.drafts, chosen.seconds)


if __name__ == "__main__":
    main()
