"""`minutier ingest`: a progress bar with rate and time left, a summary, and the index up to date at the end."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from sqlalchemy.exc import DBAPIError
from watchfiles import Change, watch

from ingest import Workers, walk
from portal.app import Archive, open_archive, open_embedder, open_feed
from portal.feed.feed import LEXICAL
from portal.feed.generations import only_one, read_cursor
from portal.intake.batch import Batch, Tally
from portal.settings import Settings

LOOK_EVERY = 0.05
LOOK_MS = 500
STILL = 2.0
"""Seconds in which a dropped file does not grow, after which it is whole."""
PATIENCE = 600.0
"""Seconds to wait for a running feed to index what was ingested."""
NO_ROOM = (
    "Le disque n'a pas pris ce qui était à écrire. Rien n'est perdu : ce qui a été versé est gardé, le reste attend à"
    " sa place. Vérifiez qu'il y a de la place, puis relancez la même commande."
)
KEYS = ("files", "ingested", "duplicates", "quarantined", "skipped", "seconds")


def ingest_paths(settings: Settings, paths: Sequence[Path], *, as_json: bool, watching: bool) -> int:
    """Ingest, then index. Returns 0 when every file is accounted for."""
    missing = [path for path in paths if not path.exists()]
    if missing:
        names = ", ".join(str(path) for path in missing)
        print(f"Introuvable : {names}. Vérifiez le chemin puis recommencez.", file=sys.stderr)
        return 2
    try:
        return _ingest(settings, paths, as_json=as_json, watching=watching)
    except (OSError, DBAPIError) as failure:
        print(NO_ROOM, f"({type(failure).__name__})", file=sys.stderr)
        return 1


def _ingest(settings: Settings, paths: Sequence[Path], *, as_json: bool, watching: bool) -> int:
    archive, began = open_archive(settings), time.time()
    with Workers(count=settings.workers) as workers:
        batch = Batch(archive.documents, archive.quarantine, workers, settings.workers)
        tally = _with_progress(batch, paths)
        index(archive)
        report(archive, tally, as_json=as_json)
        if watching:
            _follow(archive, batch, paths, began)
    archive.close()
    parts = tally.ingested + tally.duplicates + tally.quarantined + tally.skipped
    return 0 if parts == tally.files else 1


def index(archive: Archive) -> None:
    """Bring the words up to date: by the running feed where there is one, else here. Meaning follows with the feed."""
    head = archive.reader.head()
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with only_one(archive.settings.index / "feed.lock") as alone:
            if alone:
                open_feed(archive, open_embedder()).catch_up()
                return
        if read_cursor(archive.generations.current() / LEXICAL) >= head:
            return
        time.sleep(LOOK_EVERY)
    print("L'index n'a pas encore tout repris : l'alimentation continue à son rythme.", file=sys.stderr)


def report(archive: Archive, tally: Tally, *, as_json: bool) -> None:
    """The summary: for people on standard error, one line for programs on standard output."""
    rate = tally.files / tally.seconds if tally.seconds else 0.0
    print(
        f"{tally.files} fichiers en {tally.seconds:.1f} s ({rate:.1f}/s) : {tally.ingested} versés"
        f" (dont {tally.textless} sans texte), {tally.duplicates} déjà là, {tally.quarantined} en quarantaine,"
        f" {tally.skipped} passés.",
        file=sys.stderr,
    )
    if tally.quarantined:
        for held in archive.quarantine.waiting()[: min(tally.quarantined, 20)]:
            print(f"  en quarantaine : {held.name} — {held.sentence}", file=sys.stderr)
    if as_json:
        held_values = asdict(tally)
        print(json.dumps({key: held_values[key] for key in KEYS}), flush=True)


def _with_progress(batch: Batch, paths: Iterable[Path]) -> Tally:
    console = Console(stderr=True)
    if not console.is_terminal:
        return batch.run(paths)
    total = sum(1 for _ in walk(paths))
    columns = (
        TextColumn("Versement"),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]:.1f}/s"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("", total=total, rate=0.0)

        def show(tally: Tally) -> None:
            bar.update(task, completed=tally.files, rate=tally.files / max(tally.seconds, 0.001))

        return batch.run(paths, show)


def _follow(archive: Archive, batch: Batch, paths: Sequence[Path], since: float) -> None:
    """`--watch`: what is dropped into the folders is ingested once it has stopped growing for `STILL` seconds.

    Files that changed after `since`, while the first ingest ran, count as dropped.
    """
    waiting: dict[Path, tuple[int, float]] | None = None
    for changes in watch(*paths, raise_interrupt=False, rust_timeout=LOOK_MS, yield_on_timeout=True, debounce=LOOK_MS):
        if waiting is None:  # the watch stands: nothing escapes from here on
            waiting = dict.fromkeys(_changed(paths, since), (-1, 0.0))
        waiting |= dict.fromkeys((Path(path) for change, path in changes if change is not Change.deleted), (-1, 0.0))
        if still := _settled(waiting):
            tally = batch.run(still)
            index(archive)
            report(archive, tally, as_json=False)


def _changed(paths: Sequence[Path], since: float) -> Iterator[Path]:
    for path in paths:
        for file in path.rglob("*") if path.is_dir() else [path]:
            with contextlib.suppress(OSError):
                if file.stat().st_ctime >= since:
                    yield file


def _settled(waiting: dict[Path, tuple[int, float]]) -> list[Path]:
    """Take out the files that kept their size for `STILL` seconds, and what is no file any more."""
    still, now = [], time.monotonic()
    for path, (size, since) in sorted(waiting.items()):
        if not path.is_file():
            del waiting[path]
        elif (grown := path.stat().st_size) != size:
            waiting[path] = (grown, now)
        elif now - since >= STILL:
            del waiting[path]
            still.append(path)
    return still
