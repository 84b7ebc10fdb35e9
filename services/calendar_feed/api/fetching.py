"""`GET /feeds/{token}.ics`: what calendar programs poll, again and again."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final, NoReturn

from aiohttp import web

from services.calendar_feed.api.asking import asked_by
from services.calendar_feed.api.negotiation import accepts_gzip, matches
from services.calendar_feed.domain.errors import FeedGone, TooManyFetches, UnknownFeed
from services.calendar_feed.keys import FETCHING
from services.calendar_feed.use_cases.serving import Served
from shared.web.auth import public
from shared.web.openapi import Text, apart, describe
from shared.web.requests import polled

routes = web.RouteTableDef()

# Google asks robots.txt first; nothing else here is for any crawler.
ROBOTS: Final = "User-agent: *\nAllow: /feeds/\nDisallow: /\n"
HEADERS: Final = {
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


@routes.get("/feeds/{token}.ics")
@public
@polled
@describe(
    "Read a feed",
    answers={200: Text("text/calendar"), 304: None},
    refusals=(UnknownFeed, FeedGone, TooManyFetches),
)
async def get_feed(request: web.Request) -> web.Response:
    """Answer the feed, 304 when the asker has it; one 404 for every token that opens nothing.

    An address that was given up says so in one event for thirty days, and then is gone (410).
    """
    asked = asked_by(request, request.match_info["token"])
    served = await request.app[FETCHING].serve(asked)
    response = _response(request, served)
    request.app[FETCHING].answered(asked, served, response.status)
    return response


@routes.get("/feeds/{rest:.*}")
@public
@polled
@apart("OpenAPI 3.1 has no path of any number of segments")
async def miss_feed(request: web.Request) -> NoReturn:
    """Answer the one 404 of every token that opens nothing."""
    await request.app[FETCHING].miss(asked_by(request, request.match_info["rest"]))


@routes.get("/robots.txt")
@public
@describe("What crawlers may read", answers={200: Text("text/plain")})
async def get_robots(_request: web.Request) -> web.Response:
    return web.Response(text=ROBOTS, headers={"Cache-Control": "public, max-age=86400"})


def _response(request: web.Request, served: Served) -> web.Response:
    """RFC 9110 section 13.1.2; If-Modified-Since is not enough, for two changes share a second."""
    zipped = accepts_gzip(tuple(request.headers.getall("Accept-Encoding", ())))
    variant = served.body.gzipped if zipped else served.body.plain
    seen = matches(request.headers.getall("If-None-Match", ()), variant.etag)
    headers = _headers(variant.etag, served.body.changed_at, zipped=zipped, seen=seen)
    if seen:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=variant.body, headers=headers)


@functools.lru_cache(maxsize=1024)
def _headers(etag: str, changed_at: datetime, *, zipped: bool, seen: bool) -> dict[str, str]:
    headers = {**HEADERS, "ETag": etag, "Last-Modified": _http_date(changed_at)}
    if not seen:
        headers["Content-Type"] = "text/calendar; charset=utf-8"
        if zipped:
            headers["Content-Encoding"] = "gzip"
    return headers


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
