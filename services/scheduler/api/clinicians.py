"""Routes under /v1/clinicians."""

from __future__ import annotations

from uuid import uuid4

from aiohttp import web

from services.scheduler.api.answers.people import ClinicianAnswer, CliniciansAnswer
from services.scheduler.api.changes import answer_change, created
from services.scheduler.api.documents import clinician_document
from services.scheduler.api.people_bodies import ClinicianBody, ClinicianChanges
from services.scheduler.domain.errors import UnknownClinician
from services.scheduler.use_cases import people
from services.scheduler.use_cases.clients import revoke_clinician_links
from shared.web.answers import Answer, answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/clinicians")
@allow(Role.ADMIN, Role.STAFF)
@describe("Enter a clinician", body=ClinicianBody, answers={201: ClinicianAnswer})
async def post_clinician(request: web.Request) -> web.Response:
    """Enter a clinician: 201 with the clinician."""
    body = await body_of(request, ClinicianBody)
    clinician = body.clinician(uuid4())
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: people.enter_clinician(conn, now, clinician),
        lambda entered: created(clinician_document(entered), "/v1/clinicians"),
    )


@routes.patch("/v1/clinicians/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Change a clinician",
    body=ClinicianChanges,
    answers={200: ClinicianAnswer},
    refusals=(UnknownClinician,),
)
async def patch_clinician(request: web.Request) -> web.Response:
    """Change what is known of a clinician: 200 with the clinician."""
    id = path_id(request, "id", UnknownClinician)
    facts = (await body_of(request, ClinicianChanges)).facts()
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: people.change_clinician(conn, now, id, facts),
        lambda changed: Answer(body=clinician_document(changed)),
    )


@routes.post("/v1/clinicians/{id}/revoke-links")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Revoke a clinician's links", answers={200: ClinicianAnswer}, refusals=(UnknownClinician,)
)
async def post_revoke_links(request: web.Request) -> web.Response:
    """Make dead every link that the clinician was sent: 200 with the clinician."""
    id, now = path_id(request, "id", UnknownClinician), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: revoke_clinician_links(conn, now, id),
        lambda changed: Answer(body=clinician_document(changed)),
    )


@routes.get("/v1/clinicians")
@allow(Role.ADMIN, Role.STAFF)
@describe("List the clinicians", answers={200: CliniciansAnswer})
async def get_clinicians(request: web.Request) -> web.Response:
    """Answer every clinician, in the order they were entered."""
    found = await request.app[DATABASE].read(people.everyone_who_holds_sessions)
    return answer({"clinicians": [clinician_document(each) for each in found], "next": None})


@routes.get("/v1/clinicians/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Read a clinician", answers={200: ClinicianAnswer}, refusals=(UnknownClinician,))
async def get_clinician(request: web.Request) -> web.Response:
    id = path_id(request, "id", UnknownClinician)
    found = await request.app[DATABASE].read(lambda conn: people.clinician_with(conn, id))
    return answer(clinician_document(found))
