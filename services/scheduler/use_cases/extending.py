"""Add sessions at the end of a course, at its own hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import extending as domain
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.courses import Course, OnConflict
from services.scheduler.domain.errors import CourseOver
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.postponing import MOST_IN_A_ROW
from services.scheduler.domain.slots import Slot
from services.scheduler.use_cases.changing_courses import Held, hold_course, keep, passed_over
from services.scheduler.use_cases.free_hours import Booking, require_free
from services.scheduler.use_cases.postponing import free_dates

LOOKED_AT: Final = 104  # dates of the rhythm, for one that is made up


@dataclass(frozen=True, slots=True, kw_only=True)
class Extension:
    """How many sessions more, and what is done about dates in the way."""

    sessions: int
    on_conflict: OnConflict = OnConflict.REFUSE
    override: Override | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Grown:
    """A course with new sessions, what was put off if that was wished, and what passed over."""

    change: Change
    postponed: tuple[Conflict, ...] | None = None
    overridden: tuple[Conflict, ...] = ()


async def preview_extension(
    conn: AsyncConnection, now: datetime, course_id: UUID, wanted: Extension
) -> Grown:
    """Return what the extension would give, or raise why not, and change nothing."""
    held = await hold_course(conn, course_id)
    if held.course.ended_at is not None:
        raise CourseOver
    slots = domain.next_slots(held.course, wanted.sessions, now=now)
    booking = _booking(held, slots, now, wanted.override)
    if wanted.on_conflict is OnConflict.REFUSE:
        found = await require_free(conn, booking)
        grown = _grow(held.course, slots, planned=wanted.sessions)
        return Grown(change=passed_over(grown, found), overridden=found)
    count = wanted.sessions * (MOST_IN_A_ROW + 1)
    candidates = domain.next_slots(held.course, count, now=now)
    plan = await free_dates(conn, booking, candidates)
    grown = _grow(held.course, plan.slots, planned=wanted.sessions)
    return Grown(change=grown, postponed=plan.postponed)


async def extend_course(
    conn: AsyncConnection, now: datetime, course_id: UUID, wanted: Extension
) -> Grown:
    """Add the sessions and tell of them, or raise why not."""
    grown = await preview_extension(conn, now, course_id, wanted)
    await keep(conn, now, grown.change)
    return grown


async def extended_by_one(conn: AsyncConnection, now: datetime, held: Held) -> Change:
    """Return the course with one session more in the first free week after its last.

    It counts as none that was agreed on. Raise `HourTaken` if no week is free.
    """
    candidates = domain.next_slots(held.course, LOOKED_AT, now=now)
    booking = _booking(held, candidates[:1], now, None)
    plan = await free_dates(conn, booking, candidates, most_in_a_row=LOOKED_AT)
    return _grow(held.course, plan.slots, planned=0)


def _booking(
    held: Held, slots: tuple[Slot, ...], now: datetime, override: Override | None
) -> Booking:
    return Booking(
        clinician=held.clinicians[held.course.clinician_id],
        client_ids=held.course.client_ids,
        slots=slots,
        timezone=held.course.timezone,
        now=now,
        override=override,
    )


def _grow(course: Course, slots: tuple[Slot, ...], *, planned: int) -> Change:
    return domain.extend(course, slots, [uuid4() for _ in slots], planned=planned)
