"""Routes under /v1/requests: from the first contact to the course with a clinician.

Only staff read them: what a request is about is for nobody else.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from aiohttp import web

from services.scheduler.api.answers.pairing import (
    MatchesAnswer,
    RequestAnswer,
    RequestConsultationAnswer,
    RequestCourseAnswer,
    RequestsAnswer,
)
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import Document, course_document, session_document
from services.scheduler.api.overriding import override_of
from services.scheduler.api.pairing_documents import (
    matches_document,
    request_document,
    requests_document,
)
from services.scheduler.api.request_bodies import (
    CloseBody,
    ConsultationBody,
    MatchesQuery,
    RequestBody,
    RequestCourseBody,
    RequestsQuery,
    agreed_with,
)
from services.scheduler.api.series_documents import overridden_document, postponed_document
from services.scheduler.domain.errors import (
    AgeNotKnown,
    ConsentMissing,
    HourPast,
    HourTaken,
    NotRecorded,
    NotSuitable,
    UnknownConcern,
    UnknownRequest,
    WrongOrder,
)
from services.scheduler.domain.requests import Request
from services.scheduler.domain.slots import Slot
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import pairing, requesting
from services.scheduler.use_cases.requesting import Consulted, Paired
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id, query_of
from shared.web.keys import CLOCK
from shared.web.openapi import describe
from shared.zones import zone

routes = web.RouteTableDef()


@routes.post("/v1/requests")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Enter a request",
    body=RequestBody,
    answers={201: RequestAnswer},
    refusals=(NotRecorded, UnknownConcern, AgeNotKnown),
)
async def post_request(request: web.Request) -> web.Response:
    """Enter a request: 201 with the request. Nobody is told of it."""
    body = await body_of(request, RequestBody)
    now, asked = request.app[CLOCK].now(), body.asked()
    return await answer_change(
        request,
        lambda conn: requesting.enter(conn, now, asked),
        lambda entered: created(request_document(entered), "/v1/requests"),
    )


@routes.get("/v1/requests")
@allow(Role.ADMIN, Role.STAFF)
@describe("List requests", query=RequestsQuery, answers={200: RequestsAnswer})
async def get_requests(request: web.Request) -> web.Response:
    """Answer requests in the order they were made, a page at a time."""
    query = query_of(request, RequestsQuery)
    return await answer_read(
        request,
        lambda conn: requesting.list_requests(conn, query.wanted()),
        lambda found: requests_document(found, query.limit),
    )


@routes.get("/v1/requests/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Read a request", answers={200: RequestAnswer}, refusals=(UnknownRequest,))
async def get_request(request: web.Request) -> web.Response:
    id = _id(request)
    return await answer_read(
        request, lambda conn: requesting.request_with(conn, id), request_document
    )


@routes.get("/v1/requests/{id}/matches")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Rank the clinicians for a request",
    query=MatchesQuery,
    answers={200: MatchesAnswer},
    refusals=(UnknownRequest,),
)
async def get_matches(request: web.Request) -> web.Response:
    """Answer who suits, best first and in points, and who does not, with every reason."""
    id, query = _id(request), query_of(request, MatchesQuery)
    now = request.app[CLOCK].now()
    search = query.search(_today(request), _practice_zone(request))
    return await answer_read(
        request, lambda conn: pairing.matches_of(conn, now, id, search), matches_document
    )


@routes.post("/v1/requests/{id}/consultation")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Book the consultation of a request",
    body=ConsultationBody,
    answers={201: RequestConsultationAnswer},
    refusals=(UnknownRequest, WrongOrder, NotRecorded, NotSuitable, HourPast, HourTaken),
)
async def post_consultation(request: web.Request) -> web.Response:
    """Book the consultation: 201 with the session and the request; a client is entered by it."""
    id, body = _id(request), await body_of(request, ConsultationBody)
    now, slot = request.app[CLOCK].now(), Slot.hour_from(body.starts_at)
    override = await override_of(request, body.override)
    agreed, timezone = agreed_with(body, id, override), _practice_zone(request)
    return await answer_change(
        request,
        lambda conn: requesting.book_consultation(conn, now, agreed, slot, timezone),
        _consulted,
        override=override,
    )


@routes.post("/v1/requests/{id}/course")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Book the course that a request led to",
    body=RequestCourseBody,
    answers={201: RequestCourseAnswer},
    refusals=(
        UnknownRequest,
        WrongOrder,
        NotRecorded,
        NotSuitable,
        ConsentMissing,
        HourPast,
        HourTaken,
    ),
)
async def post_course(request: web.Request) -> web.Response:
    """Book the course with the clinician agreed on: 201 with the course and the request."""
    id, body = _id(request), await body_of(request, RequestCourseBody)
    now, practice_zone = request.app[CLOCK].now(), _practice_zone(request)
    override = await override_of(request, body.override)
    agreed = agreed_with(body, id, override)
    return await answer_change(
        request,
        lambda conn: requesting.book_course(
            conn, now, agreed, lambda client_id: body.course(client_id, practice_zone)
        ),
        _paired,
        override=override,
    )


@routes.post("/v1/requests/{id}/close")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Close a request",
    body=CloseBody,
    body_optional=True,
    answers={200: RequestAnswer},
    refusals=(UnknownRequest, WrongOrder),
)
async def post_close(request: web.Request) -> web.Response:
    """Close the request: 200 with it. What is booked stays booked."""
    id = _id(request)
    body = await body_of(request, CloseBody) if request.body_exists else CloseBody()
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: requesting.close(conn, now, id, body.reason),
        lambda closed: Answer(body=request_document(closed)),
    )


def _id(request: web.Request) -> UUID:
    return path_id(request, "id", UnknownRequest)


def _practice_zone(request: web.Request) -> str:
    return request.app[SETTINGS].serving.practice_timezone


def _today(request: web.Request) -> date:
    return request.app[CLOCK].now().astimezone(zone(_practice_zone(request))).date()


def _consulted(booked: Consulted) -> Answer:
    document = session_document(booked.session) | overridden_document(booked.overridden)
    return _answered(booked.request, document, "/v1/sessions")


def _paired(booked: Paired) -> Answer:
    document = course_document(booked.course) | postponed_document(booked.postponed)
    document |= overridden_document(booked.overridden)
    return _answered(booked.request, document, "/v1/courses")


def _answered(request: Request, booked: Document, path: str) -> Answer:
    """What was booked, with its own id, and the request beside it."""
    return created({**booked, "request": request_document(request)}, path)
