"""`minutier audit`: the journal verified, or purged at its legal term."""

from __future__ import annotations

import json
import sys
from datetime import UTC, date, datetime, time

from portal.app import open_archive
from portal.journal.verification import purge, verify
from portal.settings import Settings

BY = "commande"
"""Who purges from the command line."""


def verify_journal(settings: Settings, *, as_json: bool) -> int:
    """0 where the journal is whole, 1 where an entry was changed, moved or taken out."""
    archive = open_archive(settings)
    found = verify(archive.database)
    archive.close()
    if as_json:
        answer = {
            "whole": found.whole,
            "entries": found.entries,
            "noted": found.noted,
            "purged": found.purged,
            "broken": [{"sequence": sequence, "reason": reason} for sequence, reason in found.broken],
            "count": found.count,
        }
        print(json.dumps(answer, ensure_ascii=False))
    elif found.whole:
        print(f"Journal entier : {found.entries} entrées, dont {found.noted} comparées à leur sceau hors de la base.")
    else:
        print(f"Journal altéré : {found.count} anomalies sur {found.entries} entrées.", file=sys.stderr)
        for sequence, reason in found.broken:
            print(f"  entrée {sequence} : {reason}", file=sys.stderr)
    return 0 if found.whole else 1


def purge_before(settings: Settings, day: date) -> int:
    """Take out the entries of the days before this one."""
    archive = open_archive(settings)
    gone = purge(archive.database, datetime.combine(day, time.min, UTC), BY)
    archive.close()
    print(f"{gone} entrées retirées. Le journal se vérifie toujours : minutier audit verify.")
    return 0
