"""When clinicians can be had: what is settled for them, read once for a span of time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import holidays
from services.scheduler.domain.availability import Availability, buffer_of, notice_of
from services.scheduler.domain.people import Clinician
from services.scheduler.domain.practice import HolidayCalendar, Policy
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.stretches import without
from services.scheduler.domain.time_off import Days
from services.scheduler.domain.working_hours import DAY
from services.scheduler.store import availability
from services.scheduler.store.practice import read_policy
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """What was read for all of them together."""

    policy: Policy
    holidays: Sequence[date]
    time_off: Mapping[UUID, Sequence[Slot]]
    extra_hours: Mapping[UUID, Sequence[Slot]]


async def availability_of(
    conn: AsyncConnection, clinicians: Sequence[Clinician], span: Slot, now: datetime
) -> dict[UUID, Availability]:
    """Return when each of `clinicians` can be had within `span`, asked at `now`."""
    policy = await read_policy(conn)
    first, last = span.starts_at.date() - DAY, span.ends_at.date() + DAY
    read = _Read(
        policy=policy,
        holidays=await _holidays(policy.holidays, first, last),
        time_off=await _time_off(conn, clinicians, span),
        extra_hours=await _extra_hours(conn, clinicians, first, last),
    )
    return {each.id: _availability(each, read, now) for each in clinicians}


def _availability(clinician: Clinician, read: _Read, now: datetime) -> Availability:
    clock = zone(clinician.timezone)
    extra = read.extra_hours.get(clinician.id, ())
    return Availability(
        hours=clinician.working_hours,
        zone=clock,
        extra_hours=extra,
        time_off=read.time_off.get(clinician.id, ()),
        holidays=without((Days(first=day, last=day).slot(clock) for day in read.holidays), extra),
        buffer=buffer_of(clinician, read.policy),
        earliest=now + notice_of(clinician, read.policy),
        latest=now + read.policy.horizon,
    )


async def _holidays(calendar: HolidayCalendar | None, first: date, last: date) -> Sequence[date]:
    if calendar is None:
        return ()
    kept = await holidays.days_of(calendar, range(first.year, last.year + 1))
    return [day for day in kept if first <= day <= last]


async def _time_off(
    conn: AsyncConnection, clinicians: Sequence[Clinician], span: Slot
) -> dict[UUID, list[Slot]]:
    found: dict[UUID, list[Slot]] = {}
    ids = [each.id for each in clinicians]
    for off in await availability.time_off_within(conn, ids, span):
        found.setdefault(off.clinician_id, []).append(off.slot)
    return found


async def _extra_hours(
    conn: AsyncConnection, clinicians: Sequence[Clinician], first: date, last: date
) -> dict[UUID, list[Slot]]:
    clocks: dict[UUID, ZoneInfo] = {each.id: zone(each.timezone) for each in clinicians}
    found: dict[UUID, list[Slot]] = {}
    for extra in await availability.extra_hours_within(conn, list(clocks), first, last):
        slot = extra.slot(clocks[extra.clinician_id])
        if slot is not None:
            found.setdefault(extra.clinician_id, []).append(slot)
    return found
