"""Someone at an address below /dav/: let in by a token, within the limits of a feed's fetches."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final

from aiohttp import hdrs, web

from services.calendar_feed.api.asking import asked_by
from services.calendar_feed.api.dav import refusing
from services.calendar_feed.api.dav.places import Kind, Place, password_of, place_of
from services.calendar_feed.api.dav.properties import Thing
from services.calendar_feed.api.dav.xml import Element, dav, element, read_xml, written
from services.calendar_feed.domain.errors import UnknownEntry, UnknownFeed
from services.calendar_feed.keys import FETCHING, SETTINGS, SHELVES
from services.calendar_feed.use_cases.fetching import Asked
from services.calendar_feed.use_cases.syncing import Member, Shelf, Shelves

LARGEST_BODY: Final = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request, and what its token opened."""

    request: web.Request
    asked: Asked
    place: Place
    shelf: Shelf

    @property
    def shelves(self) -> Shelves:
        return self.request.app[SHELVES]

    async def thing(self) -> Thing:
        """Return what stands at the address; raise `UnknownEntry`."""
        place = self.place
        if place.kind is not Kind.MEMBER:
            return Thing(href=place.href, kind=place.kind, place=place, shelf=self.shelf)
        found = await self.shelves.members(self.shelf, {place.name})
        if not found:
            raise UnknownEntry
        return self.at(found[0])

    def at(self, member: Member) -> Thing:
        place = self.place
        return Thing(
            href=place.of(member), kind=Kind.MEMBER, place=place, shelf=self.shelf, member=member
        )

    def calendar(self) -> Thing:
        place = self.place
        return Thing(href=place.calendar, kind=Kind.CALENDAR, place=place, shelf=self.shelf)

    async def xml(self) -> Element | None:
        """Return what was sent, None for nothing; raise for what cannot be read."""
        if (self.request.content_length or 0) > LARGEST_BODY:
            raise refusing.too_large()
        body = await self.request.read()
        if len(body) > LARGEST_BODY:
            raise refusing.too_large()
        if not body.strip():
            return None
        root = read_xml(body)
        if root is None:
            raise refusing.unreadable()
        return root

    def note(self, status: int) -> None:
        """Note that whoever asks has now seen the state, as after a fetch of the feed."""
        self.request.app[FETCHING].answered(
            self.shelf.served,
            status=status,
            user_agent=self.asked.user_agent,
            reads=self.request.method != hdrs.METH_HEAD,
        )


async def entered(request: web.Request) -> Visit:
    """Let a request in: 401 where the token is a password, else one 404, for what opens nothing."""
    root = f"{request.app[SETTINGS].feed_url.path.rstrip('/')}/dav/"
    password = password_of(request.headers.get("Authorization", ""))
    place = place_of(root, request.match_info.get("rest", ""), password)
    if place is None:
        raise UnknownFeed
    by_password = place.home == root
    if by_password and not password:
        raise refusing.no_password()
    asked = asked_by(request, place.token)
    try:
        shelf = await request.app[FETCHING].let_in(asked, request.app[SHELVES].open)
    except UnknownFeed:
        if by_password:
            raise refusing.no_password() from None
        raise
    return Visit(request=request, asked=asked, place=place, shelf=shelf)


def multistatus(responses: Iterable[Element], *more: Element) -> web.Response:
    """Answer many things at once (RFC 4918 section 13)."""
    root = element(dav("multistatus"), *responses, *more)
    headers = {**refusing.HEADERS, "Content-Type": refusing.XML}
    return web.Response(body=written(root), status=HTTPStatus.MULTI_STATUS, headers=headers)
