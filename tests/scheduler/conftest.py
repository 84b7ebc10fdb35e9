"""A practice with its people, through the store and through the doors."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import MIGRATIONS, create_app
from shared.clock import HeldClock
from shared.store.database import Database
from shared.store.migrations import upgrade
from tests.described import watched
from tests.postgres import PostgresServer
from tests.scheduler.practice import Practice, settings_for


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables and nothing in it, to be copied: migrating takes longer."""
    path = tmp_path_factory.mktemp("migrated") / "practice.db"
    asyncio.run(_migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def migrated_database(postgres: PostgresServer | None) -> str | None:
    """The same on PostgreSQL."""
    if postgres is None:
        return None
    url = asyncio.run(postgres.new_database())
    asyncio.run(_migrate(url))
    return url


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    postgres: PostgresServer | None,
    migrated_file: Path,
    migrated_database: str | None,
) -> str:
    """The address of a database with the scheduler's tables; tests run on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(migrated_file, tmp_path / 'practice.db')}"
    if postgres is None:
        pytest.skip("PostgreSQL cannot start here")
    return await postgres.new_database(like=migrated_database)


async def _migrate(url: str) -> None:
    database = Database.at(url)
    await upgrade(database, MIGRATIONS)
    await database.close()


@pytest.fixture
async def practice(database_url: str, clock: HeldClock) -> AsyncIterator[Practice]:
    """The scheduler as it runs, with nobody in it yet; it answers only what it describes."""
    app = create_app(settings_for(database_url), clock=clock)
    undescribed = watched(app)
    async with TestClient(TestServer(app)) as client:
        yield Practice(client=client, clock=clock)
    assert undescribed == []
