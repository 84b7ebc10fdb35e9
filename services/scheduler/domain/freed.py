"""A weekly hour that came free: one opening in the shape of a course, not single slots."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from uuid import UUID

from services.scheduler.domain.courses import Course
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.shifting import agreed_time
from services.scheduler.domain.slots import Slot
from services.scheduler.domain.working_hours import WEEKDAYS


@dataclass(frozen=True, slots=True, kw_only=True)
class FreedHour:
    """The hours of one clinician at `at` on the clock in `timezone`, first to last."""

    clinician_id: UUID
    at: time
    timezone: str
    first_date: date
    slots: tuple[Slot, ...]

    def __post_init__(self) -> None:
        if not self.slots:
            raise ValueError("a freed hour has dates")

    @property
    def weekday(self) -> str:
        return WEEKDAYS[self.first_date.weekday()]


def freed_by(course: Course, given_up: Sequence[Session], *, now: datetime) -> FreedHour | None:
    """Return the weekly hour that these sessions of `course` had held, if they had held it.

    Those that had been moved elsewhere are no part of it, nor what has begun; of a course in
    two hands it is the hour of who has the last of them.
    """
    holder = given_up[-1].clinician_id
    weekday = course.first_date.weekday()
    times = {
        each.slot: agreed_time(course, each.slot)
        for each in given_up
        if each.slot.starts_at > now and each.clinician_id == holder
    }
    slots = sorted(
        slot
        for slot, local in times.items()
        if (local.weekday(), local.time()) == (weekday, course.at)
    )
    if not slots:
        return None
    return FreedHour(
        clinician_id=holder,
        at=course.at,
        timezone=course.timezone,
        first_date=times[slots[0]].date(),
        slots=tuple(slots),
    )
