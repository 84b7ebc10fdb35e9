"""Half-open intervals of UTC time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

HOUR: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Slot:
    """The instants `t` with `starts_at <= t < ends_at`; always UTC, never empty."""

    starts_at: datetime
    ends_at: datetime

    def __post_init__(self) -> None:
        if self.starts_at.tzinfo is not UTC or self.ends_at.tzinfo is not UTC:
            raise ValueError("a slot is in UTC")
        if self.starts_at >= self.ends_at:
            raise ValueError("a slot has a positive length")

    @classmethod
    def hour_from(cls, starts_at: datetime) -> Slot:
        """Return the hour that begins at `starts_at` (aware, any zone)."""
        moment = starts_at.astimezone(UTC)
        return cls(starts_at=moment, ends_at=moment + HOUR)

    def overlaps(self, other: Slot) -> bool:
        return self.starts_at < other.ends_at and other.starts_at < self.ends_at

    def covers(self, other: Slot) -> bool:
        return self.starts_at <= other.starts_at and other.ends_at <= self.ends_at
