"""The hours that active sessions hold, of many people at once, as minutes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.minute_map import Minutes
from services.scheduler.domain.slots import Slot
from services.scheduler.store.diary import within
from services.scheduler.store.tables import session_clients, sessions

_MINUTE: Final = 60


async def taken_of_clinicians(
    conn: AsyncConnection, clinician_ids: Collection[UUID], span: Slot
) -> dict[UUID, list[Minutes]]:
    """Return what the sessions of each of these clinicians hold within `span`."""
    rows = await conn.execute(
        sa.select(
            sessions.c.clinician_id, _seconds(sessions.c.starts_at), _seconds(sessions.c.ends_at)
        ).where(sessions.c.clinician_id.in_(clinician_ids), *within(sessions, span))
    )
    found: dict[UUID, list[Minutes]] = {}
    for clinician_id, start, end in rows.all():
        found.setdefault(clinician_id, []).append(_minutes(start, end))
    return found


async def taken_of_client(conn: AsyncConnection, client_id: UUID, span: Slot) -> list[Minutes]:
    """Return what the sessions of this client hold within `span`."""
    side = session_clients.c
    rows = await conn.execute(
        sa.select(_seconds(side.starts_at), _seconds(side.ends_at)).where(
            side.client_id == client_id, *within(session_clients, span)
        )
    )
    return [_minutes(start, end) for start, end in rows.all()]


def _seconds(column: sa.Column[datetime]) -> sa.ColumnElement[int]:
    """The database counts, so that no object is made for each row's times."""
    return sa.cast(sa.extract("epoch", column), sa.BigInteger)


def _minutes(start: int, end: int) -> Minutes:
    return start // _MINUTE, -(-end // _MINUTE)
