"""Alembic's environment: the connection comes from `portal.store.schema`, never from a file."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import portal.store.tables  # noqa: F401  (registers the tables)

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
