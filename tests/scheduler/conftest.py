"""A practice with its people, through the store and through the doors."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp.test_utils import TestClient, TestServer

from services.scheduler.app import MIGRATIONS, create_app
from shared.clock import HeldClock
from tests.described import watched
from tests.migrated import Migrated
from tests.scheduler.practice import Practice, settings_for


@pytest.fixture
def migrations() -> Path:
    return MIGRATIONS


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(
    request: pytest.FixtureRequest, tmp_path: Path, migrated: Migrated, migrations: Path
) -> AsyncIterator[str]:
    """The address of a database with the scheduler's tables; tests run on both kinds."""
    async with migrated.copy(request.param, migrations, tmp_path) as url:
        yield url


@pytest.fixture
async def practice(database_url: str, clock: HeldClock) -> AsyncIterator[Practice]:
    """The scheduler as it runs, with nobody in it yet; it answers only what it describes."""
    app = create_app(settings_for(database_url), clock=clock)
    undescribed = watched(app)
    async with TestClient(TestServer(app)) as client:
        yield Practice(client=client, clock=clock)
    assert undescribed == []
