"""When clinicians can be had: what is settled for them, read once for a span of time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import holidays
from services.scheduler.domain.availability import Availability, buffer_of, notice_of
from services.scheduler.domain.busy_news import busy_news
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.practice import HolidayCalendar, Policy
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.stretches import without
from services.scheduler.domain.time_off import Days
from services.scheduler.domain.working_hours import DAY
from services.scheduler.store.availability import BesideTheWeek, beside_the_week
from services.scheduler.store.practice import read_policy
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read for all of them together."""

    policy: Policy
    holidays: Sequence[date]
    beside: BesideTheWeek


async def availability_of(
    conn: AsyncConnection, clinicians: Sequence[Clinician], span: Slot, now: datetime
) -> dict[UUID, Availability]:
    """Return when each of `clinicians` can be had within `span`, asked at `now`."""
    policy = await read_policy(conn)
    days = Days(first=span.starts_at.date() - DAY, last=span.ends_at.date() + DAY)
    read = _Read(
        policy=policy,
        holidays=await _holidays(policy.holidays, days),
        beside=await beside_the_week(conn, [each.id for each in clinicians], span, days),
    )
    return {each.id: _availability(each, read, now) for each in clinicians}


def _availability(clinician: Clinician, read: _Read, now: datetime) -> Availability:
    clock = zone(clinician.timezone)
    worked_too = read.beside.extra_hours.get(clinician.id, ())
    busy_as_of = read.beside.busy_as_of.get(clinician.id)
    extra = [slot for each in worked_too if (slot := each.slot(clock)) is not None]
    return Availability(
        hours=clinician.working_hours,
        zone=clock,
        extra_hours=extra,
        time_off=read.beside.time_off.get(clinician.id, ()),
        busy_elsewhere=read.beside.busy_elsewhere.get(clinician.id, ()),
        busy_news=None if busy_as_of is None else busy_news(busy_as_of, now),
        holidays=without((Days(first=day, last=day).slot(clock) for day in read.holidays), extra),
        buffer=buffer_of(clinician, read.policy),
        earliest=now + notice_of(clinician, read.policy),
        latest=now + read.policy.horizon,
    )


async def _holidays(calendar: HolidayCalendar | None, days: Days) -> Sequence[date]:
    if calendar is None:
        return ()
    kept = await holidays.days_of(calendar, range(days.first.year, days.last.year + 1))
    return [day for day in kept if days.first <= day <= days.last]
