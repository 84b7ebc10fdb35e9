"""Join a group, leave it, or be away from one of its sessions.

A member's own diary is checked on every date; nobody else's changes, and nobody else is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import groups
from services.scheduler.domain.conflicts import Conflict, Reason
from services.scheduler.domain.course_changes import Change
from services.scheduler.domain.courses import Course
from services.scheduler.domain.errors import (
    HourTaken,
    NotAGroup,
    NotRecorded,
    UnknownCourse,
    UnknownSession,
)
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.series import Reach
from services.scheduler.domain.sessions import Session
from services.scheduler.domain.slots import Slot
from services.scheduler.store import diary, holds, people
from services.scheduler.store import groups as store
from services.scheduler.store.courses import change_course, find_course, lock_course
from services.scheduler.use_cases.consents import Beginning, require_consents
from services.scheduler.use_cases.free_hours import hold
from services.scheduler.use_cases.tasks import raise_task
from shared.eventlog import log
from shared.zones import zone

BELOW_MINIMUM = "group_below_minimum"


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """Which client of which group, asked at `now`."""

    course_id: UUID
    client_id: UUID
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """The group with its new member, and what staff passed over for it."""

    course: Course
    overridden: tuple[Conflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Attendance:
    """A group, and who is away from which of its sessions."""

    course: Course
    away: dict[UUID, tuple[UUID, ...]]


async def join_group(
    conn: AsyncConnection, member: Member, *, override: Override | None = None
) -> Joined:
    """Expect the client at every session to come, or raise why not with all dates in the way."""
    if await people.find_client(conn, member.client_id) is None:
        raise NotRecorded("no client has this id", pointer="#/client_id")
    course = await _hold_group(conn, member.course_id, [member.client_id])
    change = groups.join(course, member.client_id, now=member.now, limits=override is None)
    beginning = Beginning(
        client_ids=[member.client_id],
        first=change.told[0].slot.starts_at,
        timezone=course.timezone,
        override=override,
        pointers=["#/client_id"],
    )
    without = await require_consents(conn, beginning)
    found = await _in_the_way(conn, member, change.told, course.timezone)
    if found and override is None:
        raise HourTaken(found)
    change = _overbooked(change, found)
    await store.drop_absences(conn, [each.id for each in change.told], member.client_id)
    await _save(conn, change, member.now)
    limits = _limits(course, change.told[0].slot, member)
    return Joined(course=change.after, overridden=(*without, *limits, *found))


async def leave_group(conn: AsyncConnection, member: Member, reach: Reach) -> Course:
    """Expect the member no more from then on; too small a group becomes a task of the staff."""
    course = await _hold_group(conn, member.course_id)
    change = groups.leave(course, member.client_id, reach)
    await _save(conn, change, member.now)
    if groups.is_below_minimum(change.after):
        await raise_task(conn, kind=BELOW_MINIMUM, subject=course.id, now=member.now)
    return change.after


async def stay_away(
    conn: AsyncConnection, now: datetime, session_id: UUID, client_id: UUID
) -> Session:
    """Let one member be away from one session, which goes on for the others."""
    course, session = await _hold_session(conn, session_id)
    change = groups.stay_away(course, session, client_id, now=now)
    await store.add_absence(conn, session_id, client_id, now)
    await _save(conn, change, now)
    return change.told[0]


async def come_after_all(
    conn: AsyncConnection, now: datetime, session_id: UUID, client_id: UUID
) -> Session:
    """Expect a member again who was away, if their own diary is still free."""
    course, session = await _hold_session(conn, session_id)
    away = (await store.away_from(conn, [session_id])).get(session_id, ())
    change = groups.come_after_all(course, session, client_id, away, now=now)
    member = Member(course_id=course.id, client_id=client_id, now=now)
    found = await _in_the_way(conn, member, change.told, course.timezone)
    if found:
        raise HourTaken(found)
    await store.drop_absences(conn, [session_id], client_id)
    await _save(conn, change, now)
    return change.told[0]


async def attendance_of(
    conn: AsyncConnection, course_id: UUID, *, own: UUID | None = None
) -> Attendance:
    """Return the members and who is away; to a clinician, another's group does not exist."""
    course = await find_course(conn, course_id)
    if course is None or own not in (None, course.clinician_id):
        raise UnknownCourse
    away = await store.away_from(conn, [session.id for session in course.sessions])
    return Attendance(course=course, away=away)


async def _hold_session(conn: AsyncConnection, session_id: UUID) -> tuple[Course, Session]:
    seen = await diary.find(conn, session_id)
    if seen is None:
        raise UnknownSession
    if seen.course_id is None:
        raise NotAGroup
    course = await _hold_group(conn, seen.course_id)
    return course, next(each for each in course.sessions if each.id == session_id)


async def _hold_group(
    conn: AsyncConnection, course_id: UUID, joining: Sequence[UUID] = ()
) -> Course:
    """Lock the clinician, all members and whoever joins, then the sessions as they now are."""
    seen = await find_course(conn, course_id)
    if seen is None:
        raise UnknownCourse
    await hold(conn, seen.clinician_id, sorted({*seen.client_ids, *joining}))
    course = await lock_course(conn, course_id)
    if course is None:
        raise UnknownCourse
    return course


async def _in_the_way(
    conn: AsyncConnection, member: Member, sessions: Sequence[Session], timezone: str
) -> tuple[Conflict, ...]:
    """Return the dates on which the member's own diary is not free."""
    span = Slot(
        starts_at=min(session.slot.starts_at for session in sessions),
        ends_at=max(session.slot.ends_at for session in sessions),
    )
    taken = await diary.taken_of_clients(conn, [member.client_id], span)
    held = await holds.held_for(conn, member.client_id, span, now=member.now)
    found = []
    for session in sessions:
        busy = any(session.slot.overlaps(each) for each in taken)
        if busy or any(session.slot.overlaps(each) for each in held):
            local = session.slot.starts_at.astimezone(zone(timezone))
            reason = Reason.CLIENT_BUSY if busy else Reason.HELD
            found.append(Conflict(date=local.date(), starts_at=local, reason=reason))
    return tuple(found)


def _limits(course: Course, first: Slot, member: Member) -> tuple[Conflict, ...]:
    """Return the limits of the roster passed over, at the member's first session."""
    local = first.starts_at.astimezone(zone(course.timezone))
    return tuple(
        Conflict(date=local.date(), starts_at=local, reason=reason, client_id=member.client_id)
        for reason in groups.limits_of_joining(course, now=member.now)
    )


def _overbooked(change: Change, found: Sequence[Conflict]) -> Change:
    """Exempt exactly the sessions at which the member is expected elsewhere too."""
    if not found:
        return change
    over = {s.id for s in overbooked(change.told, found) if s.overbooked}
    sessions = tuple(
        replace(each, overbooked=True) if each.id in over else each
        for each in change.after.sessions
    )
    return Change(before=change.before, after=replace(change.after, sessions=sessions))


async def _save(conn: AsyncConnection, change: Change, now: datetime) -> None:
    await change_course(conn, change.after, changed=change.rewritten)
    if change.told:  # who was away from all that is left leaves no session by leaving
        event = announcements.course_changed(change.after, change.told, at=now)
        await log.append(conn, [event])
