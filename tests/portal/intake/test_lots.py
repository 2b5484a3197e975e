"""Files of many records come in as the records they hold."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

from sqlmodel import select

from portal.app import open_archive
from portal.settings import read_settings
from portal.store.tables import DocumentRow
from tests.ingest.test_judilibre import RECORD
from tests.portal.test_command import run


def test_records_are_counted_and_the_file_that_held_them_is_not(tmp_path: Path) -> None:
    """Of a list, lines under GZIP and a broken line, `--json` adds up, and each decision is a document of its own."""
    lot, home = tmp_path / "lot", tmp_path / "home"
    lot.mkdir()
    records = [RECORD | {"id": f"{n:024x}", "ecli": f"ECLI:FR:CCASS:2020:CO{n:05}"} for n in range(1, 5)]
    (lot / "page.json").write_text(json.dumps({"total": 2, "results": records[:2]}), "utf-8")
    lines = [*map(json.dumps, records[1:]), json.dumps(RECORD)[:-40], ""]
    (lot / "decisions.jsonl.gz").write_bytes(gzip.compress("\n".join(lines).encode()))
    done = run(home, "ingest", str(lot), "--json")
    assert done.returncode == 0, done.stderr
    tally = json.loads(done.stdout.strip().splitlines()[-1])
    del tally["seconds"]
    assert tally == {"files": 6, "ingested": 4, "duplicates": 1, "quarantined": 1, "skipped": 0}
    archive = open_archive(read_settings({"MINUTIER_HOME": str(home)}))
    with archive.database.read() as session:
        found = session.exec(select(DocumentRow.identity)).all()
    archive.close()
    assert sorted(found) == [record["ecli"] for record in records]
