"""A first fence around the journal: the database itself refuses to change or delete an entry."""

from __future__ import annotations

from sqlalchemy import Connection, text

_SQLITE = (
    "CREATE TRIGGER audit_no_{what} BEFORE {WHAT} ON audit BEGIN SELECT RAISE(ABORT, 'the journal only grows'); END"
)
_FUNCTION = (
    "CREATE OR REPLACE FUNCTION audit_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'the journal only grows'; END $$"
)
_POSTGRES = "CREATE TRIGGER audit_no_{what} BEFORE {WHAT} ON audit FOR EACH ROW EXECUTE FUNCTION audit_only_grows()"
_REFUSED = ("update", "delete")


def raise_fence(connection: Connection) -> None:
    """Refuse changes and deletions from here on."""
    sqlite = connection.dialect.name == "sqlite"
    if not sqlite:
        connection.execute(text(_FUNCTION))
    for what in _REFUSED:
        connection.execute(text((_SQLITE if sqlite else _POSTGRES).format(what=what, WHAT=what.upper())))


def lower_fence(connection: Connection) -> None:
    """Let the transaction that purges at the legal term delete; it raises the fence again."""
    on = "" if connection.dialect.name == "sqlite" else " ON audit"
    for what in _REFUSED:
        connection.execute(text(f"DROP TRIGGER IF EXISTS audit_no_{what}{on}"))
