"""Routes under /v1/calendars: calendars that clinicians keep elsewhere."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus
from typing import Annotated
from uuid import UUID, uuid4

from aiohttp import web
from pydantic import ConfigDict, Field

from services.calendar_feed.api.answers.calendars import CalendarAnswer, CalendarsAnswer
from services.calendar_feed.api.bodies import DANA, FeedName
from services.calendar_feed.api.feeds import only_own
from services.calendar_feed.domain.errors import (
    AnotherDiary,
    BadAddress,
    ReadTooOften,
    TooManyCalendars,
    UnknownCalendar,
    UnknownClinician,
)
from services.calendar_feed.domain.outside import is_stale
from services.calendar_feed.keys import SETTINGS
from services.calendar_feed.store import outside
from services.calendar_feed.store.outside import OutsideCalendar
from services.calendar_feed.use_cases import importing
from services.calendar_feed.use_cases.keeping import await_clinician
from shared.store.database import Connection
from shared.web.answers import Answer, answer, answer_once
from shared.web.auth import Role, allow, caller
from shared.web.bodies import DoorModel, body_of, path_id, query_of
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


class CalendarBody(DoorModel):
    """A calendar of a clinician's own; its address is a secret, kept sealed and never answered."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"clinician_id": DANA, "address": "https://calendar.example/secret.ics"}]
        }
    )

    clinician_id: UUID
    address: Annotated[str, Field(min_length=1, max_length=2000, repr=False)]
    name: FeedName = "Own calendar"


class CalendarsQuery(DoorModel):
    """Whose calendars to list; everyone's when it is not said."""

    clinician_id: UUID | None = None


@routes.post("/v1/calendars")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Respect a clinician's own calendar",
    body=CalendarBody,
    answers={201: CalendarAnswer},
    refusals=(UnknownClinician, AnotherDiary, BadAddress, TooManyCalendars),
)
async def post_calendar(request: web.Request) -> web.Response:
    """Read this calendar from now on: 201; its hours are taken once it was read."""
    body, now = await body_of(request, CalendarBody), request.app[CLOCK].now()
    only_own(request, body.clinician_id)
    secret = request.app[SETTINGS].serving.secret_key
    calendar = OutsideCalendar(
        id=uuid4(),
        clinician_id=body.clinician_id,
        name=body.name,
        sealed=importing.sealed_address(body.address, secret),
        created_at=now,
        next_at=now,
    )
    await await_clinician(request.app[DATABASE], calendar.clinician_id)

    async def work(conn: Connection) -> Answer:
        return Answer(
            status=HTTPStatus.CREATED, body=_document(await importing.add(conn, calendar), now)
        )

    return await answer_once(request, work)


@routes.get("/v1/calendars")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "List clinicians' own calendars",
    query=CalendarsQuery,
    answers={200: CalendarsAnswer},
    refusals=(AnotherDiary,),
)
async def get_calendars(request: web.Request) -> web.Response:
    """Answer the calendars and how each was last read; a clinician's key sees its own."""
    wanted = query_of(request, CalendarsQuery).clinician_id
    if wanted is not None:
        only_own(request, wanted)
    whose = wanted or caller(request).clinician_id
    found = await request.app[DATABASE].read(lambda conn: outside.list_calendars(conn, whose))
    now = request.app[CLOCK].now()
    return answer({"calendars": [_document(each, now) for each in found], "next": None})


@routes.post("/v1/calendars/{id}/read")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Read a calendar now",
    answers={200: CalendarAnswer},
    refusals=(UnknownCalendar, ReadTooOften),
)
async def post_read(request: web.Request) -> web.Response:
    """Let the calendar be read at once, whatever it said before: 200 with how it stands.

    Once a minute, else 429.
    """
    id, own = path_id(request, "id", UnknownCalendar), caller(request).clinician_id
    now = request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        due = await importing.read_soon(conn, now, id, own)
        return Answer(status=HTTPStatus.OK, body=_document(due, now))

    return await answer_once(request, work)


@routes.delete("/v1/calendars/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Forget a calendar", answers={204: None}, refusals=(UnknownCalendar,))
async def delete_calendar(request: web.Request) -> web.Response:
    """Read it no more: its hours are free from now on, and its address is forgotten."""
    id, own = path_id(request, "id", UnknownCalendar), caller(request).clinician_id
    now = request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        await importing.remove(conn, now, id, own)
        return Answer(status=HTTPStatus.NO_CONTENT)

    return await answer_once(request, work)


def _document(calendar: OutsideCalendar, now: datetime) -> dict[str, object]:
    known = "stale" if is_stale(calendar.read_at, now) else "fresh"
    return {
        "id": str(calendar.id),
        "clinician_id": str(calendar.clinician_id),
        "name": calendar.name,
        "state": "new" if calendar.read_at is None else known,
        "read_at": None if calendar.read_at is None else calendar.read_at.isoformat(),
        "next_at": calendar.next_at.isoformat(),
        "blocks": len(calendar.blocks),
        "partial": bool(calendar.unread),
        "complaint": calendar.complaint,
        "unread": [
            {"index": each.index, "uid_sha256": each.uid_sha256, "flaw": each.flaw.value}
            for each in calendar.unread
        ],
        "created_at": calendar.created_at.isoformat(),
    }
