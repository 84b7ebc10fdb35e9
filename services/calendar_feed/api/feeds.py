"""Routes under /v1/feeds."""

from __future__ import annotations

from http import HTTPStatus
from uuid import UUID, uuid4

from aiohttp import web

from services.calendar_feed.api.answers.feeds import (
    FeedAnswer,
    FeedsAnswer,
    OpenedFeedAnswer,
)
from services.calendar_feed.api.bodies import FeedBody, FeedChanges, FeedsQuery, RotateBody
from services.calendar_feed.api.documents import (
    SECRETS,
    feed_document,
    feeds_document,
    opened_document,
)
from services.calendar_feed.domain.errors import (
    AnotherDiary,
    DetailNotOffered,
    TooManyFeeds,
    UnknownClinician,
    UnknownFeed,
)
from services.calendar_feed.keys import SETTINGS
from services.calendar_feed.use_cases import keeping
from services.calendar_feed.use_cases.keeping import Opened
from shared.store.database import Connection
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
    refusals=(UnknownClinician, AnotherDiary, DetailNotOffered, TooManyFeeds),
)
async def post_feed(request: web.Request) -> web.Response:
    """Open a feed: 201 with its address, which is shown this once."""
    body = await body_of(request, FeedBody)
    only_own(request, body.clinician_id)
    agreed = request.app[SETTINGS].agreed
    feed = body.feed(uuid4(), request.app[CLOCK].now(), agreed=agreed)
    await keeping.await_clinician(request.app[DATABASE], feed.clinician_id)

    async def work(conn: Connection) -> Answer:
        return _opened(request, await keeping.open_feed(conn, feed), HTTPStatus.CREATED)

    return await answer_once(request, work)


@routes.get("/v1/feeds")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("List feeds", query=FeedsQuery, answers={200: FeedsAnswer}, refusals=(AnotherDiary,))
async def get_feeds(request: web.Request) -> web.Response:
    """Answer the feeds, oldest first, and who reads each; a clinician's key sees its own."""
    wanted = query_of(request, FeedsQuery)
    if wanted.clinician_id is not None:
        only_own(request, wanted.clinician_id)
    whose = wanted.clinician_id or caller(request).clinician_id
    now = request.app[CLOCK].now()
    page = await request.app[DATABASE].read(
        lambda conn: keeping.feeds_of(conn, whose, place=wanted.next, limit=wanted.limit, now=now)
    )
    return answer(feeds_document(page))


@routes.patch("/v1/feeds/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Change what a feed shows",
    body=FeedChanges,
    answers={200: FeedAnswer},
    refusals=(UnknownFeed, DetailNotOffered, TooManyFeeds),
)
async def patch_feed(request: web.Request) -> web.Response:
    """Let the feed show what is said, at the same address: 200 with it."""
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    changes, now = await body_of(request, FeedChanges), request.app[CLOCK].now()
    agreed = request.app[SETTINGS].agreed

    async def work(conn: Connection) -> Answer:
        feed = await keeping.hold_feed(conn, id, own)
        changed = changes.chosen(feed, agreed=agreed)
        changed = await keeping.change_feed(conn, feed, changed, now)
        return Answer(status=HTTPStatus.OK, body=feed_document(changed))

    return await answer_once(request, work)


@routes.post("/v1/feeds/{id}/rotate")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "Give a feed a new address",
    body=RotateBody,
    body_optional=True,
    answers={200: OpenedFeedAnswer},
    refusals=(UnknownFeed,),
)
async def rotate_feed(request: web.Request) -> web.Response:
    """Give the feed a new address and answer it, this once.

    The old one is good for `grace_days` more, then says for thirty days that it has moved.
    """
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    body = await body_of(request, RotateBody) if request.body_exists else RotateBody()
    now = request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        opened = await keeping.rotate_feed(conn, id, own=own, now=now, grace=body.grace)
        return _opened(request, opened, HTTPStatus.OK)

    return await answer_once(request, work)


@routes.delete("/v1/feeds/{id}")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe("Revoke a feed", answers={204: None}, refusals=(UnknownFeed,))
async def delete_feed(request: web.Request) -> web.Response:
    """Revoke the feed: its addresses show no session from now on.

    For thirty days they say that it has ended, so that what calendars still show goes away.
    """
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    now = request.app[CLOCK].now()

    async def work(conn: Connection) -> Answer:
        await keeping.revoke_feed(conn, id, own=own, now=now)
        return Answer(status=HTTPStatus.NO_CONTENT)

    return await answer_once(request, work)


def only_own(request: web.Request, clinician_id: UUID) -> None:
    """Refuse a clinician's key for what is another's."""
    own = caller(request).clinician_id
    if own is not None and own != clinician_id:
        raise AnotherDiary


def _opened(request: web.Request, opened: Opened, status: HTTPStatus) -> Answer:
    body = opened_document(opened, request.app[SETTINGS].feed_url)
    return Answer(status=status, body=body, secrets=SECRETS)
