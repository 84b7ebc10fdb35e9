"""Each history of migrations makes exactly the tables that the code speaks of."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy.engine import Connection

from services.calendar_feed.store.tables import metadata as calendar_feed
from services.notifier.store.tables import metadata as notifier
from services.scheduler.store.tables import metadata as scheduler
from shared.eventlog.tables import log_metadata, position_metadata
from shared.store import api_keys, idempotency
from shared.store.database import Database
from shared.store.migrations import NotOurs, is_current, upgrade
from tests.architecture.sources import ROOT

ANSWERING = [api_keys.metadata, idempotency.metadata]
TABLES = {
    "scheduler": [scheduler, log_metadata, position_metadata, *ANSWERING],
    "notifier": [notifier, log_metadata, position_metadata, *ANSWERING],
    "calendar_feed": [calendar_feed, log_metadata, position_metadata, *ANSWERING],
}


def history(service: str) -> Path:
    return ROOT / "services" / service / "store" / "migrations"


@pytest.fixture(params=list(TABLES))
def service(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def migrations(service: str) -> Path:
    return history(service)


async def test_the_tables_are_those_of_the_code(service: str, database: Database) -> None:
    assert await is_current(database, history(service))
    together = sa.MetaData()
    for metadata in TABLES[service]:
        for table in metadata.tables.values():
            table.to_metadata(together)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(context, together))

    async with database.engine.connect() as conn:
        assert await conn.run_sync(differences) == []


async def test_migrating_twice_changes_nothing(service: str, database: Database) -> None:
    await upgrade(database, history(service))
    assert await is_current(database, history(service))


async def test_the_database_of_another_service_is_left_alone(
    service: str, database: Database
) -> None:
    other = next(name for name in TABLES if name != service)
    with pytest.raises(NotOurs):
        await upgrade(database, history(other))
    assert await is_current(database, history(service))
