"""Databases that a service's tables are already in: copied, since migrating takes longer."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from sqlalchemy.engine import Connection

from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.postgres import PostgresServer


@dataclass(frozen=True, slots=True)
class Migrated:
    """One empty database for each kind and history, made when it is first asked for."""

    folder: Path
    postgres: PostgresServer | None
    made: dict[tuple[str, Path], str] = field(default_factory=dict)

    @asynccontextmanager
    async def copy(self, kind: str, history: Path, folder: Path) -> AsyncIterator[str]:
        """Lend a new database with the tables of `history`."""
        if kind == "sqlite":
            file = folder / "practice.db"
            shutil.copy(await self._original(kind, history), file)
            yield f"sqlite:///{file}"
            return
        if self.postgres is None:
            pytest.skip("PostgreSQL cannot start here")
        async with self.postgres.lent(like=await self._original(kind, history)) as url:
            yield url

    @asynccontextmanager
    async def empty(self, kind: str, folder: Path) -> AsyncIterator[str]:
        """Lend a new database with nothing in it, for a test that migrates it step by step."""
        if kind == "sqlite":
            yield f"sqlite:///{folder / 'empty.db'}"
            return
        if self.postgres is None:
            pytest.skip("PostgreSQL cannot start here")
        async with self.postgres.lent() as url:
            yield url

    async def _original(self, kind: str, history: Path) -> str:
        """Return the file, or the address, of the database that is copied."""
        known = self.made.get((kind, history))
        if known is not None:
            return known
        if kind == "sqlite":
            original = str(self.folder / f"{len(self.made)}.db")
            await _migrate(f"sqlite:///{original}", history)
        else:
            assert self.postgres is not None
            original = await self.postgres.new_database()
            await _migrate(original, history)
        self.made[kind, history] = original
        return original


def as_it_was(connection: Connection, history: Path, revision: str, rows: Sequence[str]) -> None:
    """Make the tables that `history` had at `revision`, with these rows in them."""
    config = Config()
    config.set_main_option("script_location", str(history))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
    for row in rows:
        connection.execute(sa.text(row))


async def _migrate(url: str, history: Path) -> None:
    database = Database.at(url)
    await upgrade(database, history)
    await database.close()
