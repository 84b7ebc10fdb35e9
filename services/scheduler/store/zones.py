"""On whose clocks times are shown."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.store.tables import clients, clinicians


async def zones_of(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the time zone of each of these clinicians and clients."""
    if not ids:
        return {}
    people = sa.union_all(
        *(
            sa.select(table.c.id, table.c.timezone).where(table.c.id.in_(ids))
            for table in (clinicians, clients)
        )
    )
    return {row.id: row.timezone for row in (await conn.execute(people)).all()}
