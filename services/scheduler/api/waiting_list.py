"""Routes under /v1/waiting-list, and /v1/offers: who waits, and what they were offered."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.changes import answer_change, created
from services.scheduler.api.pairing_documents import entry_document, next_of, offer_document
from services.scheduler.api.waiting_bodies import EntriesQuery, EntryBody, OffersQuery
from services.scheduler.domain.errors import UnknownEntry
from services.scheduler.use_cases import waiting
from shared.web.answers import Answer, answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id, query_of
from shared.web.keys import CLOCK, DATABASE

routes = web.RouteTableDef()


@routes.post("/v1/waiting-list")
@allow(Role.ADMIN, Role.STAFF)
async def post_entry(request: web.Request) -> web.Response:
    """Put a client at the end of the list: 201 with the entry."""
    body = await body_of(request, EntryBody)
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: waiting.enter(conn, now, body.wish()),
        lambda entry: created(entry_document(entry), "/v1/waiting-list"),
    )


@routes.get("/v1/waiting-list")
@allow(Role.ADMIN, Role.STAFF)
async def get_entries(request: web.Request) -> web.Response:
    """Answer the list in its order, a page at a time."""
    query = query_of(request, EntriesQuery)
    found = await request.app[DATABASE].read(
        lambda conn: waiting.list_entries(conn, query.wanted())
    )
    listed = [entry_document(each) for each in found[: query.limit]]
    return answer({"entries": listed, "next": next_of(found, query.limit)})


@routes.post("/v1/waiting-list/{id}/withdraw")
@allow(Role.ADMIN, Role.STAFF)
async def post_withdraw(request: web.Request) -> web.Response:
    """Take someone off the list: 200 with the entry; an offer that is open ends by it."""
    id = path_id(request, "id", UnknownEntry)
    now = request.app[CLOCK].now()
    return await answer_change(
        request,
        lambda conn: waiting.withdraw(conn, now, id),
        lambda entry: Answer(body=entry_document(entry)),
    )


@routes.get("/v1/offers")
@allow(Role.ADMIN, Role.STAFF)
async def get_offers(request: web.Request) -> web.Response:
    """Answer offers in the order they were made, a page at a time."""
    query = query_of(request, OffersQuery)
    found = await request.app[DATABASE].read(lambda conn: waiting.list_offers(conn, query.wanted()))
    listed = [offer_document(each) for each in found[: query.limit]]
    return answer({"offers": listed, "next": next_of(found, query.limit)})
