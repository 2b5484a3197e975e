"""Mutated frames and updates, in a process of their own: `python -m tests.editor_plugin.mutations COUNT SEED`.

Prints how each ended as JSON. A crash ends the process, which the test that started it sees.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections import Counter

from editor_plugin import protocol
from editor_plugin.document import Broken, Document
from editor_plugin.schema import read
from editor_plugin.structure import Gap
from editor_plugin.update import Refused
from editor_plugin.wire import Malformed
from tests.editor_plugin import forge
from tests.editor_plugin.test_updates import HOSTILE, _played

SCHEMA = read()


def mutated(body: bytes, chance: random.Random) -> bytes:
    """One to four changes: a bit, a byte of the format's own edges, a cut, a stretch repeated or moved."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(body) + 1)
        match chance.randrange(6):
            case 0 if at < len(body):
                body = body[:at] + bytes([body[at] ^ 1 << chance.randrange(8)]) + body[at + 1 :]
            case 1 if at < len(body):
                body = body[:at] + bytes([chance.choice([0, 1, 4, 6, 7, 10, 0x7F, 0x80, 0xFF])]) + body[at + 1 :]
            case 2:
                body = body[:at]
            case 3:
                body = body[:at] + forge.uint(chance.choice([0, 1 << 31, 1 << 53, 1 << 63])) + body[at:]
            case 4:
                end = min(len(body), at + chance.randint(1, 40))
                body = body[:end] + body[at:end] * chance.randint(1, 3) + body[end:]
            case _:
                end = min(len(body), at + chance.randint(1, 20))
                body = body[:at] + body[end:]
    return body


async def ending(update: bytes) -> str:
    """How a room's document takes the update: refused, gap, applied, or broken and thrown away."""
    document = Document(SCHEMA)
    try:
        examined = await document.examine(update)
        document.apply(examined)
        document.whole()
    except Refused:
        return "refused"
    except Gap:
        return "gap"
    except Broken:
        return "broken"
    else:
        return "applied"
    finally:
        document.close()


async def play(count: int, seed: int) -> Counter[str]:
    chance = random.Random(seed)
    honest = [_played(random.Random(one), 12).get_update() for one in range(8)]
    bodies = [*honest, *(body for body in HOSTILE.values() if len(body) < 5_000)]
    found: Counter[str] = Counter()
    for _ in range(count):
        found[await ending(mutated(chance.choice(bodies), chance))] += 1
        frame = mutated(protocol.sync(protocol.UPDATE, chance.choice(honest)[:60]), chance)
        try:
            protocol.decode(frame)
            found["frame read"] += 1
        except Malformed:
            found["frame refused"] += 1
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(play(int(sys.argv[1]), int(sys.argv[2])))))
