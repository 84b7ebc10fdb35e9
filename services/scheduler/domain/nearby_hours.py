"""Which hours near an appointment may be picked instead, before anybody's diary is asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import WEEK, instant

WEEKS_AFTER: Final = 4  # after the week of the appointment
DAYTIME: Final = range(8, 20)  # where no working hours are recorded
_QUARTER: Final = timedelta(minutes=15)  # every zone's full hour is a quarter of an hour in UTC


@dataclass(frozen=True, slots=True, kw_only=True)
class Weeks:
    """The Mondays, on the client's calendar, of the first and the last week to pick from."""

    first: date
    last: date

    def nearest(self, day: date) -> date:
        """Return the Monday of `day`, or of the week to pick from that is nearest to it."""
        return min(max(monday_of(day), self.first), self.last)

    def before(self, monday: date) -> date | None:
        return monday - WEEK if monday > self.first else None

    def after(self, monday: date) -> date | None:
        return monday + WEEK if monday < self.last else None


def weeks_near(slot: Slot, there: ZoneInfo, *, now: datetime) -> Weeks:
    """Return the weeks from this one to four after that of `slot`."""
    first = monday_of(now.astimezone(there).date())
    own = monday_of(slot.starts_at.astimezone(there).date())
    return Weeks(first=first, last=max(first, own) + WEEKS_AFTER * WEEK)


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def full_hours(
    monday: date, there: ZoneInfo, clock: ZoneInfo, *, now: datetime, daytime: bool
) -> tuple[Slot, ...]:
    """Return the hours still to come in that week `there` that begin on the full hour of `clock`.

    With `daytime` only those from 8:00 to 20:00 on that clock.
    """
    begins, ends = (instant(day, time(0), there) for day in (monday, monday + WEEK))
    return tuple(
        Slot.hour_from(moment)
        for moment in _quarters(begins, ends)
        if moment > now and _is_full(moment.astimezone(clock), daytime)
    )


def _quarters(begins: datetime, ends: datetime) -> Iterator[datetime]:
    moment = begins
    while moment < ends:
        yield moment
        moment += _QUARTER


def _is_full(local: datetime, daytime: bool) -> bool:
    return local.minute == 0 and (not daytime or local.hour in DAYTIME)
