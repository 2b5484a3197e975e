"""15. Structs under a colleague's client id; the same clock with other content."""

from __future__ import annotations

import asyncio

from pycrdt import Doc

from tests.editor_plugin import forge
from tests.editor_plugin.client import Client
from tests.editor_plugin.memory_host import MemoryHost
from tests.editor_plugin.server import running, until


def test_a_colleagues_id_is_refused() -> None:
    """New structs under an id that is another member's are refused, seen before or only leased."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            one = Client()
            async with one.joined(server, "d1", "alice"):
                one.paragraph("d’Alice")
                await until(one.settled)
                for stolen in (one.doc.client_id, one.welcomes[0]["client"]):
                    two = Client(Doc(client_id=stolen))
                    async with two.joined(server, "d1", "mallory"):
                        two.paragraph("de Mallory")
                        await two.closed.wait()
                        assert two.refusals[-1]["reason"] == "forbidden"
            assert {entry.author for entry in host.entries["d1"]} == {"alice"}

    asyncio.run(play())


def test_the_same_clock_with_other_words_changes_nothing() -> None:
    """Known clocks sent again with other content are passed over: nothing is logged, nothing is shown."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("mallory", "d1")
        async with running(host) as server:
            one, two, witness = Client(), Client(), Client()
            one.automatic = two.automatic = False
            async with (
                witness.joined(server, "d1", "alice"),
                one.joined(server, "d1", "alice"),
                two.joined(server, "d1", "mallory"),
            ):
                one.update(forge.paragraph("vrai", client=77))
                await until(lambda: "vrai" in witness.text())
                two.update(forge.paragraph("faux", client=77))
                await until(two.settled)
                one.update(forge.paragraph("faux", client=77))
                await until(one.settled)
                assert len(host.updates("d1")) == 1
                assert "faux" not in witness.text()
            async with Client().joined(server, "d1", "alice") as fresh:
                assert fresh.text() == "<paragraph>vrai</paragraph>"

    asyncio.run(play())


def test_tabs_may_exchange_structs() -> None:
    """One tab may bring another tab's words of the same member, and echo a colleague's known ones."""

    async def play() -> None:
        host = MemoryHost()
        host.admit("alice", "d1")
        host.admit("bruno", "d1")
        async with running(host) as server:
            one, two = Client(), Client()
            async with two.joined(server, "d1", "bruno"):
                two.paragraph("de Bruno")
                await until(two.settled)
                async with one.joined(server, "d1", "alice"):
                    one.doc.apply_update(forge.paragraph("d’un autre onglet", client=99))
                    one.update(one.doc.get_update())
                    await until(one.settled)
                    assert not one.refusals
                    await until(lambda: "onglet" in two.text())
            assert [entry.author for entry in host.entries["d1"]] == ["bruno", "alice"]

    asyncio.run(play())
