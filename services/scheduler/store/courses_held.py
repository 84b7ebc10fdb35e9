"""How many courses each clinician holds at a time, as far as a capacity counts them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler.domain.offers import OfferStatus
from services.scheduler.domain.sessions import Kind, Status
from services.scheduler.store.tables import courses, offers, sessions


async def courses_held(conn: AsyncConnection, now: datetime) -> dict[UUID, int]:
    """Return the number of courses with a session still to come, and of those on offer.

    A clinician who holds none is not in it. Follow-ups take no place.
    """
    found: dict[UUID, int] = {}
    for query in (_booked(now), _offered(now)):
        for row in (await conn.execute(query)).all():
            found[row.clinician_id] = found.get(row.clinician_id, 0) + row.held
    return found


def _booked(now: datetime) -> sa.Select[tuple[UUID, int]]:
    return (
        sa.select(sessions.c.clinician_id, sa.func.count(sa.distinct(courses.c.id)).label("held"))
        .join(courses, courses.c.id == sessions.c.course_id)
        .where(
            courses.c.kind == Kind.COURSE.value,
            courses.c.ended_at.is_(None),
            sessions.c.status == Status.SCHEDULED.value,
            sessions.c.ends_at > now,
        )
        .group_by(sessions.c.clinician_id)
    )


def _offered(now: datetime) -> sa.Select[tuple[UUID, int]]:
    return (
        sa.select(offers.c.clinician_id, sa.func.count().label("held"))
        .where(
            offers.c.status == OfferStatus.OPEN.value,
            offers.c.kind == Kind.COURSE.value,
            offers.c.expires_at > now,
        )
        .group_by(offers.c.clinician_id)
    )
