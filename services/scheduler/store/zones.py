"""On whose clocks times are shown."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.store.tables import clients, clinicians

_ZONES: Final = sa.union_all(
    *(
        sa.select(table.c.id, table.c.timezone).where(
            table.c.id.in_(sa.bindparam("ids", expanding=True))
        )
        for table in (clinicians, clients)
    )
)


async def zones_of(conn: AsyncConnection, ids: Collection[UUID]) -> dict[UUID, str]:
    """Return the time zone of each of these clinicians and clients."""
    if not ids:
        return {}
    rows = await conn.execute(_ZONES, {"ids": list(ids)})
    return {row.id: row.timezone for row in rows.all()}
