"""Which days a feed shows, and how many entries: readers drop what is too much, unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.calendar_feed.domain.entries import Entry, Status
from services.calendar_feed.domain.feeds import AHEAD, BACK

MOST_ENTRIES: Final = 1_000
MOST_BYTES: Final = 1_000_000
TOMBSTONE: Final = timedelta(days=30)
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From `back` before `today` to `ahead` after it; days are UTC, all whole."""

    today: date
    back: timedelta = BACK
    ahead: timedelta = AHEAD

    @classmethod
    def around(cls, now: datetime) -> Window:
        return cls(today=now.astimezone(UTC).date())

    @property
    def first_day(self) -> date:
        return self.today - self.back

    @property
    def midnight(self) -> datetime:
        """The beginning of the day around which the window lies."""
        return _midnight(self.today)

    @property
    def begins(self) -> datetime:
        return _midnight(self.first_day)

    @property
    def first_month(self) -> date:
        """The first day of the month in which it begins: the same for a month of days."""
        return self.first_day.replace(day=1)

    @property
    def first_month_came(self) -> datetime:
        """Since when it has begun in that month."""
        return _midnight(self.first_month + self.back)

    @property
    def ends(self) -> datetime:
        """The first instant that is no longer shown."""
        return self.midnight + self.ahead + _DAY

    @property
    def remembers(self) -> datetime:
        """What was cancelled before this is shown no more: a fixed time after, for all readers."""
        return self.midnight - TOMBSTONE

    def forgets(self, entry: Entry) -> bool:
        """Whether it was cancelled so long ago that it is shown no more."""
        return entry.status is Status.CANCELLED and entry.last_modified < self.remembers

    @staticmethod
    def forgotten_at(entry: Entry) -> datetime:
        """The midnight from which on a cancelled entry is shown no more, in every window."""
        return _midnight((entry.last_modified + TOMBSTONE).astimezone(UTC).date() + _DAY)

    def shows(self, entry: Entry) -> bool:
        return not self.forgets(entry) and self.begins <= entry.dtstart < self.ends

    def nearest_first(self, entries: Iterable[Entry], most: int = MOST_ENTRIES) -> list[Entry]:
        """Return what the window shows, nearest to today first, at most 1,000 entries."""
        begins, ends, midnight = self.begins, self.ends, self.midnight
        within = [each for each in entries if begins <= each.dtstart < ends]
        shown = [each for each in within if not self.forgets(each)]
        return sorted(
            shown,
            key=lambda each: (abs(each.dtstart - midnight), each.dtstart, each.session_id),
        )[:most]


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
