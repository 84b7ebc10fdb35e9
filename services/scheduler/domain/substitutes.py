"""What stands in for a week that cannot be had: an hour of that week, else a week at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta
from typing import Final

from services.scheduler.domain.local_hours import HOURS, WEEK_HOURS, LocalHours
from services.scheduler.domain.minutes import HOUR_MINUTES, MINUTE

A_DAY_AWAY: Final = 2  # counts as much as so many hours later or earlier


class Substitutes:
    """Places of free hours by their week, each week looked through once."""

    def __init__(
        self,
        hours: LocalHours,
        *,
        free: Callable[[int], bool],
        asked_for: Callable[[int], bool],
        buffer: timedelta,
    ) -> None:
        """Of a place, `free` says whether it can be had, `asked_for` whether its time suits."""
        self._hours, self._free, self._asked_for = hours, free, asked_for
        self._least_apart = HOUR_MINUTES - (-buffer // MINUTE)
        self._weeks: dict[int, list[int]] = {}

    def find(self, place: int, end: int, others: Sequence[int]) -> int | None:
        """Return the nearest free hour of the same week, else of a week from `end` on.

        Times of day that nobody asked for come last. All are places; what is found lies apart
        from `others`, which the person already has.
        """
        near = [each for each in self._week(place) if self._lies_apart(each, others)]
        suiting = _nearest(filter(self._asked_for, near), place)
        if suiting is not None:
            return suiting
        for later in range(end, len(self._hours.starts), WEEK_HOURS):
            if self._free(later) and self._lies_apart(later, others):
                return later
        return _nearest(near, place)

    def _week(self, place: int) -> list[int]:
        monday = place - place % WEEK_HOURS
        if monday not in self._weeks:
            self._weeks[monday] = list(filter(self._free, range(monday, monday + WEEK_HOURS)))
        return self._weeks[monday]

    def _lies_apart(self, place: int, others: Sequence[int]) -> bool:
        starts = self._hours.starts
        start, least = starts[place], self._least_apart
        return all(abs(start - starts[other]) >= least for other in others)


def _nearest(places: Iterable[int], place: int) -> int | None:
    return min(places, key=lambda each: (_distance(each, place), each), default=None)


def _distance(one: int, other: int) -> int:
    """Count hours of the day and days apart, not the time between: 15:00 tomorrow is near."""
    days = abs(one // HOURS - other // HOURS)
    return abs(one % HOURS - other % HOURS) + A_DAY_AWAY * days
