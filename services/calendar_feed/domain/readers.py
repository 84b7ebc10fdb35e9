"""Which program reads a feed, as far as it says, and how long it may be before it reads again.

The gaps are the longest that were reported of each (see docs/feeds.md); a program that was seen
to come more rarely has the gap that was seen.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

AGAIN: Final = 2  # fetches of what is no program that we know
STILL_READS: Final = 3  # after so many gaps without a fetch, nobody reads there any more


class Program(StrEnum):
    """A calendar program, by what it calls itself; never the whole of what it says."""

    GOOGLE = "google"
    OUTLOOK = "outlook"
    APPLE = "apple"
    THUNDERBIRD = "thunderbird"
    NEXTCLOUD = "nextcloud"
    DAVX5 = "davx5"
    OTHER = "other"


_SAYS: Final = (  # first of these that stands in it
    ("google-calendar-importer", Program.GOOGLE),
    ("microsoft", Program.OUTLOOK),
    ("outlook", Program.OUTLOOK),
    ("exchange", Program.OUTLOOK),
    ("dataaccessd", Program.APPLE),
    ("calendaragent", Program.APPLE),
    ("ical/", Program.APPLE),
    ("macos", Program.APPLE),
    ("thunderbird", Program.THUNDERBIRD),
    ("nextcloud", Program.NEXTCLOUD),
    ("davx5", Program.DAVX5),
    ("icsx5", Program.DAVX5),
)
GAPS: Final = {
    Program.GOOGLE: timedelta(hours=18),
    Program.OUTLOOK: timedelta(hours=3),
    Program.APPLE: timedelta(minutes=40),
    Program.THUNDERBIRD: timedelta(minutes=30),
    Program.NEXTCLOUD: timedelta(days=7),
    Program.DAVX5: timedelta(hours=4),
    Program.OTHER: timedelta(hours=24),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A program that has read a feed so many times from `first_at` to `last_at`."""

    feed_id: UUID
    program: Program
    first_at: datetime
    last_at: datetime
    fetches: int
    version: int

    @property
    def gap(self) -> timedelta:
        """How long it may be from one fetch to the next: as known of it, or as seen here."""
        seen = (self.last_at - self.first_at) / max(self.fetches - 1, 1)
        return max(GAPS[self.program], seen)

    @property
    def next_at(self) -> datetime:
        """Until when it may not have read again."""
        return self.last_at + self.gap

    @property
    def subscribes(self) -> bool:
        """Whether it comes back: whoever looks once in a browser has no calendar to mislead."""
        return self.program is not Program.OTHER or self.fetches >= AGAIN

    def still_reads(self, now: datetime) -> bool:
        return now <= self.last_at + STILL_READS * self.gap


@functools.lru_cache(maxsize=256)  # the same few ask all day
def program_of(user_agent: str) -> Program:
    """Return which program calls itself so; nothing else of what it says is kept."""
    said = user_agent.casefold()
    return next((program for word, program in _SAYS if word in said), Program.OTHER)
