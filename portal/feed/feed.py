"""The one process that writes indexes (*alimentation*): follows the archive, clears denials, survives anything."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import text
from sqlmodel import col, delete, select

from portal.feed.changes import BATCH, ChangeReader
from portal.feed.followers import Follower
from portal.feed.generations import Generations, read_cursor
from portal.store.database import Database, Watch, peek
from portal.store.tables import DenialRow

log = logging.getLogger("minutier.feed")
LEXICAL = "lexical.cursor"
VECTORS = "vectors.cursor"
LOOK_EVERY = 0.005
"""Seconds between looks at the archive; a look costs microseconds."""
RETRY_AFTER = 1.0
PATIENCE = 2.0
FEW = 8
"""Documents that are embedded between two saves of the cursor."""

OpenFollower = Callable[[Path], Follower]


class Feed:
    """Runs a follower for words and one for meaning, each at its own pace, on the live generation."""

    def __init__(
        self,
        database: Database,
        generations: Generations,
        opens: dict[str, OpenFollower],
    ) -> None:
        self._database = database
        self._generations = generations
        self._opens = opens

    def catch_up(self) -> None:
        """Bring every index up to the archive's head, then return."""
        for name, opener in self._opens.items():
            follower = opener(self._generations.current())
            try:
                while follower.step():
                    self._clear()
            finally:
                follower.close()
            log.info("%s at revision %d", name, follower.cursor)
        self._clear()

    def run(self, stop: threading.Event) -> None:
        """Follow until `stop` is set."""
        others = [name for name in self._opens if name != LEXICAL]
        threads = [threading.Thread(target=self._follow, args=(name, stop), daemon=True) for name in others]
        for thread in threads:
            thread.start()
        self._follow(LEXICAL, stop)
        for thread in threads:  # one that is in the middle of a batch is left: its cursor has not moved
            thread.join(timeout=PATIENCE)

    def _follow(self, name: str, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                self._follow_generation(name, stop)
            except Exception:
                log.exception("the %s follower stumbled; it starts again where its cursor stands", name)
                stop.wait(RETRY_AFTER)

    def _follow_generation(self, name: str, stop: threading.Event) -> None:
        """Follow on the live generation until another goes live."""
        stamp = self._generations.stamp()
        follower = self._opens[name](self._generations.current())
        watch = Watch(self._database)
        limit = BATCH if name == LEXICAL else FEW
        if name != LEXICAL:  # meaning never makes words wait
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 10)
        try:
            while not stop.is_set() and self._generations.stamp() == stamp:
                if watch.moved():
                    while follower.step(limit) and not stop.is_set():
                        self._clear()
                stop.wait(LOOK_EVERY if self._database.is_sqlite else 4 * LOOK_EVERY)
        finally:
            watch.close()
            follower.close()

    def _clear(self) -> None:
        """Lift the denials that every index of the live generation has caught up with."""
        with self._database.read() as session:
            if session.exec(select(DenialRow.document_id)).first() is None:
                return
        with self._database.write() as session:
            live = self._generations.current()
            reached = min(read_cursor(live / name) for name in self._opens)
            session.exec(delete(DenialRow).where(col(DenialRow.revision) <= reached))


class Rebuild:
    """Builds a generation beside the live one, from revision 0, and swaps it in without a failed query."""

    def __init__(
        self, database: Database, reader: ChangeReader, generations: Generations, opens: dict[str, OpenFollower]
    ) -> None:
        self._database = database
        self._reader = reader
        self._generations = generations
        self._opens = opens

    def run(self, progress: Callable[[int, int], None]) -> Path:
        """Returns the new live folder. `progress` receives (revision reached, head)."""
        generation = self._generations.new()
        while True:
            for opener in self._opens.values():
                follower = opener(generation)
                try:
                    while follower.step():
                        progress(follower.cursor, self._reader.head())
                finally:
                    follower.close()
            if self._swap(generation):
                self._generations.prune()
                return generation

    def _swap(self, generation: Path) -> bool:
        """Go live while no revision can be handed out, and only if none was since the catch-up.

        Otherwise a narrowed document, whose denial the old generation has lifted, would show here for a moment.
        """
        with self._database.write() as session:
            session.execute(text("UPDATE counter SET value = value WHERE name = 'revision'"))
            head = peek(session, "revision")
            if min(read_cursor(generation / name) for name in self._opens) < head:
                return False
            self._generations.go_live(generation)
            return True
