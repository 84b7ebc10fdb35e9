"""When a clinician works each week, on the clinician's own wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from uuid import UUID

from shared.zones import zone

DAY: Final = timedelta(days=1)
WEEK: Final = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """One stretch of a weekday (0 is Monday), in minutes of the day, until 1440 at most.

    It is worked on the dates from `since` to `until`, both included; None: without end.
    """

    weekday: int
    start: int
    end: int
    since: date | None = None
    until: date | None = None

    def __post_init__(self) -> None:
        if (
            not 0 <= self.weekday < WEEK
            or not 0 <= self.start < self.end <= DAY.total_seconds() / 60
        ):
            raise ValueError("office hours are a stretch of one weekday")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeHours:
    """All of a clinician's hours, as they were last changed at `changed_at` (aware)."""

    clinician_id: UUID
    timezone: str
    hours: tuple[Hours, ...]
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weekly:
    """The first of the stretches that recur each week, by the clock; the last begins at `until`."""

    weekday: int
    starts: datetime  # without a zone: it is the office's
    ends: datetime
    until: datetime | None  # UTC


def weeks_of(office: OfficeHours, begins: date) -> Iterator[Weekly]:
    """Yield each stretch from its first day on or after `begins`, or after its own first day."""
    for each in office.hours:
        since = max(each.since or begins, begins)
        first = since + ((each.weekday - since.weekday()) % WEEK) * DAY
        if each.until is not None and each.until < first:
            continue
        midnight = datetime.combine(first, time())
        starts = midnight + timedelta(minutes=each.start)
        yield Weekly(
            weekday=each.weekday,
            starts=starts,
            ends=midnight + timedelta(minutes=each.end),
            until=None if each.until is None else _instant(each.until, starts, office.timezone),
        )


def _instant(day: date, like: datetime, timezone: str) -> datetime:
    return datetime.combine(day, like.time(), tzinfo=zone(timezone)).astimezone(UTC)
