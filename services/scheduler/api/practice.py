"""Routes under /v1/practice: what holds for everyone."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.practice import HolidaysAnswer, PracticeAnswer
from services.scheduler.api.changes import answer_change
from services.scheduler.api.practice_bodies import (
    HolidaysQuery,
    PracticeBody,
    holidays_document,
    policy_document,
)
from services.scheduler.domain.errors import UnknownHolidays
from services.scheduler.use_cases import practice
from shared.web.answers import Answer, answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, query_of
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.get("/v1/practice")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Read what the practice has settled", answers={200: PracticeAnswer})
async def get_practice(request: web.Request) -> web.Response:
    """Answer what the practice has settled."""
    return answer(policy_document(await request.app[DATABASE].read(practice.policy_of)))


@routes.put("/v1/practice")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Settle something",
    body=PracticeBody,
    answers={200: PracticeAnswer},
    refusals=(UnknownHolidays,),
)
async def put_practice(request: web.Request) -> web.Response:
    """Settle what is given and leave the rest: 200 with all of it."""
    said = (await body_of(request, PracticeBody)).said()
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: practice.change_policy(conn, now, said),
        lambda policy: Answer(body=policy_document(policy)),
    )


@routes.get("/v1/practice/holidays")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Read a calendar of holidays",
    query=HolidaysQuery,
    answers={200: HolidaysAnswer},
    refusals=(UnknownHolidays,),
)
async def get_holidays(request: web.Request) -> web.Response:
    """Answer the holidays of a country's calendar in a year, to pick from by name."""
    query = query_of(request, HolidaysQuery)
    year = query.year or request.app[CLOCK].now().year
    return answer(holidays_document(await practice.holidays_in(query.calendar(), year)))
