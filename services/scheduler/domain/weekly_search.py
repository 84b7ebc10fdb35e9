"""Where one clinician has openings, and what each of them is like.

The hours of a week are columns; a column is left as soon as too many weeks of it are taken.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final, NamedTuple
from uuid import UUID

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.local_hours import HOURS, WEEK_DAYS, LocalHours
from services.scheduler.domain.minute_map import Mark, MinuteMap, minute_ceiling, moment_of
from services.scheduler.domain.openings import Cause, Gap, Opening, Search
from services.scheduler.domain.substitutes import Substitutes

SKIPPED: Final = -1  # in place of a mark: that day the clock has no such hour
_CAUSES: Final = {
    SKIPPED: Cause.CLOCK_CHANGE,
    Mark.NOT_WORKED: Cause.OUTSIDE_WORKING_HOURS,
    Mark.BUFFER: Cause.BUFFER,
    Mark.TIME_OFF: Cause.TIME_OFF,
    Mark.HOLIDAY: Cause.HOLIDAY,
    Mark.HELD: Cause.HELD,
    Mark.CLIENT: Cause.TAKEN,
    Mark.CLINICIAN: Cause.TAKEN,
}


class Place(NamedTuple):
    """Where an opening was found, in the order of preference."""

    gaps: int
    day: int
    hour: int
    turn: int  # of the clinician among those who were asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A clinician's minutes over the span of a search, and when they can be had at all."""

    clinician_id: UUID
    availability: Availability
    minutes: MinuteMap


class WeeklySearch:
    """A search through the minutes of one clinician, asked at `now`."""

    def __init__(self, search: Search, hours: LocalHours, marked: Marked, *, now: datetime) -> None:
        available = marked.availability
        self._search, self._hours, self._minutes = search, hours, marked.minutes
        self._clinician_id, self._zone = marked.clinician_id, available.zone
        self._most = search.most_exceptions
        soonest = minute_ceiling(max(now, available.earliest or now))
        self._soonest = soonest + (moment_of(soonest) == now)  # now itself has begun
        self._latest = available.latest
        self._substitutes = Substitutes(hours, search, self._free, available.buffer)

    def places(self, turn: int) -> Iterator[Place]:
        """Yield where there are openings, in no order."""
        first, last = (self._hours.day_of(date) for date in (self._search.first, self._search.last))
        for weekday in sorted(self._search.weekdays):
            days = range(first + (weekday - first) % WEEK_DAYS, last + 1, WEEK_DAYS)
            for hour in filter(self._search.suits, range(HOURS)):
                yield from self._column([d for d in days if self._may_begin(d, hour)], hour, turn)

    def opening(self, place: Place) -> Opening:
        """Return the opening at a place that was found."""
        days = self._days(place.day)
        return Opening(
            clinician_id=self._clinician_id,
            timezone=self._search.timezone,
            clinician_timezone=self._zone.key,
            first_date=self._hours.date_of(place.day),
            at=time(place.hour),
            starts=tuple(moment_of(self._hours.start(day, place.hour)) for day in days),
            gaps=tuple(self._gaps(days, place.hour)) if place.gaps else (),
        )

    def _column(self, firsts: list[int], hour: int, turn: int) -> Iterator[Place]:
        if not firsts or self._hopeless(firsts, hour):
            return
        weeks = range(firsts[0], self._days(firsts[-1]).stop, WEEK_DAYS)
        bad = [self._mark(day, hour) != Mark.FREE for day in weeks]
        for week, first in enumerate(firsts):
            gaps = sum(bad[week : week + self._search.sessions])
            if gaps <= self._most:
                yield Place(gaps, first, hour, turn)

    def _hopeless(self, firsts: list[int], hour: int) -> bool:
        """Whether already the weeks that all of these have in common are too often taken."""
        bad = 0
        for day in range(firsts[-1], self._days(firsts[0]).stop, WEEK_DAYS):
            bad += self._mark(day, hour) != Mark.FREE
            if bad > self._most:
                return True
        return False

    def _gaps(self, days: range, hour: int) -> Iterator[Gap]:
        marks = {day: self._mark(day, hour) for day in days}
        others = [self._hours.start(day, hour) for day in days if marks[day] == Mark.FREE]
        for day in days:
            if marks[day] != Mark.FREE:
                found = self._substitutes.find(day, hour, days.stop, others)
                if found is not None:
                    others.append(found)
                yield Gap(
                    date=self._hours.date_of(day),
                    cause=self._cause(marks, day, hour),
                    substitute=None if found is None else moment_of(found),
                )

    def _cause(self, marks: dict[int, int], day: int, hour: int) -> Cause:
        """Hours that lie outside only because two clocks differ lie so by a change of clocks."""
        cause = _CAUSES[marks[day]]
        if cause is not Cause.OUTSIDE_WORKING_HOURS:
            return cause
        apart = self._apart(day, hour)
        inside = (other for other, mark in marks.items() if mark == Mark.FREE)
        changed = any(self._apart(other, hour) != apart for other in inside)
        return Cause.CLOCK_CHANGE if changed else cause

    def _apart(self, day: int, hour: int) -> object:
        """Return by how much the two clocks differ then."""
        moment = moment_of(self._hours.start(day, hour))
        here, there = moment.astimezone(self._hours.zone), moment.astimezone(self._zone)
        return here.replace(tzinfo=None) - there.replace(tzinfo=None)

    def _mark(self, day: int, hour: int) -> int:
        found = self._minutes.hour_from(self._hours.start(day, hour))
        return SKIPPED if not found and (day, hour) in self._hours.skipped else found

    def _free(self, day: int, hour: int) -> bool:
        """Whether the hour may stand in for another."""
        soon = self._hours.start(day, hour) < self._soonest
        return not soon and self._mark(day, hour) == Mark.FREE

    def _may_begin(self, day: int, hour: int) -> bool:
        start = self._hours.start(day, hour)
        return start >= self._soonest and (self._latest is None or moment_of(start) <= self._latest)

    def _days(self, first: int) -> range:
        return range(first, first + self._search.sessions * WEEK_DAYS, WEEK_DAYS)
