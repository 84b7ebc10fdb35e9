"""Time as whole minutes since the epoch: thousands of them are compared faster than moments."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Final

from services.scheduler.domain.slots import Slot

Minutes = tuple[int, int]  # from the first until before the second

MINUTE: Final = timedelta(minutes=1)
HOUR_MINUTES: Final = 60
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


def minute_floor(moment: datetime) -> int:
    return (moment - EPOCH) // MINUTE


def minute_ceiling(moment: datetime) -> int:
    return -((EPOCH - moment) // MINUTE)


def minutes_of(slot: Slot) -> Minutes:
    """Return every minute that `slot` touches."""
    return minute_floor(slot.starts_at), minute_ceiling(slot.ends_at)


def moment_of(minute: int) -> datetime:
    return EPOCH + minute * MINUTE
