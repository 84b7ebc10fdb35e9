"""Routes under /v1/clients."""

from __future__ import annotations

from uuid import uuid4

from aiohttp import web

from services.scheduler.api.answers.people import ClientAnswer, ClientsAnswer
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.documents import client_document
from services.scheduler.api.people_bodies import ClientBody
from services.scheduler.domain.errors import UnknownClient
from services.scheduler.use_cases import people
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/clients")
@allow(Role.ADMIN, Role.STAFF)
@describe("Enter a client", body=ClientBody, answers={201: ClientAnswer})
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
