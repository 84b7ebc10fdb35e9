"""A session that was missed is made up for at the end, if the practice wants that."""

from __future__ import annotations

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.course_changes import changed
from services.scheduler.domain.errors import HourTaken
from services.scheduler.domain.extending import surplus
from services.scheduler.domain.sessions import cancel
from services.scheduler.use_cases.changing_courses import Held, hold_course, keep
from services.scheduler.use_cases.extending import extended_by_one
from services.scheduler.use_cases.practice import policy_of
from services.scheduler.use_cases.tasks import raise_task

NO_ROOM: Final = "make_up_has_no_room"


async def make_up(conn: AsyncConnection, now: datetime, held: Held) -> bool:
    """Add a session in the first free week after the last and tell of it; whether one was.

    If no week is free, staff get a task instead.
    """
    if held.course.ended_at is not None or not (await policy_of(conn)).missed_week_extends:
        return False
    try:
        change = await extended_by_one(conn, now, held)
    except HourTaken:
        await raise_task(conn, kind=NO_ROOM, subject=held.course.id, now=now)
        return False
    await keep(conn, now, change)
    return True


async def need_no_make_up(conn: AsyncConnection, now: datetime, course_id: UUID) -> None:
    """Cancel the session that made up for one that takes place after all, and tell of it."""
    held = await hold_course(conn, course_id)
    session = surplus(held.course)
    if session is not None and (await policy_of(conn)).missed_week_extends:
        await keep(conn, now, changed(held.course, [cancel(session, None, now=now)]))
