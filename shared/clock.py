"""Time as a dependency, so that tests can hold it still."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta


class Clock:
    """Reads the wall clock, in UTC."""

    def now(self) -> datetime:
        return datetime.now(UTC)


SystemClock = Clock


@dataclass
class HeldClock(Clock):
    """A clock that moves only when told to."""

    moment: datetime

    def now(self) -> datetime:
        return self.moment

    def advance(self, step: timedelta) -> None:
        self.moment += step
