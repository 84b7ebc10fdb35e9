"""When someone can: stretches of weekdays on their own clock on the wall."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from services.scheduler.domain.slots import Slot

DAY_MINUTES: Final = 24 * 60
_HOUR: Final = 60
_MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Window:
    """One stretch of one weekday (0 is Monday), in minutes of the local day; 1440 is 24:00."""

    weekday: int
    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.weekday <= 6:
            raise ValueError("a weekday is 0 to 6")
        if not 0 <= self.start < self.end <= DAY_MINUTES:
            raise ValueError("a window ends after it starts, on the same day")


def window_of_hour(weekday: int, at: time) -> Window:
    """Return the window that only the hour from `at` fits; it cannot cross midnight."""
    start = at.hour * 60 + at.minute
    return Window(weekday=weekday, start=start, end=start + _HOUR)


def suits(windows: Sequence[Window], slot: Slot, zone: ZoneInfo) -> bool:
    """Whether all of `slot` is in one window; no windows means that any time suits."""
    local = slot.starts_at.astimezone(zone)
    start = _minute(local)
    end = start + (slot.ends_at - slot.starts_at) // _MINUTE
    return not windows or any(
        each.weekday == local.weekday() and each.start <= start and end <= each.end
        for each in windows
    )


def all_suit(windows: Sequence[Window], slots: Iterable[Slot], zone: ZoneInfo) -> bool:
    """Whether every one of `slots` suits, after each change of clocks too."""
    return all(suits(windows, slot, zone) for slot in slots)


def _minute(local: datetime) -> int:
    return local.hour * 60 + local.minute
