"""Where one clinician has openings, and what each of them is like.

All hours of a week are counted at once, week after week, and only those that are free often
enough are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.hour_marks import HourMarks, Mark
from services.scheduler.domain.local_hours import HOURS, WEEK_HOURS, LocalHours
from services.scheduler.domain.minutes import minute_ceiling, minute_floor, moment_of
from services.scheduler.domain.openings import Cause, Gap, Opening, Search
from services.scheduler.domain.substitutes import Substitutes

_CAUSES: Final = {
    Mark.SKIPPED: Cause.CLOCK_CHANGE,
    Mark.NOT_WORKED: Cause.OUTSIDE_WORKING_HOURS,
    Mark.BUFFER: Cause.BUFFER,
    Mark.TIME_OFF: Cause.TIME_OFF,
    Mark.BUSY_ELSEWHERE: Cause.BUSY_ELSEWHERE,
    Mark.HOLIDAY: Cause.HOLIDAY,
    Mark.HELD: Cause.HELD,
    Mark.CLIENT: Cause.TAKEN,
    Mark.CLINICIAN: Cause.TAKEN,
}


class Found(NamedTuple):
    """Where an opening was found, in the order of preference."""

    gaps: int
    place: int
    turn: int  # of the clinician among those who were asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Marked:
    """A clinician's hours over the span of a search, and when they can be had at all."""

    clinician_id: UUID
    availability: Availability
    marks: HourMarks


class WeeklySearch:
    """A search through the hours of one clinician, asked at `now`."""

    def __init__(self, search: Search, hours: LocalHours, marked: Marked, *, now: datetime) -> None:
        available = marked.availability
        self._search, self._hours, self._marks = search, hours, marked.marks
        self._clinician_id, self._zone = marked.clinician_id, available.zone
        self._busy_news = available.busy_news
        self._most = search.most_exceptions
        self._soonest = _first_after(now, available.earliest)
        self._latest = minute_floor(available.latest) if available.latest else hours.starts[-1]
        self._suits = [search.suits(hour) for hour in range(HOURS)]
        self._wanted = [
            weekday * HOURS + hour
            for weekday in sorted(search.weekdays)
            for hour in range(HOURS)
            if self._suits[hour]
        ]
        self._firsts = range(hours.place(search.first, 0), hours.place(search.last, HOURS))
        self._substitutes = Substitutes(
            hours,
            free=self._stands_in,
            asked_for=lambda place: self._suits[place % HOURS],
            buffer=available.buffer,
        )

    def found(self, turn: int) -> Iterator[Found]:
        """Yield where there are openings, in no order."""
        sessions = self._search.sessions
        for week, free in enumerate(self._marks.free_weeks(sessions)):
            for hour in self._wanted:
                gaps = sessions - free[hour]
                if gaps <= self._most and self._begins(week * WEEK_HOURS + hour):
                    yield Found(gaps, week * WEEK_HOURS + hour, turn)

    def dates(self, found: Found) -> list[date]:
        return [self._hours.date_at(place) for place in self._weeks(found.place)]

    def opening(self, found: Found) -> Opening:
        """Return the opening that was found."""
        weeks = self._weeks(found.place)
        moments = self._hours.moments
        return Opening(
            clinician_id=self._clinician_id,
            timezone=self._search.timezone,
            clinician_timezone=self._zone.key,
            first_date=self._hours.date_at(found.place),
            at=time(found.place % HOURS),
            starts=tuple(moments[weeks.start : weeks.stop : weeks.step]),
            gaps=tuple(self._gaps(weeks)) if found.gaps else (),
            busy_news=self._busy_news,
        )

    def _begins(self, place: int) -> bool:
        """Whether a series may begin at this hour."""
        within = self._soonest <= self._hours.starts[place] <= self._latest
        return within and place in self._firsts

    def _gaps(self, weeks: range) -> Iterator[Gap]:
        taken = [place for place in weeks if self._marks.at(place) != Mark.FREE]
        others = [place for place in weeks if place not in taken]
        kept = tuple(others)
        for place in taken:
            found = self._substitutes.find(place, weeks.stop, others)
            if found is not None:
                others.append(found)
            yield Gap(
                date=self._hours.date_at(place),
                cause=self._cause(place, kept),
                substitute=None if found is None else self._hours.moments[found],
            )

    def _cause(self, place: int, kept: Sequence[int]) -> Cause:
        """Hours that lie outside only because two clocks differ lie so by a change of clocks."""
        cause = _CAUSES[Mark(self._marks.at(place))]
        if cause is not Cause.OUTSIDE_WORKING_HOURS:
            return cause
        apart = self._apart(place)
        changed = any(self._apart(other) != apart for other in kept)
        return Cause.CLOCK_CHANGE if changed else cause

    def _apart(self, place: int) -> timedelta:
        """Return by how much the two clocks differ then."""
        moment = self._hours.moments[place]
        here, there = moment.astimezone(self._hours.zone), moment.astimezone(self._zone)
        return here.replace(tzinfo=None) - there.replace(tzinfo=None)

    def _stands_in(self, place: int) -> bool:
        """Whether the hour may stand in for another of the series."""
        free = self._marks.at(place) == Mark.FREE
        return free and self._hours.starts[place] >= self._soonest

    def _weeks(self, first: int) -> range:
        return range(first, first + self._search.sessions * WEEK_HOURS, WEEK_HOURS)


def _first_after(now: datetime, earliest: datetime | None) -> int:
    """Return the first minute that lies after `now` and not before `earliest`."""
    soonest = minute_ceiling(max(now, earliest or now))
    return soonest + (moment_of(soonest) == now)
