"""`minutier evaluate`: each mode's figures on a judged collection, and whether their differences are chance."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from indexer.embedder import Embedder
from indexer.evaluation import (
    InvalidCollection,
    RememberingEmbedder,
    Run,
    compare,
    measured,
    read_collection,
    run_modes,
    summary,
)
from indexer.evaluation.measures import MEASURES
from indexer.query import Mode
from portal.web.lexis import read_query

LATENCY = ("p50_ms", "p95_ms")
COMPARED = "ndcg@10"
_LIKELY = 0.05

ByQuery = dict[str, dict[str, dict[str, float]]]
"""Each measure by mode and query."""


def evaluate_collection(
    folder: Path,
    embedder: Embedder,
    *,
    cache: Path,
    corpus: Path | None,
    where: Sequence[str],
    modes: Sequence[str],
    save: Path | None,
    against: Path | None,
    as_json: bool,
) -> int:
    """0 where the figures could be made; 1, with a sentence, where the collection or a file could not be read."""
    console = Console(stderr=True)
    try:
        collection = read_collection(folder, corpus, dict(_condition(text) for text in where))
        before = _before(against) if against else None
    except InvalidCollection as error:
        print(str(error), file=sys.stderr)
        return 1
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with tempfile.TemporaryDirectory(prefix="minutier-evaluate-") as work, Progress(*columns, console=console) as bar:
        task = bar.add_task("Passages vectorisés", total=None, visible=False)

        def told(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total, visible=True)

        remembering = RememberingEmbedder(embedder, cache / "evaluation", told=told)
        runs = run_modes(
            collection, Path(work), remembering, read=read_query, modes=[mode for mode in Mode if mode in modes]
        )
    by_query = {mode.value: measured(run.rankings, collection.grades) for mode, run in runs.items()}
    if save:
        save.write_text(json.dumps(by_query), "utf-8")
    if as_json:
        print(json.dumps({mode.value: _answer(by_query[mode.value], run) for mode, run in runs.items()}))
    else:
        size = f"{len(collection.queries)} requêtes, {len(collection.records)} documents"
        _show(f"{folder.name} : {size}", by_query, runs, before)
    return 0


def _condition(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InvalidCollection(
            f"« {text} » n'est pas une condition : écrivez par exemple --where source=service-public."
        )
    return name, value


def _before(path: Path) -> ByQuery:
    try:
        found: ByQuery = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        raise InvalidCollection(
            f"« {path} » n'est pas un résultat gardé : il se fait par minutier evaluate … --save {path}."
        ) from None
    return found


def _answer(figures: Mapping[str, Mapping[str, float]], run: Run) -> dict[str, float]:
    found = {name: round(figure.mean, 4) for name, figure in summary(figures).items()}
    return found | {name: round(value, 2) for name, value in zip(LATENCY, _latency(run), strict=True)}


def _latency(run: Run) -> tuple[float, float]:
    """Median and 95th centile, in milliseconds."""
    p50, p95 = np.percentile(run.seconds, (50, 95)) * 1000
    return float(p50), float(p95)


def _show(title: str, by_query: ByQuery, runs: Mapping[Mode, Run], before: ByQuery | None) -> None:
    table = Table(title=title, caption="moyenne \\[intervalle à 95 %], par tirage des requêtes")
    table.add_column("mode")
    for name in MEASURES:
        table.add_column(name, justify="right")
    for name in LATENCY:
        table.add_column(name.replace("_", " "), justify="right")
    for mode, run in runs.items():
        figures = summary(by_query[mode.value])
        cells = [f"{one.mean:.3f} [{one.low:.3f} {one.high:.3f}]" for one in figures.values()]
        table.add_row(mode.value, *cells, *(f"{value:.1f}" for value in _latency(run)))
    console = Console(width=max(140, Console().width))
    console.print(table)
    hybrid = by_query.get(Mode.HYBRID.value)
    for other in (Mode.LEXICAL.value, Mode.SEMANTIC.value):
        if hybrid and other in by_query:
            console.print(_told(f"hybrid, au lieu de {other}", hybrid, by_query[other]))
    for name, former in (before or {}).items():
        if name in by_query:
            console.print(_told(f"{name}, depuis le résultat gardé", by_query[name], former))


def _told(what: str, ours: Mapping[str, Mapping[str, float]], theirs: Mapping[str, Mapping[str, float]]) -> str:
    found = compare(ours, theirs, COMPARED)
    sure = "différence établie" if found.p < _LIKELY else "peut être le hasard"
    return f"{what} : {COMPARED} {found.difference:+.3f}, p = {found.p:.4f} ({sure})"
