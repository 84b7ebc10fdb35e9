"""What CalDAV refuses, as clients of it read that: a precondition by its name (RFC 4918 16)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Final

from aiohttp import web

from services.calendar_feed.api.dav.xml import Element, dav, element, href, written
from shared.web.problems import BadRequest

HEADERS: Final = {
    "DAV": "1, 3, calendar-access",
    "Cache-Control": "private, no-cache",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}
XML: Final = "application/xml; charset=utf-8"


class Precondition(BadRequest):
    """What was asked fails this precondition or postcondition."""

    def __init__(self, name: str, *inside: Element) -> None:
        super().__init__("precondition", name, status=HTTPStatus.FORBIDDEN, headers=HEADERS)
        self.inside = inside

    def response(self) -> web.Response:
        error = element(dav("error"), element(self.title, *self.inside))
        headers = {**HEADERS, "Content-Type": XML}
        return web.Response(body=written(error), status=self.status, headers=headers)


def read_only(address: str) -> Precondition:
    """RFC 3744 section 7.1.1: what is missing is the privilege to write."""
    privilege = element(dav("privilege"), element(dav("write")))
    return Precondition(dav("need-privileges"), element(dav("resource"), href(address), privilege))


def no_password() -> BadRequest:
    return BadRequest(
        "unauthorized",
        "This needs a feed's token as the password, with any name.",
        status=HTTPStatus.UNAUTHORIZED,
        headers={**HEADERS, "WWW-Authenticate": 'Basic realm="Calendar feed", charset="UTF-8"'},
    )


def unreadable() -> BadRequest:
    return BadRequest(
        "not-xml", "The body is no XML that can be read.", status=HTTPStatus.BAD_REQUEST
    )


def too_many_names() -> BadRequest:
    return BadRequest("too-many-properties", "More properties are asked for than a client needs.")


def too_large() -> BadRequest:
    return BadRequest(
        "too-large",
        "The body is larger than 64 KiB.",
        status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    )
