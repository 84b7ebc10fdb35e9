"""What stands in for a week that cannot be had: an hour of that week, else a week at the end."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from services.scheduler.domain.local_hours import HOURS, WEEK_DAYS, LocalHours
from services.scheduler.domain.minute_map import HOUR_MINUTES, MINUTE
from services.scheduler.domain.openings import Search

A_DAY_AWAY: Final = 2  # counts as much as so many hours later or earlier


class _Hour(NamedTuple):
    day: int
    hour: int
    start: int


class Substitutes:
    """Free hours by their week, each week looked through once."""

    def __init__(
        self,
        hours: LocalHours,
        search: Search,
        free: Callable[[int, int], bool],
        buffer: timedelta,
    ) -> None:
        self._hours, self._search, self._free = hours, search, free
        self._least_apart = HOUR_MINUTES - (-buffer // MINUTE)
        self._weeks: dict[int, list[_Hour]] = {}

    def find(self, day: int, hour: int, end: int, others: Sequence[int]) -> int | None:
        """Return the start of the nearest free hour of the same week, else of a week from `end` on.

        It lies apart from `others`, the starts that the person already has.
        """
        near = [each for each in self._week(day) if self._lies_apart(each.start, others)]
        if near:
            return min(near, key=lambda each: (_distance(each, day, hour), each.start)).start
        for later in range(end, self._hours.days, WEEK_DAYS):
            start = self._hours.start(later, hour)
            if self._free(later, hour) and self._lies_apart(start, others):
                return start
        return None

    def _week(self, day: int) -> list[_Hour]:
        monday = day - day % WEEK_DAYS
        if monday not in self._weeks:
            self._weeks[monday] = [
                _Hour(each, hour, self._hours.start(each, hour))
                for each in range(monday, monday + WEEK_DAYS)
                for hour in filter(self._search.suits, range(HOURS))
                if self._free(each, hour)
            ]
        return self._weeks[monday]

    def _lies_apart(self, start: int, others: Sequence[int]) -> bool:
        return all(abs(start - other) >= self._least_apart for other in others)


def _distance(found: _Hour, day: int, hour: int) -> int:
    return abs(found.hour - hour) + A_DAY_AWAY * abs(found.day - day)
