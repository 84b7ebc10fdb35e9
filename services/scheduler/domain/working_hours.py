"""When a clinician works: hours of a weekday on the clinician's own wall clock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot
from services.scheduler.domain.stretches import merged
from services.scheduler.domain.wall_clock import instant

DAY: Final = timedelta(days=1)
DAY_MINUTES: Final = 24 * 60
WEEKDAYS: Final = (
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class WorkingHours:
    """One stretch of one weekday (0 is Monday), in minutes of the local day; 1440 is 24:00.

    It is worked on the dates from `since` until `until`, both included.
    """

    weekday: int
    start: int
    end: int
    since: date = date.min
    until: date = date.max

    def __post_init__(self) -> None:
        if not 0 <= self.weekday < len(WEEKDAYS):
            raise ValueError("a weekday is 0 to 6")
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise ValueError("working hours end after they start, on the same day")
        if self.until < self.since:
            raise ValueError("working hours end on the date they began, or later")

    def worked_on(self, day: date) -> bool:
        return self.weekday == day.weekday() and self.since <= day <= self.until


def within(
    hours: Sequence[WorkingHours], slot: Slot, zone: ZoneInfo, extra: Iterable[Slot] = ()
) -> bool:
    """Whether all of `slot` is worked, in weekly hours or `extra` ones.

    Stretches that touch count as one, over midnight too: Monday to 24:00 and Tuesday from
    00:00 cover an hour that crosses.
    """
    first, last = slot.starts_at.astimezone(zone).date(), slot.ends_at.astimezone(zone).date()
    return any(each.covers(slot) for each in merged([*worked(hours, first, last, zone), *extra]))


def worked(
    hours: Sequence[WorkingHours], first: date, last: date, zone: ZoneInfo
) -> Iterator[Slot]:
    """Yield what is worked on the local days from `first` to `last`, both included."""
    day = first
    while day <= last:
        for each in hours:
            if each.worked_on(day):
                start, end = minute_of(day, each.start, zone), minute_of(day, each.end, zone)
                if start < end:  # clocks that jump forward can swallow a stretch
                    yield Slot(starts_at=start, ends_at=end)
        day += DAY


def minute_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """Return the instant of a minute of the local day; 1440 is the next day's first."""
    days, rest = divmod(minute, DAY_MINUTES)
    return instant(day + days * DAY, time(rest // 60, rest % 60), zone)
