"""Both databases, with the cast in them."""

from __future__ import annotations

import pytest

from shared.store.database import Database
from tests.scheduler.store.agreed import enter_the_cast


@pytest.fixture
async def diaries(database: Database) -> Database:
    await database.write(enter_the_cast)
    return database
