"""The search for weekly hours as one would do it with a calendar that is asked a day at a time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Clinician
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.time_off import Days
from services.scheduler.domain.wall_clock import WEEK, instant
from services.scheduler.domain.working_hours import worked
from services.scheduler.store import diary
from shared.zones import zone

DAY = timedelta(days=1)
Hour = tuple[UUID, date, int]


async def day_by_day(
    conn: AsyncConnection, clinicians: Sequence[Clinician], first_dates: Sequence[date], weeks: int
) -> set[Hour]:
    """Return the hours that are free for so many weeks from one of the first dates.

    Each day that someone works is asked once; what is remembered of it is searched.
    """
    free: set[Hour] = set()
    days = sorted({first + n * WEEK for first in first_dates for n in range(weeks)})
    for clinician in clinicians:
        for day in days:
            free |= await _free_on(conn, clinician, day)
    return {
        (id, day, hour)
        for id, day, hour in free
        if day in first_dates and all((id, day + n * WEEK, hour) in free for n in range(weeks))
    }


async def _free_on(conn: AsyncConnection, clinician: Clinician, day: date) -> set[Hour]:
    clock = zone(clinician.timezone)
    stretches = list(worked(clinician.working_hours, day, day, clock))
    if not stretches:
        return set()
    whole_day = Days(first=day, last=day).slot(clock)
    taken = await diary.taken_of_clinician(conn, clinician.id, whole_day)
    return {
        (clinician.id, day, hour)
        for hour in range(24)
        if _is_free(_hour(day, hour, clock), stretches, taken)
    }


def _is_free(slot: Slot, stretches: Sequence[Slot], taken: Sequence[Slot]) -> bool:
    worked_then = any(stretch.covers(slot) for stretch in stretches)
    return worked_then and not any(slot.overlaps(other) for other in taken)


def _hour(day: date, hour: int, clock: ZoneInfo) -> Slot:
    return Slot.hour_from(instant(day, time(hour), clock))
