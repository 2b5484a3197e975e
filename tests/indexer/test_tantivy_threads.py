"""Many readers at once on one index, each in a thread of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from indexer import TantivyIndex
from tests.indexer.court import ask, note


def test_readers_in_threads_get_whole_extracts(tmp_path: Path) -> None:
    """Extracts drawn by eight threads at once are those that one thread draws alone."""
    index = TantivyIndex(tmp_path / "index", writer=True)
    labels = frozenset({"dossier:1"})
    index.replace(
        [note(f"n{number}", f"Le bail {number} " + "du preneur et du bailleur " * 400) for number in range(40)]
    )
    queries = [f"bail {number}" for number in range(40)]
    alone = {text: index.search(ask(text, labels=labels)).hits for text in queries}
    assert any(hit.extracts for hits in alone.values() for hit in hits)
    with ThreadPoolExecutor(8) as pool:
        for text, hits in pool.map(lambda text: (text, index.search(ask(text, labels=labels)).hits), queries * 10):
            assert hits == alone[text]
    index.close()
