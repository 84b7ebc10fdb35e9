"""Sessions that time off falls on, and where each could go instead."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import HOUR, Slot
from services.scheduler.domain.wall_clock import WEEK, instant, weekly_slots
from services.scheduler.domain.working_hours import DAY
from shared.zones import zone


@dataclass(frozen=True, slots=True, kw_only=True)
class Displaced:
    """A session that cannot stay, and a free hour for it, if one was found."""

    session: Session
    proposal: Slot | None


def same_week(session: Session, *, now: datetime) -> tuple[Slot, ...]:
    """Return other hours from Monday to Sunday of the session's week, the nearest first.

    An hour earlier or later on the clock counts as much as a day; of two that are as near,
    the one on the same day comes first, then the later one.
    """
    clock = zone(session.timezone)
    local = session.slot.starts_at.astimezone(clock)
    found = {
        slot: _farness(local, slot.starts_at.astimezone(clock))
        for slot in _hours_of_the_week(session, local, clock)
        if slot != session.slot and slot.starts_at > now
    }
    return tuple(sorted(found, key=lambda slot: found[slot]))


def weeks_after(session: Session, weeks: int) -> tuple[Slot, ...]:
    """Return the same hour on the same weekday in each of the weeks after the session's."""
    clock = zone(session.timezone)
    local = session.slot.starts_at.astimezone(clock)
    return weekly_slots(local.date() + WEEK, local.time(), weeks, clock)


def fits(slot: Slot, taken: Collection[Slot], buffer: timedelta) -> bool:
    """Whether `slot` keeps clear of all `taken`, by `buffer` at least."""
    around = Slot(starts_at=slot.starts_at - buffer, ends_at=slot.ends_at + buffer)
    return not any(around.overlaps(each) for each in taken)


def _hours_of_the_week(session: Session, local: datetime, clock: ZoneInfo) -> Iterator[Slot]:
    monday = local.date() - local.weekday() * DAY
    length = session.slot.ends_at - session.slot.starts_at
    for day in range(7):
        for hour in range(24):
            starts_at = instant(monday + day * DAY, time(hour, local.minute), clock)
            yield Slot(starts_at=starts_at, ends_at=starts_at + length)


def _farness(local: datetime, there: datetime) -> tuple[float, int, bool]:
    days = abs((there.date() - local.date()).days)
    on_the_clock = datetime.combine(local.date(), there.time()) - local.replace(tzinfo=None, fold=0)
    return abs(on_the_clock) / HOUR + days, days, there < local
