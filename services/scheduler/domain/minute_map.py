"""A clinician's time minute by minute: what each minute is kept free of sessions for.

Asking of an hour is one comparison of sixty bytes, whatever else is in the diary.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from enum import IntEnum
from typing import Final

from services.scheduler.domain.availability import Availability
from services.scheduler.domain.conflicts import Reason
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.working_hours import DAY, worked

Minutes = tuple[int, int]  # from the first until before the second, counted from the epoch

MINUTE: Final = timedelta(minutes=1)
HOUR_MINUTES: Final = 60
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_FREE_HOUR: Final = bytes(HOUR_MINUTES)


class Mark(IntEnum):
    """What a minute is kept for; the higher one is told, as `Reason` has it."""

    FREE = 0
    NOT_WORKED = 1
    BUFFER = 2
    TIME_OFF = 3
    HOLIDAY = 4
    HELD = 5
    CLIENT = 6
    CLINICIAN = 7


REASONS: Final = {
    Mark.NOT_WORKED: Reason.OUTSIDE_WORKING_HOURS,
    Mark.BUFFER: Reason.BUFFER,
    Mark.TIME_OFF: Reason.TIME_OFF,
    Mark.HOLIDAY: Reason.HOLIDAY,
    Mark.HELD: Reason.HELD,
    Mark.CLIENT: Reason.CLIENT_BUSY,
    Mark.CLINICIAN: Reason.CLINICIAN_BUSY,
}


class MinuteMap:
    """Marks of every minute of a span; whoever marks goes from the lowest mark to the highest."""

    def __init__(self, span: Slot, availability: Availability) -> None:
        """Mark what is not worked, time off and holidays, on which sessions are marked next."""
        self.origin = minute_floor(span.starts_at)
        self._marks = bytearray(minute_ceiling(span.ends_at) - self.origin)
        if availability.hours:
            self._mark([(self.origin, self.origin + len(self._marks))], Mark.NOT_WORKED)
            self._mark(map(minutes_of, _worked(availability, span)), Mark.FREE)

    def mark(self, taken: Iterable[Minutes], mark: Mark, *, around: int = 0) -> None:
        """Keep these minutes for `mark`, and so many on both sides of each."""
        self._mark(((start - around, end + around) for start, end in taken), mark)

    def hour_from(self, minute: int) -> int:
        """Return the highest mark in the hour from `minute`, which is a minute of the span."""
        start = minute - self.origin
        hour = self._marks[start : start + HOUR_MINUTES]
        return 0 if hour == _FREE_HOUR else max(hour)

    def _mark(self, taken: Iterable[Minutes], mark: Mark) -> None:
        marks, origin, length = self._marks, self.origin, len(self._marks)
        for start, end in taken:
            begin, stop = max(0, start - origin), min(length, end - origin)
            if begin < stop:
                marks[begin:stop] = bytes((mark,)) * (stop - begin)


def minute_floor(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE


def minute_ceiling(moment: datetime) -> int:
    return -((EPOCH - moment) // MINUTE)


def minutes_of(slot: Slot) -> Minutes:
    """Return every minute that `slot` touches."""
    return minute_floor(slot.starts_at), minute_ceiling(slot.ends_at)


def moment_of(minute: int) -> datetime:
    return EPOCH + minute * MINUTE


def _worked(availability: Availability, span: Slot) -> Iterable[Slot]:
    zone = availability.zone
    first: date = span.starts_at.astimezone(zone).date() - DAY
    last: date = span.ends_at.astimezone(zone).date() + DAY
    yield from worked(availability.hours, first, last, zone)
    yield from availability.extra_hours
