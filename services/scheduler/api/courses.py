"""Routes under /v1/courses: book one, and read it."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.sessions import CourseAnswer
from services.scheduler.api.bodies import CourseBody
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import course_document
from services.scheduler.api.overriding import override_of
from services.scheduler.api.series_documents import overridden_document, postponed_document
from services.scheduler.domain.errors import (
    ConsentMissing,
    HourPast,
    HourTaken,
    NotRecorded,
    RosterSize,
    UnknownCourse,
)
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import booking
from services.scheduler.use_cases.booking import BookedCourse
from services.scheduler.use_cases.showing import shown
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/courses")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Book a weekly course",
    body=CourseBody,
    answers={201: CourseAnswer},
    refusals=(NotRecorded, HourPast, HourTaken, ConsentMissing, RosterSize),
)
async def post_course(request: web.Request) -> web.Response:
    """Book a weekly course: 201 with all its sessions, or 409 with every date in the way.

    With `on_conflict` postpone those dates are put off to the end, and the answer says which.
    """
    body = await body_of(request, CourseBody)
    override = await override_of(request, body.override)
    wanted = body.wanted(request.app[SETTINGS].serving.practice_timezone)
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: booking.book_on_its_clock(
            conn, now, wanted, hold_id=body.hold_id, override=override
        ),
        booked_course,
        override=override,
    )


@routes.get("/v1/courses/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read a course", answers={200: CourseAnswer}, refusals=(UnknownCourse,))
async def get_course(request: web.Request) -> web.Response:
    """Answer a course and its sessions as they now are."""
    id, own = path_id(request, "id", UnknownCourse), caller(request).clinician_id
    return await answer_read(
        request,
        lambda conn: shown(
            conn, booking.course_with(conn, id, own=own), lambda course: course.sessions
        ),
        lambda found: course_document(found.of, found.zones),
    )


def booked_course(booked: BookedCourse) -> Answer:
    """Return a 201 with the course, and what was put off or passed over for it."""
    document = course_document(booked.course, booked.zones)
    document |= postponed_document(booked.postponed)
    return created(document | overridden_document(booked.overridden), "/v1/courses")
