"""How right the reading of real decisions is: `python -m tests.bench.bench_accuracy [FOLDER]`.

Prints, by source and from bare prose, each field's share of right answers, the zones' F1 and every mistake by name.
Asserts nothing.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from ingest.extraction import Extraction
from tests.ingest import court

Pairs = Iterable[tuple[dict[str, Any], Extraction]]
_DEFAULT = Path(__file__).parent.parent.parent.parent / "shared" / "data"


def _row(name: str, total: court.Score) -> str:
    cells = (
        f"{total.right[field]:>4}/{total.asked[field]:<4}" if total.asked[field] else "    –    "
        for field in court.FIELDS
    )
    return f"{name:<22}" + " ".join(f"{cell:>12}" for cell in cells)


def main() -> None:
    corpora = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("MINUTIER_CORPORA") or _DEFAULT)
    caselaw = corpora / "caselaw"
    if not (caselaw / "decisions.jsonl.gz").is_file():
        print(f"pas de décisions réelles dans {caselaw}")
        return
    truths = court.truths(caselaw)
    old = [truth for truth in truths if truth["decision_date"] < "2019"]
    new = [truth for truth in truths if truth["decision_date"] >= "2019"]
    print(f"{'':<22}" + " ".join(f"{field:>12}" for field in court.FIELDS))
    runs: list[tuple[str, Callable[[], Pairs]]] = [
        (f"fichiers {source}", lambda kept=kept: court.from_files(caselaw, kept))  # type: ignore[misc]  # bound now
        for source in sorted({truth["source"] for truth in truths})
        for kept in [[truth for truth in truths if truth["source"] == source]]
    ]
    runs += [("prose depuis 2019", lambda: court.from_prose(new)), ("prose avant 2019", lambda: court.from_prose(old))]
    mistakes: list[str] = []
    for name, pairs in runs:
        total = court.score(pairs())
        print(_row(name, total))
        mistakes += [f"{name} · {mistake}" for mistake in total.mistakes]
    start = time.perf_counter()
    reached, wrong = court.zone_f1((truth, extraction.zones) for truth, extraction in court.from_prose(truths))
    spent = time.perf_counter() - start
    letters = sum(len(truth["text"]) for truth in truths)
    print(
        f"zones lues dans la prose : F1 {reached:.4f} ; lecture complète : {letters / spent / 1e6:.2f} M caractères/s"
    )
    print("\n".join(["", "Écarts :", *mistakes, *wrong]))


if __name__ == "__main__":
    main()
