"""The local hours at which sessions were agreed, and the zone rules behind their instants."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.rezoning import AgreedHour
from services.scheduler.domain.sessions import Status
from services.scheduler.domain.slots import Slot
from services.scheduler.store.diary import LONGEST
from services.scheduler.store.tables import sessions, zone_rules

_SCHEDULED: Final = (
    sa.select(
        sessions.c.id,
        sessions.c.course_id,
        sessions.c.starts_at,
        sessions.c.ends_at,
        sessions.c.timezone,
        sessions.c.local_starts_at,
    )
    .where(sessions.c.status == Status.SCHEDULED.value)
    .order_by(sessions.c.starts_at, sessions.c.id)
)


async def hours_to_come(conn: AsyncConnection, now: datetime) -> list[AgreedHour]:
    """Return the scheduled hours from a day ago on: rules may bring one back that has passed."""
    return await _read(conn, _SCHEDULED.where(sessions.c.starts_at > now - LONGEST))


async def hours_of(conn: AsyncConnection, session_ids: Collection[UUID]) -> list[AgreedHour]:
    """Return the hours of those of these sessions that are scheduled."""
    return await _read(conn, _SCHEDULED.where(sessions.c.id.in_(session_ids)))


async def kept_rules(conn: AsyncConnection) -> str:
    """Return the version of the zone database by which the hours to come were last settled."""
    return str((await conn.execute(sa.select(zone_rules.c.tzversion))).scalar_one())


async def keep_rules(conn: AsyncConnection, tzversion: str) -> None:
    await conn.execute(sa.update(zone_rules).values(tzversion=tzversion))


async def _read(conn: AsyncConnection, query: sa.Select[Any]) -> list[AgreedHour]:
    return [
        AgreedHour(
            session_id=row.id,
            course_id=row.course_id,
            slot=Slot(starts_at=row.starts_at, ends_at=row.ends_at),
            timezone=row.timezone,
            local=row.local_starts_at,
        )
        for row in (await conn.execute(query)).all()
    ]
