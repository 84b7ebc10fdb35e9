"""Time that a clinician does not work, and hours that are worked beside the weekly ones."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import instant
from services.scheduler.domain.working_hours import DAY, DAY_MINUTES, minute_of

LONGEST_OFF: Final = timedelta(days=800)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOff:
    """Time off, in instants; asked for in whole days, it has the first and the last of them too.

    The `reason` stays in the scheduler.
    """

    id: UUID
    clinician_id: UUID
    slot: Slot
    first_date: date | None = None
    last_date: date | None = None
    reason: str | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        if (self.first_date is None) != (self.last_date is None):
            raise ValueError("whole days off have a first and a last")
        if self.slot.ends_at - self.slot.starts_at > LONGEST_OFF:
            raise ValueError("time off is 800 days at most")


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """Whole days of a calendar, both included."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError("the last day is not before the first")

    def slot(self, zone: ZoneInfo) -> Slot:
        """Return all of these days on the clock in `zone`."""
        return Slot(starts_at=_midnight(self.first, zone), ends_at=_midnight(self.last + DAY, zone))


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeOffRequest:
    """What is asked for: instants, or whole days on the clinician's own clock."""

    clinician_id: UUID
    span: Slot | Days
    reason: str | None = field(default=None, repr=False)

    def time_off(self, id: UUID, zone: ZoneInfo) -> TimeOff:
        days = self.span if isinstance(self.span, Days) else None
        return TimeOff(
            id=id,
            clinician_id=self.clinician_id,
            slot=self.span.slot(zone) if isinstance(self.span, Days) else self.span,
            first_date=days.first if days else None,
            last_date=days.last if days else None,
            reason=self.reason,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtraHours:
    """A stretch of one date that is worked too, in minutes of the clinician's own day."""

    id: UUID
    clinician_id: UUID
    date: date
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise ValueError("extra hours end after they start, on the same day")

    def slot(self, zone: ZoneInfo) -> Slot | None:
        """Return the stretch, or None if the clocks jump over all of it that day."""
        start, end = minute_of(self.date, self.start, zone), minute_of(self.date, self.end, zone)
        return Slot(starts_at=start, ends_at=end) if start < end else None


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return instant(day, time(0), zone)
