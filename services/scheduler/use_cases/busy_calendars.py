"""Learn when a clinician is taken in a calendar of their own, and see when that is old."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.busy_news import STALE_AFTER
from services.scheduler.domain.slots import Slot
from services.scheduler.store import busy_calendars
from services.scheduler.use_cases.tasks import raise_task
from shared.events import data as told

CALENDAR_STALE: Final = "calendar_stale"


async def ask_about_stale(conn: AsyncConnection, now: datetime) -> int:
    """Ask staff about each clinician with a calendar that was not read for a day; once."""
    whose = await busy_calendars.tell_stale(conn, now - STALE_AFTER)
    for clinician_id in whose:
        await raise_task(conn, kind=CALENDAR_STALE, subject=clinician_id, now=now)
    return len(whose)


async def learn_busy(conn: AsyncConnection, news: told.BusyChanged) -> None:
    """Keep the hours as told, in place of what the calendar had; older news changes nothing.

    What is booked already stays: whether to move it is for people to say.
    """
    if news.removed:
        await busy_calendars.remove_calendar(conn, news.calendar_id)
        return
    fresh = await busy_calendars.save_calendar(
        conn,
        news.calendar_id,
        news.clinician_id,
        revision=news.revision,
        read_at=news.read_at.astimezone(UTC),
    )
    if not fresh:
        return
    blocks = [
        Slot(starts_at=each.starts_at.astimezone(UTC), ends_at=each.ends_at.astimezone(UTC))
        for each in news.blocks
    ]
    await busy_calendars.replace_blocks(conn, news.calendar_id, news.clinician_id, blocks)
