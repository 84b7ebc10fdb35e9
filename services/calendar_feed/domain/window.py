"""Which days a feed shows, and how many entries: readers drop what is too much, unsaid."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from services.calendar_feed.domain.entries import Entry

BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=270)
MOST_ENTRIES: Final = 1_000
MOST_BYTES: Final = 1_000_000
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """From `first_day`, 30 days before today, to 270 days after today; days are UTC, all whole."""

    first_day: date

    @classmethod
    def around(cls, now: datetime) -> Window:
        return cls(first_day=now.astimezone(UTC).date() - BACK)

    @property
    def today(self) -> datetime:
        """Midnight UTC of the day around which the window lies."""
        return _midnight(self.first_day + BACK)

    @property
    def begins(self) -> datetime:
        return _midnight(self.first_day)

    @property
    def ends(self) -> datetime:
        """The first instant that is no longer shown."""
        return self.today + AHEAD + _DAY

    def shows(self, entry: Entry) -> bool:
        return self.begins <= entry.dtstart < self.ends

    def nearest_first(self, entries: Iterable[Entry]) -> list[Entry]:
        """Return what the window shows, nearest to today first, at most 1,000 entries."""
        shown = [entry for entry in entries if self.shows(entry)]
        return sorted(shown, key=self._distance)[:MOST_ENTRIES]

    def _distance(self, entry: Entry) -> tuple[timedelta, datetime, str]:
        return abs(entry.dtstart - self.today), entry.dtstart, str(entry.session_id)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
