"""From one hour of a course to another on the same clock: days and times of day, not instants."""

from __future__ import annotations

from datetime import datetime, timedelta

from services.scheduler.domain.courses import Course
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.wall_clock import agreed, instant
from shared.zones import zone


def agreed_time(course: Course, slot: Slot) -> datetime:
    """Return the local day and time at which the course has `slot`, without a zone."""
    return agreed(slot.starts_at, zone(course.timezone), course.at)


def shifted(course: Course, slot: Slot, by: timedelta) -> Slot:
    """Return `slot` so many local days and so much time of day later, and as long as it was."""
    return _slot_at(course, agreed_time(course, slot) + by, slot)


def distance(course: Course, slot: Slot, starts_at: datetime) -> timedelta:
    """Return by how much of local days and time `slot` shifts to start at `starts_at`."""
    there = starts_at.astimezone(zone(course.timezone)).replace(tzinfo=None, fold=0)
    return there - agreed_time(course, slot)


def _slot_at(course: Course, local: datetime, like: Slot) -> Slot:
    starts_at = instant(local.date(), local.time(), zone(course.timezone))
    return Slot(starts_at=starts_at, ends_at=starts_at + (like.ends_at - like.starts_at))
