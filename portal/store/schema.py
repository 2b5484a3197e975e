"""Brings a database to the current schema (*mise à niveau*)."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import text
from sqlmodel import SQLModel

import portal.store.tables  # noqa: F401  (registers the tables)
from portal.store.database import Database

COUNTERS = ("revision", "epoch", "audit")


def upgrade(database: Database) -> None:
    """Apply the migrations that are missing; nothing happens where there are none. One process at a time."""
    with database.engine.execution_options(immediate=True).begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(20211231)"))
        config = configuration()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        for name in COUNTERS:
            connection.execute(
                text("INSERT INTO counter (name, value) VALUES (:name, 0) ON CONFLICT DO NOTHING"), {"name": name}
            )


def configuration() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def differences(database: Database) -> list[object]:
    """What the migrations and the tables do not agree on; empty when they do."""
    with database.engine.connect() as connection:
        return list(compare_metadata(MigrationContext.configure(connection), SQLModel.metadata))
