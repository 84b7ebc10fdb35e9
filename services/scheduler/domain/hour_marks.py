"""What each full hour of a span is kept free of sessions for, of one clinician.

One byte an hour, so that whole weeks are copied, translated and counted in one call.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import IntEnum
from typing import Final

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.local_hours import WEEK_HOURS, LocalHours, steady_midnight
from services.scheduler.domain.minutes import MINUTE, Minutes, minute_floor, minutes_of
from services.scheduler.domain.working_hours import DAY, minute_of


class Mark(IntEnum):
    """What an hour is kept for; of several the highest is told, in the order of `Reason`."""

    FREE = 0
    SKIPPED = 1  # that day the clock has no such hour
    NOT_WORKED = 2
    BUFFER = 3
    BUSY_ELSEWHERE = 4
    TIME_OFF = 5
    HOLIDAY = 6
    HELD = 7
    CLIENT = 8
    CLINICIAN = 9


_ONE_IF_FREE: Final = bytes(mark == Mark.FREE for mark in range(256))


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What is agreed and held of a clinician, and of the client who asks, if one does."""

    clinician: Sequence[Minutes] = ()
    client: Sequence[Minutes] = ()
    held: Sequence[Minutes] = ()


class HourMarks:
    """Marks by place; whoever marks goes from the lowest mark to the highest."""

    def __init__(self, hours: LocalHours, availability: Availability) -> None:
        """Mark what is skipped and what is not worked; all else is marked next."""
        self._hours = hours
        self._marks = bytearray(len(hours.starts))
        for place in hours.skipped:
            self._marks[place] = Mark.SKIPPED
        if availability.hours:
            self.mark(_not_worked(hours, availability), Mark.NOT_WORKED)

    def mark(self, taken: Iterable[Minutes], mark: Mark, *, around: timedelta = 0 * MINUTE) -> None:
        """Keep every hour that touches these minutes, or what lies `around` them."""
        marks, touched, more = self._marks, self._hours.touched, around // MINUTE
        one = bytes((mark,))
        if more:
            taken = [(start - more, end + more) for start, end in taken]
        for places in map(touched, taken):
            if isinstance(places, range):  # else the clock has skipped a day, and they are apart
                marks[places.start : places.stop] = one * len(places)
                continue
            for place in places:
                marks[place] = mark

    def at(self, place: int) -> int:
        return self._marks[place]

    def free_weeks(self, count: int) -> Iterator[bytes]:
        """Yield, from each week on, in how many of `count` weeks each hour of the week is free.

        A week is one great number with a byte for each of its hours, so that adding two weeks
        adds all of their hours at once; up to 255 weeks no byte runs over.
        """
        free = self._marks.translate(_ONE_IF_FREE)
        weeks = [
            int.from_bytes(free[begin : begin + WEEK_HOURS], "little")
            for begin in range(0, len(free), WEEK_HOURS)
        ]
        for week in range(len(weeks) - count + 1):
            yield sum(weeks[week : week + count]).to_bytes(WEEK_HOURS, "little")


def marks_of(hours: LocalHours, availability: Availability, taken: Taken) -> HourMarks:
    """Return every hour with what it is kept for, marked from the lowest to the highest."""
    marks = HourMarks(hours, availability)
    if availability.buffer:
        marks.mark(taken.clinician, Mark.BUFFER, around=availability.buffer)
    marks.mark(map(minutes_of, availability.busy_elsewhere), Mark.BUSY_ELSEWHERE)
    marks.mark(map(minutes_of, availability.time_off), Mark.TIME_OFF)
    marks.mark(map(minutes_of, availability.holidays), Mark.HOLIDAY)
    marks.mark(taken.held, Mark.HELD)
    marks.mark(taken.client, Mark.CLIENT)
    marks.mark(taken.clinician, Mark.CLINICIAN)
    return marks


def _not_worked(hours: LocalHours, availability: Availability) -> Iterator[Minutes]:
    """Yield what lies between the stretches that are worked."""
    begin, end = minutes_of(hours.span())
    for start, stop in sorted([*_worked(hours, availability), (end, end)]):
        if begin < start:
            yield begin, start
        begin = max(begin, stop)


def _worked(hours: LocalHours, availability: Availability) -> Iterator[Minutes]:
    """Yield what is worked, as `working_hours.worked` has it."""
    span, zone = hours.span(), availability.zone
    day = span.starts_at.astimezone(zone).date() - DAY
    last = span.ends_at.astimezone(zone).date()
    by_weekday = [[each for each in availability.hours if each.weekday == n] for n in range(7)]
    while day <= last:
        midnight = steady_midnight(day, zone)
        for each in by_weekday[day.weekday()]:
            if not each.worked_on(day):
                continue
            if midnight is not None:
                yield midnight + each.start, midnight + each.end
            else:
                start, end = (minute_of(day, at, zone) for at in (each.start, each.end))
                yield minute_floor(start), minute_floor(end)
        day += DAY
    yield from map(minutes_of, availability.extra_hours)
