"""Writes to the update log, the archive or the store without end, and says each word once it was acknowledged."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from io import BytesIO
from itertools import count
from pathlib import Path

from sqlalchemy import event, text

import portal.store.bytes
from portal.store.bytes import FolderStore
from portal.store.database import Database
from portal.store.keys import KeyFile
from portal.store.updates import UpdateLog


def writing(kind: str, home: Path, *, hasty: bool) -> Callable[[str], object]:
    """What keeps one word; `hasty` leaves out what makes it durable, for the control."""
    if kind == "store":
        if hasty:
            portal.store.bytes.os.fsync = lambda _descriptor: None
        store = FolderStore(home / "bytes", KeyFile(home.parent / "keys"))
        return lambda word: store.put(BytesIO(word.encode()))
    database = Database(f"sqlite:///{home / kind}.sqlite")
    if hasty:
        event.listen(database.engine, "connect", lambda raw, _: raw.execute("PRAGMA synchronous=NORMAL"))
    if kind == "log":
        log = UpdateLog(database)
        return lambda word: log.append("projet", "rapporteur", word.encode()).result()
    with database.write() as session:
        session.execute(text("CREATE TABLE IF NOT EXISTS word (word TEXT PRIMARY KEY)"))

    def archive(word: str) -> None:
        with database.write() as session:
            session.execute(text("INSERT INTO word VALUES (:word)"), {"word": word})

    return archive


def main() -> None:
    kind, home, hasty = sys.argv[1], Path(os.environ["DISK_HOME"]), sys.argv[2:] == ["hasty"]
    keep = writing(kind, home, hasty=hasty)
    for number in count():
        word = f"mot{number}"
        try:
            keep(word)
        except Exception as refusal:
            print("refused", type(refusal).__name__, flush=True)
        else:
            print("kept", word, flush=True)


if __name__ == "__main__":
    main()
