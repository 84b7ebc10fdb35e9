"""Alembic histories: one a service, the same for both databases, applied at start-up."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import sqlalchemy as sa
from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection

from shared.store.database import Database

_ONE_AT_A_TIME: Final = 0x5374_486F  # any number, as long as every replica uses the same


async def upgrade(database: Database, history: Path) -> None:
    """Bring the schema to the newest revision, in one transaction; replicas take turns."""
    await database.write(lambda conn: conn.run_sync(_upgrade, history))


async def is_current(database: Database, history: Path) -> bool:
    """Whether the schema is the one that this code was written for."""
    head = ScriptDirectory(str(history)).get_current_head()
    return await database.read(lambda conn: conn.run_sync(_revision)) == head


def run_environment() -> None:
    """What every `env.py` does: migrate on the connection that was handed over."""
    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()


def _upgrade(connection: Connection, history: Path) -> None:
    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    config = Config()
    config.set_main_option("script_location", str(history))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
