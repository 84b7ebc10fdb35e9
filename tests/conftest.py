"""What every test may ask for: both databases, a held clock, one time zone database."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings

from shared.clock import HeldClock
from shared.store.database import Database
from shared.store.migrations import upgrade
from shared.zones import use_packaged_zones
from tests.postgres import PostgresServer, Unavailable, start_postgres

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
_WITHOUT_POSTGRES = pytest.StashKey[str]()

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
    """A real PostgreSQL of this run's own, or None where it cannot start."""
    try:
        server = start_postgres()
    except Unavailable as why:
        request.config.stash[_WITHOUT_POSTGRES] = str(why)
        yield None
        return
    yield server
    server.stop()


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer | None
) -> str:
    """The address of an empty database; every test that asks runs on both kinds."""
    return await _empty(request.param, tmp_path, postgres)


@pytest.fixture(params=["sqlite", "postgres"])
async def empty_database_url(
    request: pytest.FixtureRequest, tmp_path: Path, postgres: PostgresServer | None
) -> str:
    """The same, also where `database_url` already has a service's tables."""
    return await _empty(request.param, tmp_path, postgres)


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
    database = Database.at(await _new_database(postgres))
    await upgrade(database, migrations)
    yield database
    await database.close()


async def _empty(kind: str, folder: Path, postgres: PostgresServer | None) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folder / 'practice.db'}"
    return await _new_database(postgres)


async def _new_database(postgres: PostgresServer | None) -> str:
    if postgres is None:
        pytest.skip("PostgreSQL cannot start here")
    return await postgres.new_database()


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
