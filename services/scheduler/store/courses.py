"""Courses: stored with all their sessions, and read with them as they now are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.courses import Course, WallClock
from services.scheduler.domain.rosters import Roster
from services.scheduler.domain.sessions import Kind, Session
from services.scheduler.store import diary
from services.scheduler.store.tables import course_clients, courses

_ADD: Final = sa.insert(courses)
_ADD_MEMBERS: Final = sa.insert(course_clients)


async def add_course(conn: AsyncConnection, course: Course, now: datetime) -> None:
    """Store the whole course; the database refuses all of it if one session overlaps."""
    await conn.execute(_ADD, _row(course) | {"id": course.id, "created_at": now})
    await _add_members(conn, course)
    await diary.add(conn, course.sessions, usual=course.at)


async def change_course(
    conn: AsyncConnection,
    course: Course,
    *,
    changed: Sequence[Session] = (),
    added: Sequence[Session] = (),
) -> None:
    """Store what is said of the course, its members, and the sessions that changed or are new."""
    values = _row(course)
    await conn.execute(sa.update(courses).where(courses.c.id == course.id).values(values))
    await conn.execute(sa.delete(course_clients).where(course_clients.c.course_id == course.id))
    await _add_members(conn, course)
    if changed:
        await diary.change(conn, changed, usual=course.at)
    if added:
        await diary.add(conn, added, usual=course.at)


async def find_course(conn: AsyncConnection, id: UUID) -> Course | None:
    return await _course(conn, id, await diary.of_course(conn, id))


async def lock_course(conn: AsyncConnection, id: UUID) -> Course | None:
    """Return the course and hold its sessions until the commit; after the locks of its people."""
    return await _course(conn, id, await diary.lock_of_course(conn, id))


async def _course(conn: AsyncConnection, id: UUID, sessions: tuple[Session, ...]) -> Course | None:
    row = (await conn.execute(sa.select(courses).where(courses.c.id == id))).first()
    if row is None:
        return None
    members = await conn.execute(
        sa.select(course_clients.c.client_id)
        .where(course_clients.c.course_id == id)
        .order_by(course_clients.c.place)
    )
    return Course(
        id=row.id,
        clinician_id=row.clinician_id,
        client_ids=tuple(members.scalars().all()),
        first_date=row.first_date,
        at=time.fromisoformat(row.local_time),
        timezone=row.timezone,
        sessions=sessions,
        planned=row.planned,
        wall_clock=WallClock(row.wall_clock),
        kind=Kind(row.kind),
        every_weeks=row.every_weeks,
        follows=row.follows_id,
        roster=_roster(row),
        ended_at=row.ended_at,
        end_reason=row.end_reason,
    )


def _roster(row: sa.Row[Any]) -> Roster | None:
    if row.maximum is None:
        return None
    return Roster(minimum=row.minimum, maximum=row.maximum, join_until=row.join_until)


def _row(course: Course) -> dict[str, object]:
    roster = course.roster
    return {
        "clinician_id": course.clinician_id,
        "first_date": course.first_date,
        "local_time": course.at.isoformat("minutes"),
        "timezone": course.timezone,
        "kind": course.kind.value,
        "every_weeks": course.every_weeks,
        "follows_id": course.follows,
        "planned": course.planned,
        "wall_clock": course.wall_clock.value,
        "ended_at": course.ended_at,
        "end_reason": course.end_reason,
        "minimum": roster.minimum if roster else None,
        "maximum": roster.maximum if roster else None,
        "join_until": roster.join_until if roster else None,
    }


async def _add_members(conn: AsyncConnection, course: Course) -> None:
    members = [
        {"course_id": course.id, "client_id": client_id, "place": place}
        for place, client_id in enumerate(course.client_ids)
    ]
    if members:
        await conn.execute(_ADD_MEMBERS, members)
