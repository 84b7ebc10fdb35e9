"""Every full hour of the clock on a wall, over whole weeks, as minutes since the epoch."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.minute_map import HOUR_MINUTES, MINUTE, minute_floor, moment_of
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import instant
from services.scheduler.domain.working_hours import DAY

HOURS: Final = 24
WEEK_DAYS: Final = 7


class LocalHours:
    """The hours in `zone` of all weeks, Monday to Sunday, that reach from `first` to `last`.

    A day is counted from the Monday on which the first week begins. An hour that does not
    exist starts where the clock goes on, and is in `skipped`.
    """

    def __init__(self, first: date, last: date, zone: ZoneInfo) -> None:
        self.monday = first - first.weekday() * DAY
        weeks = (last - self.monday).days // WEEK_DAYS + 1
        self.days = weeks * WEEK_DAYS
        self.zone = zone
        self.starts: list[int] = []
        self.skipped: set[tuple[int, int]] = set()
        for day in range(self.days):
            self.starts += self._day(day)

    def day_of(self, date: date) -> int:
        return (date - self.monday).days

    def date_of(self, day: int) -> date:
        return self.monday + day * DAY

    def start(self, day: int, hour: int) -> int:
        return self.starts[day * HOURS + hour]

    def span(self) -> Slot:
        """Return all of the time that these hours cover."""
        after = instant(self.date_of(self.days), time(0), self.zone)
        return Slot(
            starts_at=moment_of(min(self.starts)),
            ends_at=max(after, moment_of(max(self.starts) + HOUR_MINUTES)),
        )

    def _day(self, day: int) -> list[int]:
        date = self.date_of(day)
        if self._offset(date) == self._offset(date + DAY):
            midnight = minute_floor(instant(date, time(0), self.zone))
            return [midnight + hour * HOUR_MINUTES for hour in range(HOURS)]
        return [self._hour_of_a_changing_day(day, hour) for hour in range(HOURS)]

    def _hour_of_a_changing_day(self, day: int, hour: int) -> int:
        moment = instant(self.date_of(day), time(hour), self.zone)
        if moment.astimezone(self.zone).time() != time(hour):
            self.skipped.add((day, hour))
        return minute_floor(moment)

    def _offset(self, date: date) -> timedelta:
        offset = datetime.combine(date, time(0), tzinfo=self.zone).utcoffset()
        return offset if offset is not None else 0 * MINUTE
