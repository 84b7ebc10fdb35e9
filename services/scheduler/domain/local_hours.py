"""Every full hour of the clock on a wall, over whole weeks, as minutes since the epoch."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.minutes import (
    HOUR_MINUTES,
    MINUTE,
    Minutes,
    minute_floor,
    moment_of,
)
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import instant
from services.scheduler.domain.working_hours import DAY

HOURS: Final = 24
WEEK_DAYS: Final = 7
WEEK_HOURS: Final = HOURS * WEEK_DAYS


class LocalHours:
    """The hours in `zone` of all weeks, Monday to Sunday, that reach from `first` to `last`.

    An hour has a place: so many hours after the Monday on which the first week begins. One
    that does not exist starts where the clock goes on, and its place is in `skipped`.
    """

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        self.zone = zone
        self.monday = first - first.weekday() * DAY
        self.days = ((last - self.monday).days // WEEK_DAYS + 1) * WEEK_DAYS
        self.starts: list[int] = []
        self.skipped: set[int] = set()
        for day in range(self.days):
            self.starts += self._day(day)
        places: Sequence[int] = range(len(self.starts))
        self._in_order = sorted(self.starts)
        in_turn = self._in_order == self.starts  # a zone may skip a whole day
        self._order = places if in_turn else sorted(places, key=self.starts.__getitem__)
        self._touched: dict[Minutes, Sequence[int]] = {}
        self.moments = [moment_of(start) for start in self.starts]

    def place(self, day: date, hour: int) -> int:
        return (day - self.monday).days * HOURS + hour

    def date_at(self, place: int) -> date:
        return self.monday + place // HOURS * DAY

    def touched(self, minutes: Minutes) -> Sequence[int]:
        """Return the places of the hours that share a minute with these; many ask the same."""
        found = self._touched.get(minutes)
        if found is None:
            begin = bisect_right(self._in_order, minutes[0] - HOUR_MINUTES)
            end = bisect_left(self._in_order, minutes[1], begin)
            found = self._touched[minutes] = self._order[begin:end]
        return found

    def span(self) -> Slot:
        """Return all of the time that these hours cover."""
        last = self._in_order[-1] + HOUR_MINUTES
        return Slot(starts_at=moment_of(self._in_order[0]), ends_at=moment_of(last))

    def _day(self, day: int) -> list[int]:
        date = self.monday + day * DAY
        midnight = steady_midnight(date, self.zone)
        if midnight is not None:
            return [midnight + hour * HOUR_MINUTES for hour in range(HOURS)]
        return [self._hour_of_a_changing_day(date, hour) for hour in range(HOURS)]

    def _hour_of_a_changing_day(self, date: date, hour: int) -> int:
        moment = instant(date, time(hour), self.zone)
        if moment.astimezone(self.zone).time() != time(hour):
            self.skipped.add(self.place(date, hour))
        return minute_floor(moment)


@lru_cache(maxsize=4096)
def steady_midnight(day: date, zone: ZoneInfo) -> int | None:
    """Return the minute at which `day` begins, or None if the clocks change in it."""
    if _offset(day, zone) != _offset(day + DAY, zone):
        return None
    return minute_floor(instant(day, time(0), zone))


def _offset(day: date, zone: ZoneInfo) -> timedelta:
    offset = datetime.combine(day, time(0), tzinfo=zone).utcoffset()
    return offset if offset is not None else 0 * MINUTE
