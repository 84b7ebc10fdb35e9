"""`/dav/`: feeds for the calendar programs that can ask what is new (RFC 4791)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Final

from aiohttp import web

from services.calendar_feed.api.dav import properties, refusing
from services.calendar_feed.api.dav.finding import propfind
from services.calendar_feed.api.dav.reports import report
from services.calendar_feed.api.dav.visits import Visit, entered
from services.calendar_feed.api.negotiation import matches
from services.calendar_feed.keys import SETTINGS
from shared.web.auth import public
from shared.web.openapi import apart
from shared.web.requests import polled

routes = web.RouteTableDef()

ALLOWED: Final = ("OPTIONS", "GET", "HEAD", "PROPFIND", "REPORT")
WRITING: Final = frozenset(
    {"PUT", "DELETE", "POST", "PATCH", "MOVE", "COPY", "MKCOL", "PROPPATCH", "LOCK", "UNLOCK"}
    | {"ACL", "MKCALENDAR"}
)
_WHY: Final = "RFC 4791 defines it; OpenAPI 3.1 has no PROPFIND and no REPORT"


@routes.route("*", "/dav")
@routes.route("*", "/dav/{rest:.*}")
@public
@polled
@apart(_WHY)
async def visit_dav(request: web.Request) -> web.Response:
    """Answer whatever a client of CalDAV asks; what would write is refused, always."""
    if request.method == "OPTIONS":
        return web.Response(headers={**refusing.HEADERS, "Allow": ", ".join(ALLOWED)})
    visit = await entered(request)
    if request.method in WRITING:
        raise refusing.read_only(visit.place.href)
    if request.method not in _METHODS:
        raise web.HTTPMethodNotAllowed(request.method, ALLOWED)
    return await _METHODS[request.method](visit)


@routes.route("*", "/.well-known/caldav")
@public
@apart("RFC 6764 defines it, for every method")
async def find_dav(request: web.Request) -> web.Response:
    """Say where CalDAV is (RFC 6764 section 5)."""
    home = f"{request.app[SETTINGS].feed_url.path.rstrip('/')}/dav/"
    return web.Response(status=HTTPStatus.MOVED_PERMANENTLY, headers={"Location": home})


async def get(visit: Visit) -> web.Response:
    """Answer one session, or the whole feed; 304 to whom has it."""
    thing = await visit.thing()
    etag = properties.etag_of(thing) or visit.shelf.served.body.plain.etag
    headers = {
        **refusing.HEADERS,
        "ETag": etag,
        "Last-Modified": properties.http_date(properties.changed_at(thing)),
    }
    if matches(visit.request.headers.getall("If-None-Match", ()), etag):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        headers["Content-Type"] = properties.content_type(thing)
        response = web.Response(body=properties.body_of(thing), headers=headers)
    visit.note(response.status)
    return response


_METHODS: Final[dict[str, Callable[[Visit], Awaitable[web.Response]]]] = {
    "GET": get,
    "HEAD": get,
    "PROPFIND": propfind,
    "REPORT": report,
}
