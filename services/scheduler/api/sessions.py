"""Routes under /v1/sessions: book one, read, and change one."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.sessions import MoveAnswer, SessionAnswer, SessionsAnswer
from services.scheduler.api.bodies import CancelBody, ConcludeBody, MoveBody, SessionBody
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import conflict_documents, session_document
from services.scheduler.api.queries import SessionsQuery, page_document
from services.scheduler.domain.errors import (
    HourPast,
    HourTaken,
    NotRecorded,
    NotScheduled,
    NotStarted,
    SameTime,
    SessionOver,
    UnknownSession,
)
from services.scheduler.domain.sessions import Kind, Session, SessionRequest
from services.scheduler.domain.slots import Slot
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import booking, changing, listing
from services.scheduler.use_cases.changing import Target
from shared.web.answers import Answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import body_of, path_id, query_of
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/sessions")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Book one session",
    body=SessionBody,
    answers={201: SessionAnswer},
    refusals=(NotRecorded, HourPast, HourTaken),
)
async def post_session(request: web.Request) -> web.Response:
    """Book one consultation or follow-up: 201, or 409 with what is in the way."""
    body = await body_of(request, SessionBody)
    wanted = SessionRequest(
        kind=Kind(body.kind),
        clinician_id=body.clinician_id,
        client_ids=body.client_ids,
        slot=Slot.hour_from(body.starts_at),
        timezone=request.app[SETTINGS].serving.practice_timezone,
    )
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: booking.book_session(conn, now, wanted, hold_id=body.hold_id),
        lambda session: created(session_document(session), "/v1/sessions"),
    )


@routes.get("/v1/sessions")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("List sessions", query=SessionsQuery, answers={200: SessionsAnswer})
async def get_sessions(request: web.Request) -> web.Response:
    """Answer sessions by start, a page at a time; a clinician's key sees its own."""
    own = caller(request).clinician_id
    wanted = query_of(request, SessionsQuery).wanted(own)
    return await answer_read(
        request, lambda conn: listing.sessions_page(conn, wanted, own=own), page_document
    )


@routes.get("/v1/sessions/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read a session", answers={200: SessionAnswer}, refusals=(UnknownSession,))
async def get_session(request: web.Request) -> web.Response:
    target = _target(request)
    return await answer_read(
        request, lambda conn: changing.session_with(conn, target), session_document
    )


@routes.post("/v1/sessions/{id}/move")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Move a session",
    body=MoveBody,
    answers={200: MoveAnswer},
    refusals=(UnknownSession, HourPast, SameTime, HourTaken, NotScheduled, SessionOver),
)
async def post_move(request: web.Request) -> web.Response:
    """Give a session another time: 200, or 409 with what is in the way.

    With `preview` nothing changes: 200 with the session as it would be, and the conflicts.
    """
    target, body = _target(request), await body_of(request, MoveBody)
    slot = Slot.hour_from(body.starts_at)
    now = request.app[CLOCK].now()
    if not body.preview:
        return await answer_change(
            request,
            lambda conn: changing.move_session(conn, now, target, slot, hold_id=body.hold_id),
            _changed,
        )
    return await answer_read(
        request,
        lambda conn: changing.preview_move(conn, now, target, slot, hold_id=body.hold_id),
        lambda moved: {
            "session": session_document(moved.session),
            "conflicts": conflict_documents(moved.conflicts),
        },
    )


@routes.post("/v1/sessions/{id}/cancel")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Cancel a session",
    body=CancelBody,
    body_optional=True,
    answers={200: SessionAnswer},
    refusals=(UnknownSession, NotScheduled, SessionOver),
)
async def post_cancel(request: web.Request) -> web.Response:
    """Cancel a session: 200 with the session; its hour is free again."""
    target = _target(request)
    body = await body_of(request, CancelBody) if request.body_exists else CancelBody()
    now = request.app[CLOCK].now()
    return await answer_change(
        request, lambda conn: changing.cancel_session(conn, now, target, body.reason), _changed
    )


@routes.post("/v1/sessions/{id}/conclude")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Conclude a session",
    body=ConcludeBody,
    answers={200: SessionAnswer},
    refusals=(UnknownSession, NotScheduled, NotStarted),
)
async def post_conclude(request: web.Request) -> web.Response:
    """Say how a session went: 200 with the session."""
    target, body = _target(request), await body_of(request, ConcludeBody)
    now = request.app[CLOCK].now()
    return await answer_change(
        request, lambda conn: changing.conclude_session(conn, now, target, body.outcome), _changed
    )


def _target(request: web.Request) -> Target:
    id = path_id(request, "id", UnknownSession)
    return Target(id=id, own=caller(request).clinician_id)


def _changed(session: Session) -> Answer:
    return Answer(body=session_document(session))
