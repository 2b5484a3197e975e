"""A portal with a fault put in: its update log acknowledges words before they are on disk. For the control alone."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count

import portal.app
from portal.plugin import Receipt
from portal.server import run
from portal.settings import Settings, read_settings
from portal.store.database import Database
from portal.store.updates import UpdateLog

TOGETHER = 16
"""Updates that it lets gather, already acknowledged, before it writes them."""


class HastyLog(UpdateLog):
    """Says that an update is durable while it only lies in memory."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        self._held: list[tuple[str, str, bytes]] = []
        self._next: Iterator[int] = count(max(self.last().values(), default=0) + 1)

    def append(self, draft: str, author: str, update: bytes) -> Future[Receipt]:
        self._held.append((draft, author, update))
        if len(self._held) >= TOGETHER:
            for held in self._held:
                super().append(*held)
            self._held.clear()
        early: Future[Receipt] = Future()
        early.set_result(Receipt(next(self._next), datetime.now(UTC)))
        return early


def open_hasty_log(settings: Settings) -> UpdateLog:
    return HastyLog(Database(f"sqlite:///{settings.updates}"))


if __name__ == "__main__":
    portal.app.open_update_log = open_hasty_log
    sys.exit(run(replace(read_settings(os.environ), port=int(sys.argv[-1])), feed=False))
