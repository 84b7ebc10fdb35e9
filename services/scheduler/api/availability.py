"""Routes of time off and extra hours; a clinician's key reaches its own."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from aiohttp import web

from services.scheduler.api.answers.availability import (
    ExtraHoursAnswer,
    ExtraHoursListAnswer,
    TimeOffAnswer,
    TimeOffListAnswer,
)
from services.scheduler.api.answers.displaced import AllAffectedAnswer, TimeOffEntered
from services.scheduler.api.availability_bodies import (
    ExtraHoursBody,
    TimeOffBody,
    extra_hours_document,
    time_off_document,
)
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.displaced import affected_documents
from services.scheduler.api.documents import Document
from services.scheduler.domain.errors import UnknownClinician, UnknownExtraHours, UnknownTimeOff
from services.scheduler.domain.sessions import Session
from services.scheduler.use_cases import availability, displaced
from services.scheduler.use_cases.displaced import Entered
from services.scheduler.use_cases.showing import Shown, shown
from shared.web.answers import Answer, answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()

NOTHING = Answer(status=HTTPStatus.NO_CONTENT)


@routes.post("/v1/clinicians/{id}/time-off")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Enter time off",
    body=TimeOffBody,
    answers={201: TimeOffEntered, 200: AllAffectedAnswer},
    refusals=(UnknownClinician,),
)
async def post_time_off(request: web.Request) -> web.Response:
    """Enter time off: 201 with every session that it falls on; they stay until it is applied.

    With `preview` nothing changes: 200 with those sessions.
    """
    body = await body_of(request, TimeOffBody)
    wanted = body.request(_clinician(request))
    now, id = request.app[CLOCK].now(), uuid4()
    if body.preview:
        return await answer_read(
            request,
            lambda conn: shown(conn, displaced.preview_time_off(conn, now, wanted, id), _sessions),
            _affected,
        )
    return await answer_change(
        request,
        lambda conn: shown(conn, displaced.enter_time_off(conn, now, wanted, id), _sessions),
        lambda found: created(time_off_document(found.of.off) | _affected(found), "/v1/time-off"),
    )


@routes.get("/v1/clinicians/{id}/time-off")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("List time off", answers={200: TimeOffListAnswer}, refusals=(UnknownClinician,))
async def get_time_off(request: web.Request) -> web.Response:
    """Answer all time off of the clinician, by its start."""
    id = _clinician(request)
    found = await request.app[DATABASE].read(lambda conn: availability.all_time_off(conn, id))
    return answer({"time_off": [time_off_document(each) for each in found], "next": None})


@routes.get("/v1/time-off/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read time off", answers={200: TimeOffAnswer}, refusals=(UnknownTimeOff,))
async def get_one_time_off(request: web.Request) -> web.Response:
    id, own = path_id(request, "id", UnknownTimeOff), caller(request).clinician_id
    found = await request.app[DATABASE].read(
        lambda conn: availability.time_off_with(conn, id, own=own)
    )
    return answer(time_off_document(found))


@routes.delete("/v1/time-off/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Take time off back", answers={204: None}, refusals=(UnknownTimeOff,))
async def delete_time_off(request: web.Request) -> web.Response:
    """Take time off back: 204; those hours can be had again."""
    id, own = path_id(request, "id", UnknownTimeOff), caller(request).clinician_id
    return await answer_change(
        request,
        lambda conn: availability.take_back_time_off(conn, id, own=own),
        lambda _: NOTHING,
    )


@routes.post("/v1/clinicians/{id}/extra-hours")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Enter extra hours",
    body=ExtraHoursBody,
    answers={201: ExtraHoursAnswer},
    refusals=(UnknownClinician,),
)
async def post_extra_hours(request: web.Request) -> web.Response:
    """Enter hours that are worked on one date beside the weekly ones: 201."""
    extra = (await body_of(request, ExtraHoursBody)).extra_hours(uuid4(), _clinician(request))
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: availability.enter_extra_hours(conn, now, extra),
        lambda entered: created(extra_hours_document(entered), "/v1/extra-hours"),
    )


@routes.get("/v1/clinicians/{id}/extra-hours")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("List extra hours", answers={200: ExtraHoursListAnswer}, refusals=(UnknownClinician,))
async def get_extra_hours(request: web.Request) -> web.Response:
    """Answer all extra hours of the clinician, by their date."""
    id = _clinician(request)
    found = await request.app[DATABASE].read(lambda conn: availability.all_extra_hours(conn, id))
    return answer({"extra_hours": [extra_hours_document(each) for each in found], "next": None})


@routes.get("/v1/extra-hours/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read extra hours", answers={200: ExtraHoursAnswer}, refusals=(UnknownExtraHours,))
async def get_one_extra_hours(request: web.Request) -> web.Response:
    id, own = path_id(request, "id", UnknownExtraHours), caller(request).clinician_id
    found = await request.app[DATABASE].read(
        lambda conn: availability.extra_hours_with(conn, id, own=own)
    )
    return answer(extra_hours_document(found))


@routes.delete("/v1/extra-hours/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Take extra hours back", answers={204: None}, refusals=(UnknownExtraHours,))
async def delete_extra_hours(request: web.Request) -> web.Response:
    """Take extra hours back: 204; what is booked in them stays."""
    id, own = path_id(request, "id", UnknownExtraHours), caller(request).clinician_id
    return await answer_change(
        request,
        lambda conn: availability.take_back_extra_hours(conn, id, own=own),
        lambda _: NOTHING,
    )


def _sessions(entered: Entered) -> list[Session]:
    return [each.session for each in entered.affected]


def _affected(found: Shown[Entered]) -> Document:
    return {"affected": affected_documents(found.of.affected, found.zones)}


def _clinician(request: web.Request) -> UUID:
    """Return the clinician in the path; to a clinician's key, another does not exist."""
    id = path_id(request, "id", UnknownClinician)
    if caller(request).clinician_id not in (None, id):
        raise UnknownClinician
    return id
