"""What every test may ask for: both databases, a held clock, one time zone database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import settings

from shared.clock import HeldClock
from shared.store.database import Database
from shared.store.migrations import upgrade
from shared.zones import use_packaged_zones
from tests.migrated import Migrated
from tests.postgres import PostgresServer, Unavailable, start_postgres

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_WITHOUT_POSTGRES = pytest.StashKey[str]()
_TOLD: Final = "without_postgres"

use_packaged_zones()
# A slow machine is no failure. In CI the examples are the same each time, as Hypothesis has it.
settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def clock() -> HeldClock:
    """A Monday morning in New York, thirteen weeks before the story's first session."""
    return HeldClock(NOW)


@pytest.fixture(scope="session")
def postgres(request: pytest.FixtureRequest) -> Iterator[PostgresServer | None]:
    """A real PostgreSQL of this process's own, or None where it cannot start."""
    try:
        server = start_postgres()
    except Unavailable as why:
        request.config.stash[_WITHOUT_POSTGRES] = str(why)
        # Where several processes share the tests, another one writes the summary.
        getattr(request.config, "workeroutput", {})[_TOLD] = str(why)
        yield None
        return
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer | None
) -> AsyncIterator[str]:
    """The address of an empty database; every test that asks runs on both kinds."""
    async with _empty(request.param, tmp_path, postgres) as url:
        yield url


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_database_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer | None
) -> AsyncIterator[str]:
    """The same, also where `database_url` already has a service's tables."""
    async with _empty(request.param, tmp_path, postgres) as url:
        yield url


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, postgres: PostgresServer | None) -> Migrated:
    """Databases with tables in them, to be copied."""
    return Migrated(tmp_path_factory.mktemp("migrated"), postgres)


@pytest.fixture
async def database(database_url: str, migrations: Path) -> AsyncIterator[Database]:
    """A database with the tables of the service whose folder names its `migrations`."""
    database = Database.at(database_url)
    await upgrade(database, migrations)
    yield database
    await database.close()


@pytest.fixture
async def postgres_database(
    postgres: PostgresServer | None, migrations: Path
) -> AsyncIterator[Database]:
    """As `database`, for what only PostgreSQL can do: several writers at a time."""
    if postgres is None:
        pytest.skip("PostgreSQL cannot start here")
    async with postgres.lent() as url:
        database = Database.at(url)
        await upgrade(database, migrations)
        yield database
        await database.close()


@asynccontextmanager
async def _empty(kind: str, folder: Path, postgres: PostgresServer | None) -> AsyncIterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / 'practice.db'}"
        return
    if postgres is None:
        pytest.skip("PostgreSQL cannot start here")
    async with postgres.lent() as url:
        yield url


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """Remember why a process that ran some of the tests had no PostgreSQL."""
    why = getattr(node, "workeroutput", {}).get(_TOLD)
    if why is not None:
        node.config.stash[_WITHOUT_POSTGRES] = why


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    why = config.stash.get(_WITHOUT_POSTGRES, None)
    if why is not None:
        count = sum(
            "PostgreSQL" in str(report.longrepr)
            for report in terminalreporter.stats.get("skipped", [])
        )
        terminalreporter.write_line(f"PostgreSQL could not start ({why}): {count} tests left out")
