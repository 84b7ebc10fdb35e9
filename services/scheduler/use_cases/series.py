"""Pause a course, end it early, or give it to another clinician.

`own` is the clinician whose key asks, if it is a clinician's: another's course does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain import series
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.errors import UnknownCourse
from services.scheduler.domain.freed import FreedHour, freed_by
from services.scheduler.domain.limits import Finding, refuse_unmet
from services.scheduler.domain.overrides import Override
from services.scheduler.domain.series import Reach
from services.scheduler.use_cases.changing_courses import (
    Held,
    find_clashes,
    hold_course,
    keep,
    passed_over,
    refuse_clashes,
)
from services.scheduler.use_cases.taking_over import limits_of_taking_over


@dataclass(frozen=True, slots=True, kw_only=True)
class CourseEffect:
    """A course as a change makes it, what would clash, and the weekly hour that comes free.

    `limits` are those that whoever takes it over does not meet.
    """

    change: Change
    conflicts: tuple[Conflict, ...] = ()
    limits: tuple[Finding, ...] = ()
    freed: FreedHour | None = None


async def preview_pause(
    conn: AsyncConnection, course_id: UUID, reach: Reach, weeks: int
) -> CourseEffect:
    """Return what the pause would give and what would clash, and change nothing."""
    held = await _hold(conn, course_id, reach)
    change = series.pause(held.course, reach, weeks)
    clashes = await find_clashes(conn, reach.now, held, change)
    return CourseEffect(change=change, conflicts=clashes)


async def pause_course(
    conn: AsyncConnection,
    course_id: UUID,
    reach: Reach,
    weeks: int,
    *,
    override: Override | None = None,
) -> CourseEffect:
    """Put the sessions off by whole weeks, all or none, and tell of it in one event."""
    effect = await preview_pause(conn, course_id, reach, weeks)
    return await _keep(conn, reach.now, effect, override)


async def preview_end(
    conn: AsyncConnection, course_id: UUID, reach: Reach, reason: str | None
) -> CourseEffect:
    """Return what the end would cancel and free, and change nothing."""
    held = await _hold(conn, course_id, reach)
    given_up = reach.sessions_of(held.course)
    change = series.end(held.course, reach, reason)
    return CourseEffect(change=change, freed=freed_by(held.course, given_up, now=reach.now))


async def end_course(
    conn: AsyncConnection, course_id: UUID, reach: Reach, reason: str | None
) -> CourseEffect:
    """Cancel what is to come in one event; `reason` stays here, the freed hour is answered."""
    effect = await preview_end(conn, course_id, reach, reason)
    await keep(conn, reach.now, effect.change)
    return effect


async def preview_reassignment(
    conn: AsyncConnection, course_id: UUID, reach: Reach, clinician_id: UUID
) -> CourseEffect:
    """Return what another clinician would take over, for whom they do not suit, and when not."""
    held = await _hold(conn, course_id, reach, and_clinicians=[clinician_id])
    change = series.reassign(held.course, clinician_id, reach)
    taken_over = {session.id for session in change.told}
    given_up = [session for session in held.course.sessions if session.id in taken_over]
    return CourseEffect(
        change=change,
        conflicts=await find_clashes(conn, reach.now, held, change),
        limits=await limits_of_taking_over(conn, reach.now, held.clinicians[clinician_id], change),
        freed=freed_by(held.course, given_up, now=reach.now),
    )


async def reassign_course(
    conn: AsyncConnection,
    course_id: UUID,
    reach: Reach,
    clinician_id: UUID,
    *,
    override: Override | None = None,
) -> CourseEffect:
    """Give the sessions to the other clinician, all or none, and tell of it in one event."""
    effect = await preview_reassignment(conn, course_id, reach, clinician_id)
    return await _keep(conn, reach.now, effect, override)


async def _hold(
    conn: AsyncConnection, course_id: UUID, reach: Reach, *, and_clinicians: Iterable[UUID] = ()
) -> Held:
    held = await hold_course(conn, course_id, and_clinicians=and_clinicians)
    if reach.own not in (None, held.course.clinician_id):
        raise UnknownCourse
    return held


async def _keep(
    conn: AsyncConnection, now: datetime, effect: CourseEffect, override: Override | None
) -> CourseEffect:
    refuse_unmet(effect.limits, override)
    refuse_clashes(effect.conflicts, override)
    change = passed_over(effect.change, effect.conflicts) if effect.conflicts else effect.change
    await keep(conn, now, change)
    return replace(effect, change=change)
