"""What was told a short while ago, read from the scheduler's own log."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog.tables import events
from shared.events import data

# A change of these kinds may free an hour, and may still be taken back.
FREEING: Final = (
    data.SessionCancelled.type,
    data.SessionMoved.type,
    data.CourseChanged.type,
    data.CourseEnded.type,
)
_NEWEST: Final = 500  # of a few minutes; a practice does not change more


async def freeing_since(conn: AsyncConnection, since: datetime) -> frozenset[UUID]:
    """Return the clinicians in whose diaries an hour may have come free after `since`."""
    rows = await conn.execute(
        sa.select(events.c.type, events.c.body).order_by(events.c.position.desc()).limit(_NEWEST)
    )
    found = (json.loads(row.body) for row in rows.all() if row.type in FREEING)
    return frozenset(
        UUID(_clinician(each["data"]))
        for each in found
        if datetime.fromisoformat(each["time"]) > since
    )


def _clinician(told: dict[str, Any]) -> str:
    id: str = told.get("session", told)["clinician_id"]
    return id
