"""Absences: recorded, withdrawn, and read."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.store.tables import absences


async def add_absence(
    conn: AsyncConnection, session_id: UUID, client_id: UUID, now: datetime
) -> None:
    await conn.execute(
        sa.insert(absences).values(session_id=session_id, client_id=client_id, told_at=now)
    )


async def drop_absences(
    conn: AsyncConnection, session_ids: Sequence[UUID], client_id: UUID
) -> None:
    await conn.execute(
        sa.delete(absences).where(
            absences.c.session_id.in_(session_ids), absences.c.client_id == client_id
        )
    )


async def away_from(
    conn: AsyncConnection, session_ids: Sequence[UUID]
) -> dict[UUID, tuple[UUID, ...]]:
    """Return who is away from those of these sessions that somebody is away from."""
    rows = await conn.execute(
        sa.select(absences.c.session_id, absences.c.client_id)
        .where(absences.c.session_id.in_(session_ids))
        .order_by(absences.c.told_at, absences.c.client_id)
    )
    found: dict[UUID, tuple[UUID, ...]] = {}
    for row in rows.all():
        found[row.session_id] = (*found.get(row.session_id, ()), row.client_id)
    return found
