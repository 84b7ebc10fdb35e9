"""The weekly hours of clinicians that are free for all of a course."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.people import Clinician
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import instant, weekly_slots
from services.scheduler.use_cases.free_hours import Booking, find_conflicts
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """So many weeks; the first date is from `since` to `until`, both included.

    At most so many dates may be exceptions. `timezone` is whose clock the hours keep to.
    """

    sessions: int
    since: date
    until: date
    timezone: str
    exceptions: int = 0
    client_id: UUID | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FreeWeeks:
    """An hour of a clinician that is free every week, at `at` on the clock in `timezone`."""

    clinician_id: UUID
    first_date: date
    at: time
    timezone: str
    slots: tuple[Slot, ...]


async def free_weeks_of(
    conn: AsyncConnection, now: datetime, clinicians: Sequence[Clinician], ask: Ask
) -> dict[UUID, list[FreeWeeks]]:
    """Return the hours of each of these clinicians, each weekly hour once, the earliest first."""
    return {each.id: await _free(conn, now, each, ask) for each in clinicians}


async def _free(
    conn: AsyncConnection, now: datetime, clinician: Clinician, ask: Ask
) -> list[FreeWeeks]:
    clock = zone(ask.timezone)
    days = (ask.until - ask.since).days + 7 * ask.sessions
    hours = [
        Slot.hour_from(instant(ask.since + timedelta(days=n), time(h), clock))
        for n in range(days)
        for h in range(24)
    ]
    ahead = [slot for slot in dict.fromkeys(hours) if slot.starts_at > now]
    booking = Booking(
        clinician=clinician,
        client_ids=() if ask.client_id is None else (ask.client_id,),
        slots=ahead,
        timezone="UTC",
        now=now,
    )
    taken = {each.starts_at for each in await find_conflicts(conn, booking)}
    free = {slot for slot in ahead if slot.starts_at not in taken}
    found: dict[tuple[int, int], FreeWeeks] = {}
    for n in range((ask.until - ask.since).days + 1):
        day = ask.since + timedelta(days=n)
        for h in range(24):
            slots = weekly_slots(day, time(h), ask.sessions, clock)
            if free.issuperset(slots) and (day.weekday(), h) not in found:
                found[day.weekday(), h] = FreeWeeks(
                    clinician_id=clinician.id,
                    first_date=day,
                    at=time(h),
                    timezone=ask.timezone,
                    slots=slots,
                )
    return list(found.values())
