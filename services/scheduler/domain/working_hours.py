"""When a clinician works: hours of a weekday on the clinician's own wall clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot
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


def within(hours: Sequence[WorkingHours], slot: Slot, zone: ZoneInfo) -> bool:
    """Whether all of `slot` is worked.

    Stretches that touch count as one, over midnight too: Monday to 24:00 and Tuesday from
    00:00 cover an hour that crosses.
    """
    return any(stretch.covers(slot) for stretch in _merged(_around(hours, slot, zone)))


def _around(hours: Sequence[WorkingHours], slot: Slot, zone: ZoneInfo) -> Iterator[Slot]:
    """Yield what is worked on the local days that `slot` touches."""
    day = slot.starts_at.astimezone(zone).date()
    while day <= slot.ends_at.astimezone(zone).date():
        for each in hours:
            if each.worked_on(day):
                start, end = _at(day, each.start, zone), _at(day, each.end, zone)
                if start < end:  # clocks that jump forward can swallow a stretch
                    yield Slot(starts_at=start, ends_at=end)
        day += DAY


def _merged(stretches: Iterator[Slot]) -> list[Slot]:
    merged: list[Slot] = []
    for each in sorted(stretches):
        if merged and each.starts_at <= merged[-1].ends_at:
            last = merged.pop()
            each = Slot(starts_at=last.starts_at, ends_at=max(last.ends_at, each.ends_at))
        merged.append(each)
    return merged


def _at(day: date, minute: int, zone: ZoneInfo) -> datetime:
    days, rest = divmod(minute, DAY_MINUTES)
    return instant(day + days * DAY, time(rest // 60, rest % 60), zone)
