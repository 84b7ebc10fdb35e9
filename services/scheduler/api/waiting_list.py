"""Routes under /v1/waiting-list, and /v1/offers: who waits, and what they were offered."""

from __future__ import annotations

from aiohttp import web

from services.scheduler.api.answers.pairing import EntriesAnswer, EntryAnswer, OffersAnswer
from services.scheduler.api.changes import answer_change, answer_read, created
from services.scheduler.api.pairing_documents import (
    entries_document,
    entry_document,
    offers_document,
)
from services.scheduler.api.waiting_bodies import EntriesQuery, EntryBody, OffersQuery
from services.scheduler.domain.errors import NotRecorded, NotWaiting, UnknownEntry
from services.scheduler.use_cases import waiting
from shared.web.answers import Answer
from shared.web.auth import Role, allow
from shared.web.bodies import body_of, path_id, query_of
from shared.web.keys import CLOCK
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/waiting-list")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Put someone on the waiting list",
    body=EntryBody,
    answers={201: EntryAnswer},
    refusals=(NotRecorded,),
)
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
@describe("List who waits", query=EntriesQuery, answers={200: EntriesAnswer})
async def get_entries(request: web.Request) -> web.Response:
    """Answer the list in its order, a page at a time."""
    query = query_of(request, EntriesQuery)
    return await answer_read(
        request,
        lambda conn: waiting.list_entries(conn, query.wanted()),
        lambda found: entries_document(found, query.limit),
    )


@routes.post("/v1/waiting-list/{id}/withdraw")
@allow(Role.ADMIN, Role.STAFF)
@describe(
    "Take someone off the waiting list",
    answers={200: EntryAnswer},
    refusals=(UnknownEntry, NotWaiting),
)
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
@describe("List offers", query=OffersQuery, answers={200: OffersAnswer})
async def get_offers(request: web.Request) -> web.Response:
    """Answer offers in the order they were made, a page at a time."""
    query = query_of(request, OffersQuery)
    return await answer_read(
        request,
        lambda conn: waiting.list_offers(conn, query.wanted()),
        lambda found: offers_document(found, query.limit),
    )
