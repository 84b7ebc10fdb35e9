"""Routes under /v1/sessions: book one, read, and change one."""

from __future__ import annotations

import functools

from aiohttp import web

from services.scheduler.api.answers.sessions import (
    BookedSessionAnswer,
    ChangeAnswer,
    SessionAnswer,
    SessionsAnswer,
)
from services.scheduler.api.bodies import CancelBody, ConcludeBody, MoveBody, SessionBody
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import Document, session_document
from services.scheduler.api.overriding import override_of
from services.scheduler.api.queries import SessionsQuery, page_document
from services.scheduler.api.series_documents import (
    freed_member,
    overridden_document,
    preview_document,
)
from services.scheduler.domain.errors import (
    HourPast,
    HourTaken,
    NotRecorded,
    NotScheduled,
    NotStarted,
    SameTime,
    SessionOver,
    UnknownClinician,
    UnknownSession,
)
from services.scheduler.domain.series import Scope
from services.scheduler.domain.sessions import Kind, Session, SessionRequest
from services.scheduler.domain.slots import Slot
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import booking, changing, listing
from services.scheduler.use_cases.booking import BookedSession
from services.scheduler.use_cases.changing import Effect, Target
from services.scheduler.use_cases.showing import Shown, shown
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
    answers={201: BookedSessionAnswer},
    refusals=(NotRecorded, HourPast, HourTaken),
)
async def post_session(request: web.Request) -> web.Response:
    """Book one consultation or follow-up: 201, or 409 with what is in the way."""
    body = await body_of(request, SessionBody)
    override = await override_of(request, body.override)
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
        lambda conn: shown(
            conn,
            booking.book_one(conn, now, wanted, hold_id=body.hold_id, override=override),
            lambda booked: (booked.session,),
        ),
        _booked,
        override=override,
    )


@routes.get("/v1/sessions")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "List sessions",
    query=SessionsQuery,
    answers={200: SessionsAnswer},
    refusals=(UnknownClinician,),
)
async def get_sessions(request: web.Request) -> web.Response:
    """Answer sessions by start, a page at a time; a clinician's key sees its own."""
    own = caller(request).clinician_id
    wanted = query_of(request, SessionsQuery).wanted(own)
    return await answer_read(
        request,
        lambda conn: shown(
            conn, listing.sessions_page(conn, wanted, own=own), lambda page: page.sessions
        ),
        lambda found: page_document(found.of, found.zones),
    )


@routes.get("/v1/sessions/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read a session", answers={200: SessionAnswer}, refusals=(UnknownSession,))
async def get_session(request: web.Request) -> web.Response:
    target = _target(request)
    return await answer_read(
        request,
        lambda conn: shown(conn, changing.session_with(conn, target), lambda each: (each,)),
        lambda found: session_document(found.of, found.zones),
    )


@routes.post("/v1/sessions/{id}/move")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Move a session, or several of its course",
    body=MoveBody,
    answers={200: ChangeAnswer},
    refusals=(UnknownSession, HourPast, SameTime, HourTaken, NotScheduled, SessionOver),
)
async def post_move(request: web.Request) -> web.Response:
    """Give a session another time: 200, or 409 with every date in the way.

    With `preview` nothing changes: 200 with the sessions as they would be, and the conflicts.
    """
    body = await body_of(request, MoveBody)
    target, slot = _target(request, body.scope), Slot.hour_from(body.starts_at)
    override = await override_of(request, body.override)
    now, hold_id = request.app[CLOCK].now(), body.hold_id
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(
                conn, changing.preview_move(conn, now, target, slot, hold_id=hold_id), _touched
            ),
            _preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            changing.move_sessions(conn, now, target, slot, hold_id=hold_id, override=override),
            _touched,
        ),
        functools.partial(_changed, scope=target.scope),
        override=override,
    )


@routes.post("/v1/sessions/{id}/cancel")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Cancel a session, or several of its course",
    body=CancelBody,
    body_optional=True,
    answers={200: ChangeAnswer},
    refusals=(UnknownSession, NotScheduled, SessionOver),
)
async def post_cancel(request: web.Request) -> web.Response:
    """Cancel a session: 200 with the session; its hour is free again.

    With `preview` nothing changes: 200 with the sessions as they would be.
    """
    body = await body_of(request, CancelBody) if request.body_exists else CancelBody()
    target, now = _target(request, body.scope), request.app[CLOCK].now()
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(
                conn, changing.preview_cancel(conn, now, target, body.reason), _touched
            ),
            _preview,
        )
    return await answer_change(
        request,
        lambda conn: shown(
            conn, changing.cancel_sessions(conn, now, target, body.reason), _touched
        ),
        functools.partial(_changed, scope=target.scope),
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
    """Say how a session went: 200 with the session; the last one ends its course."""
    target, body = _target(request), await body_of(request, ConcludeBody)
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: shown(
            conn,
            changing.conclude_session(conn, now, target, body.outcome),
            lambda each: (each,),
        ),
        lambda found: Answer(body=session_document(found.of, found.zones)),
    )


def _target(request: web.Request, scope: Scope = Scope.THIS) -> Target:
    id = path_id(request, "id", UnknownSession)
    return Target(id=id, own=caller(request).clinician_id, scope=scope)


def _touched(effect: Effect) -> tuple[Session, ...]:
    return effect.sessions


def _booked(found: Shown[BookedSession]) -> Answer:
    document = session_document(found.of.session, found.zones)
    return created(document | overridden_document(found.of.overridden), "/v1/sessions")


def _preview(found: Shown[Effect]) -> Document:
    effect = found.of
    document = preview_document(effect.sessions, effect.conflicts, found.zones, freed=effect.freed)
    return {"session": session_document(effect.session, found.zones)} | document


def _changed(found: Shown[Effect], *, scope: Scope) -> Answer:
    """Return the session that was named; with a wider scope, also all that changed."""
    effect = found.of
    document = session_document(effect.session, found.zones)
    document |= overridden_document(effect.conflicts)
    if scope is not Scope.THIS:
        document["sessions"] = [session_document(each, found.zones) for each in effect.sessions]
        document |= freed_member(effect.freed)
    return Answer(body=document)
