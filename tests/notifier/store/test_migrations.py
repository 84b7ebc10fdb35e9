"""The history of migrations makes exactly the tables that the code speaks of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from services.notifier.store.tables import metadata
from shared.eventlog.tables import log_metadata, position_metadata
from shared.store import api_keys, idempotency
from shared.store.database import Database


async def test_the_migrations_make_the_tables_of_the_code(database: Database) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        known = [
            metadata,
            position_metadata,
            log_metadata,
            api_keys.metadata,
            idempotency.metadata,
        ]
        context = MigrationContext.configure(
            connection,
            opts={
                "include_name": lambda name, kind, _parents: (
                    kind != "table" or name != "alembic_version"
                )
            },
        )
        return list(compare_metadata(context, known))  # type: ignore[arg-type] # it takes several

    assert await database.read(lambda conn: conn.run_sync(differences)) == []
