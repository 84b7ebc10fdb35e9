"""From the clock on the practice's wall to instants, and the weeks of a course.

A local time that does not exist that day moves forward by as much as the clock does; one
that exists twice is the first. Both are PEP 495's fold=0.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot

WEEK: Final = timedelta(weeks=1)


def instant(day: date, at: time, zone: ZoneInfo) -> datetime:
    """Return the UTC instant at which the clock in `zone` shows `at` on `day`."""
    return datetime.combine(day, at.replace(fold=0), tzinfo=zone).astimezone(UTC)


def agreed(starts_at: datetime, zone: ZoneInfo, usual: time | None = None) -> datetime:
    """Return the local day and time at which an hour that starts then was agreed, without a zone.

    On a day whose clock jumps over the `usual` time it is still the usual time, not the later
    one that the clock showed.
    """
    local = starts_at.astimezone(zone).replace(tzinfo=None, fold=0)
    if usual is None or instant(local.date(), usual, zone) != starts_at:
        return local
    return datetime.combine(local.date(), usual)


def weekly_slots(first: date, at: time, weeks: int, zone: ZoneInfo) -> tuple[Slot, ...]:
    """Return one hour a week from `first`, each at the same local time in `zone`."""
    return slots_every(1, first, at, weeks, zone)


def slots_every(
    weeks_apart: int, first: date, at: time, count: int, zone: ZoneInfo
) -> tuple[Slot, ...]:
    """Return `count` hours from `first`, so many weeks apart, at the same local time in `zone`."""
    days = (first + n * weeks_apart * WEEK for n in range(count))
    return tuple(Slot.hour_from(instant(day, at, zone)) for day in days)
