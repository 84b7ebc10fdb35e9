"""Book a course, a consultation or a follow-up: whole, or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncConnection

from services.scheduler import announcements
from services.scheduler.domain import courses, sessions
from services.scheduler.domain.conflicts import Conflict
from services.scheduler.domain.courses import Course, CourseRequest, OnConflict, WallClock
from services.scheduler.domain.errors import UnknownCourse
from services.scheduler.domain.groups import limits_of_beginning
from services.scheduler.domain.overrides import Override, overbooked
from services.scheduler.domain.postponing import MOST_IN_A_ROW, Plan
from services.scheduler.domain.sessions import Session, SessionRequest
from services.scheduler.store import diary, people
from services.scheduler.store.courses import add_course, find_course
from services.scheduler.use_cases.consents import Beginning, require_consents
from services.scheduler.use_cases.free_hours import Booking, People, hold, hold_people, require_free
from services.scheduler.use_cases.holding import redeem
from services.scheduler.use_cases.postponing import free_dates
from shared.eventlog import log


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedCourse:
    """A course, what was put off to its end if that was wished, and what staff passed over.

    `zones` are those of its people.
    """

    course: Course
    zones: Mapping[UUID, str]
    postponed: tuple[Conflict, ...] | None = None
    overridden: tuple[Conflict, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class BookedSession:
    """A session, and what staff passed over for it."""

    session: Session
    overridden: tuple[Conflict, ...] = ()


async def book_series(
    conn: AsyncConnection,
    now: datetime,
    request: CourseRequest,
    *,
    hold_id: UUID | None = None,
    override: Override | None = None,
    pointers: Sequence[str] = (),
) -> BookedCourse:
    """Book the whole series and tell of it, or raise why not; a hold is redeemed by it."""
    held = await hold_people(conn, request.clinician_id, request.client_ids)
    ids = tuple(uuid4() for _ in range(request.sessions))
    limits = override is None
    course = courses.book(request, id=uuid4(), session_ids=ids, now=now, limits=limits)
    booking = Booking(
        clinician=held.clinician,
        client_ids=course.client_ids,
        slots=[session.slot for session in course.sessions],
        timezone=course.timezone,
        now=now,
        hold_id=hold_id,
        override=override,
    )
    without = await _beginning_limits(conn, course, held, override, pointers)
    if request.on_conflict is OnConflict.POSTPONE:
        plan = await _plan(conn, booking, request)
        course = courses.book(
            request, id=course.id, session_ids=ids, now=now, slots=plan.slots, limits=limits
        )
        booked = BookedCourse(
            course=course, zones=held.zones, postponed=plan.postponed, overridden=without
        )
    else:
        passed = await require_free(conn, booking)
        course = replace(course, sessions=overbooked(course.sessions, passed))
        booked = BookedCourse(course=course, zones=held.zones, overridden=(*without, *passed))
    await add_course(conn, course, now)
    await redeem(conn, hold_id)
    await log.append(conn, [announcements.course_booked(course, at=now)])
    return booked


async def _beginning_limits(
    conn: AsyncConnection,
    course: Course,
    held: People,
    override: Override | None,
    pointers: Sequence[str],
) -> tuple[Conflict, ...]:
    """Return the size and the consents that staff pass over, or raise which consent is missing.

    `pointers` name the field of each client, if they are not those of a booking.
    """
    beginning = Beginning(
        client_ids=course.client_ids,
        first=course.sessions[0].slot.starts_at,
        timezone=course.timezone,
        override=override,
        pointers=pointers,
        known=held.clients,
    )
    return (*limits_of_beginning(course), *await require_consents(conn, beginning))


async def book_on_its_clock(
    conn: AsyncConnection,
    now: datetime,
    request: CourseRequest,
    *,
    hold_id: UUID | None = None,
    override: Override | None = None,
    pointers: Sequence[str] = (),
) -> BookedCourse:
    """Book `request` in the zone of the one whose wall clock it is to follow."""
    timezone = await _zone_of(conn, request) or request.timezone
    request = replace(request, timezone=timezone)
    return await book_series(
        conn, now, request, hold_id=hold_id, override=override, pointers=pointers
    )


async def book_course(
    conn: AsyncConnection, now: datetime, request: CourseRequest, *, hold_id: UUID | None = None
) -> Course:
    """Book every week of `request` and tell of it, or raise why not; a hold is redeemed by it."""
    return (await book_series(conn, now, request, hold_id=hold_id)).course


async def book_one(
    conn: AsyncConnection,
    now: datetime,
    request: SessionRequest,
    *,
    hold_id: UUID | None = None,
    override: Override | None = None,
) -> BookedSession:
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
        override=override,
    )
    passed = await require_free(conn, booking)
    (session,) = overbooked([session], passed)
    await diary.add(conn, [session])
    await redeem(conn, hold_id)
    await log.append(conn, [announcements.session_booked(session, at=now)])
    return BookedSession(session=session, overridden=passed)


async def book_session(
    conn: AsyncConnection, now: datetime, request: SessionRequest, *, hold_id: UUID | None = None
) -> Session:
    """Book one session and tell of it, or raise why not; a hold is redeemed by it."""
    return (await book_one(conn, now, request, hold_id=hold_id)).session


async def course_with(conn: AsyncConnection, id: UUID, *, own: UUID | None = None) -> Course:
    """Return the course; to a clinician who holds `own` diary, another's does not exist."""
    course = await find_course(conn, id)
    if course is None or own not in (None, course.clinician_id):
        raise UnknownCourse
    return course


async def _plan(conn: AsyncConnection, booking: Booking, request: CourseRequest) -> Plan:
    candidates = request.rhythm(request.sessions * (MOST_IN_A_ROW + 1))
    return await free_dates(conn, booking, candidates)


async def _zone_of(conn: AsyncConnection, request: CourseRequest) -> str | None:
    """Return whose clock it is, as far as they are recorded; of several clients the first's."""
    if request.wall_clock is WallClock.CLINICIAN:
        clinician = await people.find_clinician(conn, request.clinician_id)
        return clinician.timezone if clinician else None
    if request.wall_clock is WallClock.CLIENT:
        client = await people.find_client(conn, request.client_ids[0])
        return client.timezone if client else None
    return None
