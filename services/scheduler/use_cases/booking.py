"""Book a course, a consultation or a follow-up: whole, or not at all."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import courses, sessions
from services.scheduler.domain.courses import Course, CourseRequest
from services.scheduler.domain.errors import UnknownCourse
from services.scheduler.domain.sessions import Session, SessionRequest
from services.scheduler.store import diary
from services.scheduler.store.courses import add_course, find_course
from services.scheduler.use_cases.free_hours import Booking, hold, require_free
from services.scheduler.use_cases.holding import redeem
from shared.eventlog import log


async def book_course(
    conn: AsyncConnection, now: datetime, request: CourseRequest, *, hold_id: UUID | None = None
) -> Course:
    """Book every week of `request` and tell of it, or raise why not; a hold is redeemed by it."""
    clinician = await hold(conn, request.clinician_id, request.client_ids)
    ids = tuple(uuid4() for _ in range(request.sessions))
    course = courses.book(request, id=uuid4(), session_ids=ids, now=now)
    booking = Booking(
        clinician=clinician,
        client_ids=course.client_ids,
        slots=[session.slot for session in course.sessions],
        timezone=course.timezone,
        now=now,
        hold_id=hold_id,
    )
    await require_free(conn, booking)
    await add_course(conn, course, now)
    await redeem(conn, hold_id)
    await log.append(conn, [announcements.course_booked(course, at=now)])
    return course


async def book_session(
    conn: AsyncConnection, now: datetime, request: SessionRequest, *, hold_id: UUID | None = None
) -> Session:
    """Book one session and tell of it, or raise why not; a hold is redeemed by it."""
    clinician = await hold(conn, request.clinician_id, request.client_ids)
    session = sessions.book(request, id=uuid4(), now=now)
    booking = Booking(
        clinician=clinician,
        client_ids=session.client_ids,
        slots=[session.slot],
        timezone=session.timezone,
        now=now,
        hold_id=hold_id,
    )
    await require_free(conn, booking)
    await diary.add(conn, [session])
    await redeem(conn, hold_id)
    await log.append(conn, [announcements.session_booked(session, at=now)])
    return session


async def course_with(conn: AsyncConnection, id: UUID, *, own: UUID | None = None) -> Course:
    """Return the course; to a clinician who holds `own` diary, another's does not exist."""
    course = await find_course(conn, id)
    if course is None or own not in (None, course.clinician_id):
        raise UnknownCourse
    return course
