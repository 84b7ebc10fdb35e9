"""Routes that change a whole course: extend, pause, end, reassign, and what follows it."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.pairing import ReassignedOrPreview
from services.scheduler.api.answers.sessions import CourseAnswer, CourseOrPreview
from services.scheduler.api.changes import answer_change, answer_read
from services.scheduler.api.courses import booked_course
from services.scheduler.api.documents import Document
from services.scheduler.api.overriding import override_of
from services.scheduler.api.series_bodies import (
    EndBody,
    ExtendBody,
    FollowUpsBody,
    PauseBody,
    ReassignBody,
)
from services.scheduler.api.series_documents import (
    changed_course_document,
    postponed_document,
    preview_document,
)
from services.scheduler.domain.errors import (
    ConsentMissing,
    CourseOver,
    HourPast,
    HourTaken,
    NothingLeft,
    NotRecorded,
    NotSuitable,
    UnknownCourse,
)
from services.scheduler.domain.sessions import Session
from services.scheduler.use_cases import extending, following_up, series
from services.scheduler.use_cases.extending import Grown
from services.scheduler.use_cases.series import CourseEffect
from services.scheduler.use_cases.showing import Shown, shown
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/courses/{id}/extend")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Add sessions at the end of a course",
    body=ExtendBody,
    answers={200: CourseOrPreview},
    refusals=(UnknownCourse, CourseOver, HourTaken),
)
async def post_extend(request: web.Request) -> web.Response:
    """Add sessions at the usual hour after the last: 200 with the course, or 409 with all clashes.

    With `preview` nothing changes: 200 with the sessions as they would be.
    """
    id, body = path_id(request, "id", UnknownCourse), await body_of(request, ExtendBody)
    override = await override_of(request, body.override)
    wanted, now = body.wanted(override), request.app[CLOCK].now()
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(
                conn,
                extending.preview_extension(conn, now, id, wanted),
                lambda grown: grown.change.told,
            ),
            _extension_preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            extending.extend_course(conn, now, id, wanted),
            lambda grown: grown.change.after.sessions,
        ),
        _extended,
        override=override,
    )


@routes.post("/v1/courses/{id}/pause")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Put the sessions from a date on off by whole weeks",
    body=PauseBody,
    answers={200: CourseOrPreview},
    refusals=(UnknownCourse, NothingLeft, HourTaken),
)
async def post_pause(request: web.Request) -> web.Response:
    """Put off all sessions or none: 200 with the course, or 409 with every date in the way.

    With `preview` nothing changes: 200 with the sessions as they would be, and the conflicts.
    """
    id, body = path_id(request, "id", UnknownCourse), await body_of(request, PauseBody)
    override = await override_of(request, body.override)
    reach = body.reach(request.app[CLOCK].now(), caller(request).clinician_id)
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(conn, series.preview_pause(conn, id, reach, body.weeks), _told),
            _preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            series.pause_course(conn, id, reach, body.weeks, override=override),
            _after,
        ),
        _changed,
        override=override,
    )


@routes.post("/v1/courses/{id}/end")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "End a course early",
    body=EndBody,
    body_optional=True,
    answers={200: CourseOrPreview},
    refusals=(UnknownCourse, NothingLeft),
)
async def post_end(request: web.Request) -> web.Response:
    """Cancel what is to come: 200 with the course, and the weekly hour that comes free by it.

    With `preview` nothing changes: 200 with the sessions as they would be.
    """
    id = path_id(request, "id", UnknownCourse)
    body = await body_of(request, EndBody) if request.body_exists else EndBody()
    reach = body.reach(request.app[CLOCK].now(), caller(request).clinician_id)
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(conn, series.preview_end(conn, id, reach, body.reason), _told),
            _preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(conn, series.end_course(conn, id, reach, body.reason), _after),
        _changed,
    )


@routes.post("/v1/courses/{id}/reassign")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Give a course to another clinician",
    body=ReassignBody,
    answers={200: ReassignedOrPreview},
    refusals=(UnknownCourse, NotRecorded, NotSuitable, NothingLeft, HourTaken),
)
async def post_reassign(request: web.Request) -> web.Response:
    """Let another clinician take over what is to come: 200, or 409 with every date in the way.

    A limit of a pairing that they do not meet refuses it too. The earlier sessions stay with who
    held them. With `preview` nothing changes.
    """
    id, body = path_id(request, "id", UnknownCourse), await body_of(request, ReassignBody)
    override = await override_of(request, body.override)
    reach = body.reach(request.app[CLOCK].now(), None)
    to = body.clinician_id
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(conn, series.preview_reassignment(conn, id, reach, to), _told),
            _reassign_preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(
            conn, series.reassign_course(conn, id, reach, to, override=override), _after
        ),
        _changed,
        override=override,
    )


@routes.post("/v1/courses/{id}/follow-ups")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Book sessions after a course",
    body=FollowUpsBody,
    answers={201: CourseAnswer},
    refusals=(UnknownCourse, HourPast, HourTaken, ConsentMissing),
)
async def post_follow_ups(request: web.Request) -> web.Response:
    """Book a series of follow-ups with the same people: 201, or 409 with every date in the way."""
    id, body = path_id(request, "id", UnknownCourse), await body_of(request, FollowUpsBody)
    override = await override_of(request, body.override)
    wanted, now = body.wanted(override), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: following_up.book_follow_ups(conn, now, id, wanted),
        booked_course,
        override=override,
    )


def _told(effect: CourseEffect) -> tuple[Session, ...]:
    return effect.change.told


def _after(effect: CourseEffect) -> tuple[Session, ...]:
    return effect.change.after.sessions


def _preview(found: Shown[CourseEffect]) -> Document:
    effect = found.of
    return preview_document(effect.change.told, effect.conflicts, found.zones, freed=effect.freed)


def _reassign_preview(found: Shown[CourseEffect]) -> Document:
    return _preview(found) | {"limits": [each.document() for each in found.of.limits]}


def _changed(found: Shown[CourseEffect]) -> Answer:
    effect = found.of
    return Answer(
        body=changed_course_document(
            effect.change.after,
            found.zones,
            overridden=(*effect.limits, *effect.conflicts),
            freed=effect.freed,
        )
    )


def _extension_preview(found: Shown[Grown]) -> Document:
    document = preview_document(found.of.change.told, (), found.zones)
    return document | postponed_document(found.of.postponed)


def _extended(found: Shown[Grown]) -> Answer:
    grown = found.of
    document = changed_course_document(grown.change.after, found.zones, overridden=grown.overridden)
    return Answer(body=document | postponed_document(grown.postponed))
