"""Courses: stored with all their sessions, and read with them as they now are."""

from __future__ import annotations

from datetime import datetime, time
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.courses import Course
from services.scheduler.store import diary
from services.scheduler.store.tables import course_clients, courses


async def add_course(conn: AsyncConnection, course: Course, now: datetime) -> None:
    """Store the whole course; the database refuses all of it if one session overlaps."""
    await conn.execute(
        sa.insert(courses).values(
            id=course.id,
            clinician_id=course.clinician_id,
            first_date=course.first_date,
            local_time=course.at.isoformat("minutes"),
            timezone=course.timezone,
            created_at=now,
        )
    )
    members = [
        {"course_id": course.id, "client_id": client_id, "place": place}
        for place, client_id in enumerate(course.client_ids)
    ]
    await conn.execute(sa.insert(course_clients), members)
    await diary.add(conn, course.sessions)


async def find_course(conn: AsyncConnection, id: UUID) -> Course | None:
    rows = await conn.execute(sa.select(courses).where(courses.c.id == id))
    row = rows.first()
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
        sessions=await diary.of_course(conn, id),
    )
