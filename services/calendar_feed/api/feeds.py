"""Routes under /v1/feeds."""

from __future__ import annotations

from collections.abc import Awaitable
from http import HTTPStatus
from uuid import UUID, uuid4

from aiohttp import web

from services.calendar_feed.api.answers.feeds import FeedsAnswer, OpenedFeedAnswer
from services.calendar_feed.api.bodies import FeedBody, FeedsQuery
from services.calendar_feed.api.documents import SECRETS, feed_document, opened_document
from services.calendar_feed.domain.errors import (
    AnotherDiary,
    DetailNotOffered,
    FormNotOffered,
    UnknownClinician,
    UnknownFeed,
)
from services.calendar_feed.keys import SETTINGS
from services.calendar_feed.use_cases import keeping
from services.calendar_feed.use_cases.keeping import Opened
from shared.web.answers import Answer, answer, answer_once
from shared.web.auth import Role, allow, caller
from shared.web.bodies import body_of, path_id, query_of
from shared.web.keys import CLOCK, DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.post("/v1/feeds")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Open a feed",
    body=FeedBody,
    answers={201: OpenedFeedAnswer},
    refusals=(UnknownClinician, AnotherDiary, DetailNotOffered, FormNotOffered),
)
async def post_feed(request: web.Request) -> web.Response:
    """Open a feed: 201 with its address, which is shown this once."""
    body = await body_of(request, FeedBody)
    _only_own(request, body.clinician_id)
    feed = body.feed(uuid4(), request.app[CLOCK].now())
    await keeping.await_clinician(request.app[DATABASE], feed.clinician_id)
    return await answer_once(
        request,
        lambda conn: _opened(request, keeping.open_feed(conn, feed), HTTPStatus.CREATED),
    )


@routes.get("/v1/feeds")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("List feeds", query=FeedsQuery, answers={200: FeedsAnswer}, refusals=(AnotherDiary,))
async def get_feeds(request: web.Request) -> web.Response:
    """Answer the live feeds, oldest first; a clinician's key sees its own."""
    wanted = query_of(request, FeedsQuery).clinician_id
    if wanted is not None:
        _only_own(request, wanted)
    whose = wanted or caller(request).clinician_id
    found = await request.app[DATABASE].read(lambda conn: keeping.feeds_of(conn, whose))
    return answer({"feeds": [feed_document(feed) for feed in found], "next": None})


@routes.post("/v1/feeds/{id}/rotate")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Give a feed a new address", answers={200: OpenedFeedAnswer}, refusals=(UnknownFeed,))
async def rotate_feed(request: web.Request) -> web.Response:
    """Give the feed a new address and answer it, this once; the old one stops at once."""
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    now = request.app[CLOCK].now()
    return await answer_once(
        request,
        lambda conn: _opened(
            request, keeping.rotate_feed(conn, id, own=own, now=now), HTTPStatus.OK
        ),
    )


@routes.delete("/v1/feeds/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Revoke a feed", answers={204: None}, refusals=(UnknownFeed,))
async def delete_feed(request: web.Request) -> web.Response:
    """Revoke the feed: its address opens nothing from now on."""
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    now = request.app[CLOCK].now()
    return await answer_once(
        request, lambda conn: _gone(keeping.revoke_feed(conn, id, own=own, now=now))
    )


async def _opened(request: web.Request, opening: Awaitable[Opened], status: HTTPStatus) -> Answer:
    body = opened_document(await opening, request.app[SETTINGS].feed_url)
    return Answer(status=status, body=body, secrets=SECRETS)


async def _gone(revoking: Awaitable[None]) -> Answer:
    await revoking
    return Answer(status=HTTPStatus.NO_CONTENT)


def _only_own(request: web.Request, clinician_id: UUID) -> None:
    own = caller(request).clinician_id
    if own is not None and own != clinician_id:
        raise AnotherDiary
