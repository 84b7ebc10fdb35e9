"""The route of openings: which hours are free, every week or once."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.openings import OpeningsAnswer
from services.scheduler.api.opening_documents import OpeningsQuery, openings_document
from services.scheduler.domain.errors import UnknownClient, UnknownClinician
from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import openings
from shared.web.answers import answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import query_of
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.get("/v1/openings")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Find hours that are free every week",
    query=OpeningsQuery,
    answers={200: OpeningsAnswer},
    refusals=(UnknownClinician, UnknownClient),
)
async def get_openings(request: web.Request) -> web.Response:
    """Answer the hours that are free every week, best first; a clinician's key sees its own."""
    query, own = query_of(request, OpeningsQuery), caller(request).clinician_id
    if own is not None and query.clinician_id not in (None, own):
        raise UnknownClinician
    now = request.app[CLOCK].now()
    practice_timezone = request.app[SETTINGS].serving.practice_timezone
    asked = query.asked(own, practice_timezone, now=now)
    if asked is None:
        return answer(openings_document(()))
    found = await request.app[DATABASE].read(lambda conn: openings.find_openings(conn, now, asked))
    return answer(openings_document(found))
