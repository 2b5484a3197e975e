"""`minutier search`: hits for a terminal, or one JSON document."""

from __future__ import annotations

import json
import sys

from rich.console import Console
from rich.text import Text

from indexer.page import Hit, Page
from indexer.query import InvalidQuery, Mode, Query
from portal.app import Archive
from portal.nouns.document import show_number
from portal.web.api import hit_json
from portal.web.lexis import read_query
from portal.web.portal import Search

SHOWN = ("id", "title", "kind", "ecli", "numbers", "date", "chamber", "extracts")


def search_once(
    archive: Archive, search: Search, *, text: str, member: str | None, mode: str, size: int, as_json: bool
) -> int:
    """Search as `member`, or over published decisions alone. Journalled without the query's words."""
    reader = archive.people.get(member) if member else None
    if member and reader is None:
        print(f"Aucun membre « {member} ».", file=sys.stderr)
        return 1
    with archive.database.read() as session:
        sight = archive.clearances.sight(session, reader)
    if reader:
        archive.journal.record(reader.id, "recherche", "-")
    reading = read_query(text)
    try:
        found = search.search(
            Query(
                text=text,
                reading=reading,
                labels=sight.labels,
                denied=sight.denied,
                mode=Mode(mode),
                size=min(max(size, 1), 100),
            )
        )
    except InvalidQuery as error:
        print(str(error), file=sys.stderr)
        return 1
    if as_json:
        hits = [{key: value for key, value in hit_json(hit).items() if key in SHOWN} for hit in found.hits]
        print(json.dumps({"total": found.total, "hits": hits}, ensure_ascii=False))
    else:
        for slip in reading.slips:
            print(slip.sentence, file=sys.stderr)
        _show(found)
    return 0


def _show(found: Page) -> None:
    console = Console()
    console.print(f"{found.total} résultat{'s' if found.total > 1 else ''}")
    for hit in found.hits:
        console.print()
        console.print(Text(hit.title, style="bold"), Text(_line(hit), style="dim"))
        for extract in hit.extracts:
            text = Text("  " + extract.text)
            for start, end in extract.marks:
                text.stylize("bold yellow", start + 2, end + 2)
            console.print(text)


def _line(hit: Hit) -> str:
    parts = [hit.ecli or "", ", ".join(show_number(number) for number in hit.numbers), hit.solution or ""]
    return " · ".join(part for part in parts if part)
