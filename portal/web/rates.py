"""How much at once, and how much in the long run (*débit*): rates by what is asked, and the buckets that count."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

MOST_KEPT = 20_000
"""Buckets kept; beyond, all are let go, and everyone starts full."""


@dataclass(frozen=True, slots=True)
class Rate:
    """So many a second in the long run, and so many at once."""

    second: float
    burst: float


@dataclass(frozen=True, slots=True)
class Rates:
    """By what is asked. Sign-ins are counted by address: nobody is known yet."""

    search: Rate = Rate(20, 80)
    reading: Rate = Rate(60, 600)
    change: Rate = Rate(20, 200)
    sign_in: Rate = Rate(5, 200)
    violation: Rate = Rate(1, 60)
    """What browsers report of themselves, by address."""
    sockets: int = 500
    """Open at once for one member."""

    def times(self, factor: float) -> Rates:
        """The same, so many times as wide."""
        kept = {
            name: Rate(rate.second * factor, rate.burst * factor)
            for name, rate in (
                ("search", self.search),
                ("reading", self.reading),
                ("change", self.change),
                ("sign_in", self.sign_in),
                ("violation", self.violation),
            )
        }
        return Rates(**kept, sockets=round(self.sockets * factor))


class Buckets:
    """Token buckets by key."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._held: dict[tuple[str, str], tuple[float, float]] = {}

    def take(self, who: str, what: str, rate: Rate) -> float:
        """0 where one may go on; else the seconds after which one may."""
        now = self._clock()
        left, since = self._held.get((who, what), (rate.burst, now))
        left = min(rate.burst, left + (now - since) * rate.second)
        if left < 1:
            self._held[who, what] = left, now
            return (1 - left) / rate.second
        if len(self._held) >= MOST_KEPT:
            self._held.clear()
        self._held[who, what] = left - 1, now
        return 0.0
