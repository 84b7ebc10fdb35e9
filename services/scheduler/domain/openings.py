"""Openings: hours that are free every week, or in all weeks but a few."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from functools import lru_cache
from typing import Final
from uuid import UUID

from services.scheduler.domain.busy_news import BusyNews
from services.scheduler.domain.courses import MOST_SESSIONS
from services.scheduler.domain.local_hours import WEEK_DAYS, LocalHours
from services.scheduler.domain.wall_clock import WEEK
from shared.zones import zone

MOST_EXCEPTIONS: Final = 10


class Cause(StrEnum):
    """Why a week of an opening cannot be had as the others can."""

    HOLIDAY = "holiday"
    TIME_OFF = "time_off"
    BUSY_ELSEWHERE = "busy_elsewhere"
    TAKEN = "taken"  # a session of the clinician, or of the client who asks
    HELD = "held"
    BUFFER = "buffer"
    OUTSIDE_WORKING_HOURS = "outside_working_hours"
    CLOCK_CHANGE = "clock_change"  # that day the hour does not exist, or lies outside


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for: full hours of the clock in `timezone`, whose first date is bounded.

    `weekdays` (0 is Monday) and the times of day bound the weekly hour; all bounds are included.
    """

    timezone: str
    first: date
    last: date
    sessions: int
    exceptions: int = 0
    weekdays: frozenset[int] = frozenset(range(WEEK_DAYS))
    earliest: time = time.min
    latest: time = time.max

    def __post_init__(self) -> None:
        if not 1 <= self.sessions <= MOST_SESSIONS:
            raise ValueError("an opening is for 1 to 52 sessions")
        if not 0 <= self.exceptions <= MOST_EXCEPTIONS or self.last < self.first:
            raise ValueError("a search has up to 10 exceptions, and ends when it begins or later")

    @property
    def most_exceptions(self) -> int:
        """An opening has at least one hour that can be had."""
        return min(self.exceptions, self.sessions - 1)

    def hours(self) -> LocalHours:
        """Return the hours that are looked at; for substitutes also weeks after the end."""
        weeks = self.sessions - 1 + 2 * self.most_exceptions
        return _hours(self.first, self.last + weeks * WEEK, self.timezone)

    def suits(self, hour: int) -> bool:
        return self.earliest <= time(hour) <= self.latest


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One week of an opening that cannot be had, and an hour that could be had instead."""

    date: date
    cause: Cause
    substitute: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A weekly hour of a clinician; `starts` are all its weeks, the gaps among them.

    `busy_news` tells how old it is what is known of the clinician's own calendars.
    """

    clinician_id: UUID
    timezone: str
    clinician_timezone: str
    first_date: date
    at: time
    starts: tuple[datetime, ...]
    gaps: tuple[Gap, ...]
    busy_news: BusyNews | None = None


@lru_cache(maxsize=4)
def _hours(first: date, last: date, timezone: str) -> LocalHours:
    """On one day most searches look at the same weeks."""
    return LocalHours(first, last, zone(timezone))
