"""Routes for the members of a group: join, leave, be away from one session."""

from __future__ import annotations

from typing import Annotated, Final
from uuid import UUID

from aiohttp import web
from pydantic import ConfigDict, Field

from services.scheduler.api.answers.groups import MembersAnswer
from services.scheduler.api.answers.sessions import CourseAnswer, SessionAnswer
from services.scheduler.api.changes import answer_change, answer_read
from services.scheduler.api.documents import Document, session_document
from services.scheduler.api.examples import ANA
from services.scheduler.api.fields import BookedDate
from services.scheduler.api.overriding import OverrideBody, override_of
from services.scheduler.api.series_documents import changed_course_document
from services.scheduler.domain import errors
from services.scheduler.domain.series import Reach
from services.scheduler.domain.sessions import Session
from services.scheduler.use_cases import groups
from services.scheduler.use_cases.groups import Attendance, Member
from services.scheduler.use_cases.showing import Shown, shown
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()

ABSENCE: Final = (errors.NotScheduled, errors.SessionOver, errors.LastMember)


class JoinBody(DoorModel):
    """Who joins; staff may pass over a limit."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"client_id": ANA}]})

    client_id: UUID
    override: OverrideBody | None = None


class LeaveBody(DoorModel):
    """From which date on; without one, from now on."""

    model_config = ConfigDict(json_schema_extra={"examples": [{}, {"from": "2027-03-16"}]})

    since: Annotated[BookedDate | None, Field(alias="from")] = None


class AbsenceBody(DoorModel):
    """Who is away from this session."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"client_id": ANA}]})

    client_id: UUID


@routes.post("/v1/courses/{id}/members")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Let a client join a group",
    body=JoinBody,
    answers={200: CourseAnswer},
    refusals=(
        errors.UnknownCourse,
        errors.NotRecorded,
        errors.ConsentMissing,
        errors.NotAGroup,
        errors.AlreadyMember,
        errors.CourseOver,
        errors.GroupFull,
        errors.JoiningOver,
        errors.HourTaken,
    ),
)
async def post_member(request: web.Request) -> web.Response:
    """Let a client join a group: 200 with the course, or 409 with every date in the way."""
    body = await body_of(request, JoinBody)
    override = await override_of(request, body.override)
    member = _member(request, body.client_id)
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            groups.join_group(conn, member, override=override),
            lambda joined: joined.course.sessions,
        ),
        lambda found: Answer(
            body=changed_course_document(
                found.of.course, found.zones, overridden=found.of.overridden
            )
        ),
        override=override,
    )


@routes.get("/v1/courses/{id}/members")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Who is in a group, and who is away when",
    answers={200: MembersAnswer},
    refusals=(errors.UnknownCourse,),
)
async def get_members(request: web.Request) -> web.Response:
    """Answer the members by id, and who is away from which session."""
    id, own = path_id(request, "id", errors.UnknownCourse), caller(request).clinician_id
    return await answer_read(
        request, lambda conn: groups.attendance_of(conn, id, own=own), _attendance_document
    )


@routes.post("/v1/courses/{id}/members/{client_id}/leave")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Let a member leave a group",
    body=LeaveBody,
    body_optional=True,
    answers={200: CourseAnswer},
    refusals=(
        errors.UnknownCourse,
        errors.UnknownClient,
        errors.NotAMember,
        errors.NothingLeft,
        errors.LastMember,
    ),
)
async def post_leave(request: web.Request) -> web.Response:
    """Let a member leave: 200 with the course as it goes on."""
    body = await body_of(request, LeaveBody) if request.body_exists else LeaveBody()
    member = _member(request, path_id(request, "client_id", errors.UnknownClient))
    reach = Reach(now=member.now, since=body.since)
    return await answer_change(
        request,
        lambda conn: shown(
            conn, groups.leave_group(conn, member, reach), lambda course: course.sessions
        ),
        lambda found: Answer(body=changed_course_document(found.of, found.zones)),
    )


@routes.post("/v1/sessions/{id}/absences")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Record that a member is away",
    body=AbsenceBody,
    answers={200: SessionAnswer},
    refusals=(errors.UnknownSession, errors.NotAGroup, errors.NotAMember, *ABSENCE),
)
async def post_absence(request: web.Request) -> web.Response:
    """Record that one member is away: 200 with the session, which goes on for the others."""
    body = await body_of(request, AbsenceBody)
    id, now = path_id(request, "id", errors.UnknownSession), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: shown(conn, groups.stay_away(conn, now, id, body.client_id), _alone),
        _changed_session,
    )


@routes.post("/v1/sessions/{id}/absences/{client_id}/withdraw")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Record that a member comes after all",
    answers={200: SessionAnswer},
    refusals=(
        errors.UnknownSession,
        errors.UnknownClient,
        errors.NotAGroup,
        errors.NotAway,
        errors.HourTaken,
        *ABSENCE,
    ),
)
async def post_withdrawal(request: web.Request) -> web.Response:
    """Record that the member comes after all: 200 with the session."""
    id, now = path_id(request, "id", errors.UnknownSession), request.app[CLOCK].now()
    client_id = path_id(request, "client_id", errors.UnknownClient)
    return await answer_change(
        request,
        lambda conn: shown(conn, groups.come_after_all(conn, now, id, client_id), _alone),
        _changed_session,
    )


def _member(request: web.Request, client_id: UUID) -> Member:
    course_id = path_id(request, "id", errors.UnknownCourse)
    return Member(course_id=course_id, client_id=client_id, now=request.app[CLOCK].now())


def _alone(session: Session) -> tuple[Session, ...]:
    return (session,)


def _changed_session(found: Shown[Session]) -> Answer:
    return Answer(body=session_document(found.of, found.zones))


def _attendance_document(attendance: Attendance) -> Document:
    course = attendance.course
    return {
        "course_id": str(course.id),
        "client_ids": [str(id) for id in course.client_ids],
        "absences": [
            {"session_id": str(session.id), "client_id": str(client_id)}
            for session in course.sessions
            for client_id in attendance.away.get(session.id, ())
        ],
    }
