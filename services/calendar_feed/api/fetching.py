"""`GET /feeds/{token}.ics`: what calendar programs poll, again and again."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Final

from aiohttp import web

from services.calendar_feed.api.negotiation import accepts_gzip, matches
from services.calendar_feed.domain.errors import UnknownFeed
from services.calendar_feed.keys import COUNTS, FEEDS
from services.calendar_feed.use_cases.serving import Served
from shared.web.auth import public
from shared.web.openapi import Text, describe

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
@describe("Read a feed", answers={200: Text("text/calendar"), 304: None}, refusals=(UnknownFeed,))
async def get_feed(request: web.Request) -> web.Response:
    """Answer the feed, 304 when the asker has it; one 404 for every token that opens nothing."""
    counts = request.app[COUNTS]
    try:
        served = await request.app[FEEDS].serve(request.match_info["token"])
    except UnknownFeed:
        counts.fetched(HTTPStatus.NOT_FOUND)
        raise
    response = _response(request, served)
    counts.fetched(response.status)
    return response


@routes.get("/robots.txt")
@public
@describe("What crawlers may read", answers={200: Text("text/plain")})
async def get_robots(_request: web.Request) -> web.Response:
    return web.Response(text=ROBOTS, headers={"Cache-Control": "public, max-age=86400"})


def _response(request: web.Request, served: Served) -> web.Response:
    """RFC 9110 section 13.1.2; If-Modified-Since is not enough, for two changes share a second."""
    zipped = accepts_gzip(request.headers.getall("Accept-Encoding", []))
    variant = served.gzipped if zipped else served.plain
    headers = {**HEADERS, "ETag": variant.etag, "Last-Modified": _http_date(served.changed_at)}
    if matches(request.headers.getall("If-None-Match", []), variant.etag):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    headers["Content-Type"] = "text/calendar; charset=utf-8"
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return web.Response(body=variant.body, headers=headers)


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
