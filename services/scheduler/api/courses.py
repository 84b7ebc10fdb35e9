"""Routes under /v1/courses."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.sessions import CourseAnswer
from services.scheduler.api.bodies import CourseBody
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import course_document
from services.scheduler.domain.courses import CourseRequest
from services.scheduler.domain.errors import HourPast, HourTaken, NotRecorded, UnknownCourse
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import booking
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
    refusals=(NotRecorded, HourPast, HourTaken),
)
async def post_course(request: web.Request) -> web.Response:
    """Book a weekly course: 201 with all its sessions, or 409 with every date in the way."""
    body = await body_of(request, CourseBody)
    wanted = CourseRequest(
        clinician_id=body.clinician_id,
        client_ids=body.client_ids,
        first_date=body.first_date,
        at=body.time,
        sessions=body.sessions,
        timezone=body.timezone or request.app[SETTINGS].serving.practice_timezone,
    )
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: booking.book_course(conn, now, wanted, hold_id=body.hold_id),
        lambda course: created(course_document(course), "/v1/courses"),
    )


@routes.get("/v1/courses/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read a course", answers={200: CourseAnswer}, refusals=(UnknownCourse,))
async def get_course(request: web.Request) -> web.Response:
    """Answer a course and its sessions as they now are."""
    id, own = path_id(request, "id", UnknownCourse), caller(request).clinician_id
    return await answer_read(
        request, lambda conn: booking.course_with(conn, id, own=own), course_document
    )
