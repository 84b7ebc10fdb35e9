"""Learn when a clinician is taken in a calendar of their own."""

from __future__ import annotations

from datetime import UTC

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.slots import Slot
from services.scheduler.store import busy_calendars
from shared.events import data as told


async def learn_busy(conn: AsyncConnection, news: told.BusyChanged) -> None:
    """Keep the hours as told, in place of what the calendar had; older news changes nothing.

    What is booked already stays: whether to move it is for people to say.
    """
    fresh = await busy_calendars.save_calendar(
        conn,
        news.calendar_id,
        news.clinician_id,
        revision=news.revision,
        read_at=news.read_at,
        stale=news.stale,
    )
    if not fresh:
        return
    blocks = [
        Slot(starts_at=each.starts_at.astimezone(UTC), ends_at=each.ends_at.astimezone(UTC))
        for each in news.blocks
    ]
    await busy_calendars.replace_blocks(conn, news.calendar_id, news.clinician_id, blocks)
