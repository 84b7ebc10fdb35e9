"""What the calendar feed's tests may ask for: its tables on both databases."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from services.calendar_feed.store import MIGRATIONS
from tests.migrated import Migrated


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated, migrations: Path
) -> AsyncIterator[str]:
    """The address of a database with the feed's tables; tests run on both kinds."""
    async with migrated.copy(request.param, migrations, tmp_path) as url:
        yield url
