"""`GET /feeds/{token}.ics`: what calendar programs poll, again and again."""

from __future__ import annotations

import functools
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Final, NoReturn

from aiohttp import hdrs, web
from multidict import CIMultiDict

from services.calendar_feed.api.asking import asked_by
from services.calendar_feed.api.negotiation import accepts_gzip, matches
from services.calendar_feed.domain.errors import FeedGone, TooManyFetches, UnknownFeed
from services.calendar_feed.keys import FETCHING
from services.calendar_feed.use_cases.fetching import Fetching
from services.calendar_feed.use_cases.serving import Served
from shared.web.at_hand import AtHand
from shared.web.auth import public
from shared.web.openapi import Text, apart, describe
from shared.web.requests import SAFE_HEADERS, polled

routes = web.RouteTableDef()

# Google asks robots.txt first; nothing else here is for any crawler.
ROBOTS: Final = "User-agent: *\nAllow: /feeds/\nDisallow: /\n"
ROUTE: Final = "/feeds/{token}.ics"
_BEFORE, _AFTER = ROUTE.split("{token}")
HEADERS: Final = {
    **SAFE_HEADERS,
    "Cache-Control": "private, no-cache",
    "Vary": "Accept-Encoding",
}


@routes.get(ROUTE)
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
    fetching = request.app[FETCHING]
    served = await fetching.serve(asked_by(request, request.match_info["token"]))
    return _answered(request, fetching, served)


def find_at_hand(app: web.Application, request: web.Request) -> web.Response | None:
    """As `get_feed`, of a feed that was looked up a moment ago."""
    fetching, path = app[FETCHING], request.raw_path
    if not (path.startswith(_BEFORE) and path.endswith(_AFTER)):
        return None
    served = fetching.at_hand(path[len(_BEFORE) : -len(_AFTER)])
    return None if served is None else _answered(request, fetching, served)


AT_HAND: Final = AtHand(ROUTE, find_at_hand)


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


def _answered(request: web.Request, fetching: Fetching, served: Served) -> web.Response:
    response = _response(request, served)
    fetching.answered(
        served,
        status=response.status,
        user_agent=request.headers.get("User-Agent", ""),
        reads=request.method != hdrs.METH_HEAD,
    )
    return response


def _response(request: web.Request, served: Served) -> web.Response:
    """RFC 9110 section 13.1.2; If-Modified-Since is not enough, for two changes share a second."""
    zipped = accepts_gzip(tuple(request.headers.getall("Accept-Encoding", ())))
    variant = served.body.gzipped if zipped else served.body.plain
    seen = matches(request.headers.getall("If-None-Match", ()), variant.etag)
    headers = _headers(variant.etag, served.body.changed_at, zipped, seen)
    if seen:
        return web.Response(status=304, headers=headers)
    return web.Response(body=variant.body, headers=headers)


@functools.lru_cache(maxsize=1024)
def _headers(etag: str, changed_at: datetime, zipped: bool, seen: bool) -> CIMultiDict[str]:
    headers = CIMultiDict({**HEADERS, "ETag": etag, "Last-Modified": _http_date(changed_at)})
    if not seen:
        headers["Content-Type"] = "text/calendar; charset=utf-8"
        if zipped:
            headers["Content-Encoding"] = "gzip"
    return headers


def _http_date(moment: datetime) -> str:
    return format_datetime(moment.astimezone(UTC), usegmt=True)
