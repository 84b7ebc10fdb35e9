"""Alembic histories: one a service, the same for both databases, applied at start-up.

Alembic is imported only when there is something to apply: it takes memory and a moment, and
almost every start finds the schema as it should be.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from shared.store.database import Database

_ONE_AT_A_TIME: Final = 0x5374_486F  # any number, as long as every replica uses the same
_NAMED: Final = re.compile(r"^(\w+_\d{4})_.*$")
_VERSION: Final = sa.table("alembic_version", sa.column("version_num", sa.String))


class NotOurs(Exception):
    """This database holds the tables of another service; each has one of its own."""


async def upgrade(database: Database, history: Path) -> None:
    """Bring the schema to the newest revision, in one transaction; replicas take turns.

    Raises `NotOurs` for the database of another service, and leaves it as it is.
    """
    found = await database.read(lambda conn: conn.run_sync(_revision))
    if found is not None and _service(found) != _service(newest(history)):
        raise NotOurs
    if found != newest(history):
        await database.write(lambda conn: conn.run_sync(_upgrade, history))


async def is_current(database: Database, history: Path) -> bool:
    """Whether the schema is the one that this code was written for."""
    return await database.read(lambda conn: conn.run_sync(_revision)) == newest(history)


def newest(history: Path) -> str:
    """Return the newest revision: files are named after theirs, `notifier_0001_first.py`."""
    names = [path.stem for path in (history / "versions").glob("*_[0-9][0-9][0-9][0-9]_*.py")]
    return _NAMED.sub(r"\1", max(names))


def _service(revision: str) -> str:
    return revision.rpartition("_")[0]


def run_environment() -> None:
    """What every `env.py` does: migrate on the connection that was handed over."""
    from alembic import context

    context.configure(connection=context.config.attributes["connection"])
    context.run_migrations()


def _upgrade(connection: Connection, history: Path) -> None:
    from alembic import command
    from alembic.config import Config

    if connection.dialect.name == "postgresql":
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))
    config = Config()
    config.set_main_option("script_location", str(history))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _revision(connection: Connection) -> str | None:
    if not sa.inspect(connection).has_table(_VERSION.name):
        return None
    return connection.execute(sa.select(_VERSION.c.version_num)).scalar_one_or_none()
