"""Routes that show what a subscriber sees, and who has seen it."""

from __future__ import annotations

from aiohttp import web

from services.calendar_feed.api.answers.feeds import FetchesAnswer, PreviewAnswer
from services.calendar_feed.api.bodies import FetchesQuery
from services.calendar_feed.api.documents import fetches_document, preview_document
from services.calendar_feed.domain.errors import FeedGone, UnknownFeed
from services.calendar_feed.keys import FEEDS
from services.calendar_feed.use_cases import previewing
from shared.web.answers import answer
from shared.web.auth import Role, allow, caller
from shared.web.bodies import path_id, query_of
from shared.web.keys import DATABASE
from shared.web.openapi import describe

routes = web.RouteTableDef()


@routes.get("/v1/feeds/{id}/preview")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "See what a subscriber sees", answers={200: PreviewAnswer}, refusals=(UnknownFeed, FeedGone)
)
async def get_preview(request: web.Request) -> web.Response:
    """Answer the feed as it is served now, read back; no link in it is shown.

    Where it has ended, that is the notice that says so, and after thirty days nothing (410).
    """
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    seen = await previewing.preview(request.app[DATABASE], request.app[FEEDS], id, own)
    return answer(preview_document(seen))


@routes.get("/v1/feeds/{id}/fetches")
@allow(Role.ADMIN, Role.STAFF, Role.CLINICIAN)
@describe(
    "See who has fetched a feed",
    query=FetchesQuery,
    answers={200: FetchesAnswer},
    refusals=(UnknownFeed,),
)
async def get_fetches(request: web.Request) -> web.Response:
    """Answer when which program was given which version; no address, and no secret."""
    id, own = path_id(request, "id", UnknownFeed), caller(request).clinician_id
    query = query_of(request, FetchesQuery)
    found = await request.app[DATABASE].read(
        lambda conn: previewing.fetches(conn, id, own, place=query.next, limit=query.limit)
    )
    return answer(fetches_document(found))
