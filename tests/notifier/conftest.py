"""What the notifier's tests may ask for: its tables on both databases, and a stage over them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.notifier.store import MIGRATIONS
from shared.clock import HeldClock
from shared.store.database import Database
from tests.migrated import Migrated
from tests.notifier.stage import Stage


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated, migrations: Path
) -> AsyncIterator[str]:
    """The address of a database with the notifier's tables; tests run on both kinds."""
    async with migrated.copy(request.param, migrations, tmp_path) as url:
        yield url


@pytest.fixture
def stage(database: Database, clock: HeldClock) -> Stage:
    return Stage(database, clock)
