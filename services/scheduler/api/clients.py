"""Routes under /v1/clients."""

from __future__ import annotations

from uuid import uuid4

from aiohttp import web

from services.scheduler.api.answers.people import ClientAnswer, ClientsAnswer
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import client_document
from services.scheduler.api.people_bodies import ClientBody, ClientChanges
from services.scheduler.domain.errors import DateAhead, NotRecorded, UnknownClient
from services.scheduler.use_cases import people
from services.scheduler.use_cases.clients import change_client, revoke_client_links
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/clients")
@allow(Role.ADMIN, Role.STAFF)
@describe("Enter a client", body=ClientBody, answers={201: ClientAnswer}, refusals=(DateAhead,))
async def post_client(request: web.Request) -> web.Response:
    """Enter a client: 201 with the client."""
    body = await body_of(request, ClientBody)
    client = body.client(uuid4())
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: people.enter_client(conn, now, client),
        lambda entered: created(client_document(entered), "/v1/clients"),
    )


@routes.patch("/v1/clients/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Change a client",
    body=ClientChanges,
    answers={200: ClientAnswer},
    refusals=(UnknownClient, NotRecorded, DateAhead),
)
async def patch_client(request: web.Request) -> web.Response:
    """Change what is known of a client: 200 with the client; nothing that is booked changes."""
    id = path_id(request, "id", UnknownClient)
    facts = (await body_of(request, ClientChanges)).facts()
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: change_client(conn, now, id, facts),
        lambda changed: Answer(body=client_document(changed)),
    )


@routes.post("/v1/clients/{id}/revoke-links")
@allow(Role.ADMIN, Role.STAFF)
@describe("Revoke a client's links", answers={200: ClientAnswer}, refusals=(UnknownClient,))
async def post_revoke_links(request: web.Request) -> web.Response:
    """Make dead every link that the client or a guardian was sent: 200 with the client."""
    id, now = path_id(request, "id", UnknownClient), request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: revoke_client_links(conn, now, id),
        lambda changed: Answer(body=client_document(changed)),
    )


@routes.get("/v1/clients")
@allow(Role.ADMIN, Role.STAFF)
@describe("List the clients", answers={200: ClientsAnswer})
async def get_clients(request: web.Request) -> web.Response:
    """Answer every client, in the order they were entered."""
    return await answer_read(
        request,
        people.everyone_sessions_are_for,
        lambda found: {"clients": [client_document(each) for each in found], "next": None},
    )


@routes.get("/v1/clients/{id}")
@allow(Role.ADMIN, Role.STAFF)
@describe("Read a client", answers={200: ClientAnswer}, refusals=(UnknownClient,))
async def get_client(request: web.Request) -> web.Response:
    id = path_id(request, "id", UnknownClient)
    return await answer_read(request, lambda conn: people.client_with(conn, id), client_document)
