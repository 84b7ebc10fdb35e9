"""REPORT: some members by their addresses or by a time range, or what changed since a token."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from services.calendar_feed.api.dav import refusing
from services.calendar_feed.api.dav.filters import time_range
from services.calendar_feed.api.dav.finding import wanted
from services.calendar_feed.api.dav.places import Kind
from services.calendar_feed.api.dav.properties import REPORTS, told
from services.calendar_feed.api.dav.refusing import Precondition
from services.calendar_feed.api.dav.visits import Visit, multistatus
from services.calendar_feed.api.dav.xml import Element, absent, dav, element
from services.calendar_feed.domain.sync_tokens import read_token
from services.calendar_feed.use_cases.syncing import News


async def report(visit: Visit) -> web.Response:
    """Answer one of the three reports that a calendar has here."""
    root = await visit.xml()
    if root is None:
        raise refusing.unreadable()
    if visit.place.kind is not Kind.CALENDAR or root.tag not in _REPORTS:
        raise Precondition(dav("supported-report"))
    response = await _REPORTS[root.tag](visit, root)
    visit.note(response.status)
    return response


async def multiget(visit: Visit, root: Element) -> web.Response:
    """RFC 4791 section 7.9: each address that was given, in that order."""
    asked = wanted(root)
    addresses = [each.text or "" for each in root.findall(dav("href"))]
    named = {address: visit.place.name_in(address) for address in addresses}
    found = await visit.shelves.members(visit.shelf, {name for name in named.values() if name})
    things = {each.name: visit.at(each) for each in found}
    return multistatus(
        told(things[name], asked) if (name := named[address]) in things else absent(address)
        for address in dict.fromkeys(addresses)
    )


async def query(visit: Visit, root: Element) -> web.Response:
    """RFC 4791 section 7.8: every member, or those that overlap a range of time."""
    asked, chosen = wanted(root), time_range(root)
    found = await visit.shelves.members(visit.shelf)
    return multistatus(
        told(visit.at(each), asked)
        for each in found
        if chosen is None or chosen.overlaps(each.begins, each.ends)
    )


async def sync(visit: Visit, root: Element) -> web.Response:
    """RFC 6578 section 3.2: what changed since the token; everything without one."""
    asked = wanted(root)
    news = await _news(visit, (root.findtext(dav("sync-token")) or "").strip())
    _check_limit(root, len(news.changed) + len(news.gone))
    changed = [told(visit.at(each), asked) for each in news.changed]
    gone = [absent(visit.place.calendar + name) for name in news.gone]
    token = element(dav("sync-token"), text=str(visit.shelf.token))
    return multistatus([*changed, *gone], token)


async def _news(visit: Visit, text: str) -> News:
    if not text:
        return News(changed=tuple(await visit.shelves.members(visit.shelf)), gone=())
    since = read_token(text)
    news = None if since is None else await visit.shelves.news(visit.shelf, since)
    if news is None:
        raise Precondition(dav("valid-sync-token"))
    return news


def _check_limit(root: Element, count: int) -> None:
    """RFC 6578 section 3.7: an answer that cannot be shortened to the limit is refused."""
    most = root.findtext(f"{dav('limit')}/{dav('nresults')}", "").strip()
    if most.isdecimal() and count > int(most):
        raise Precondition(dav("number-of-matches-within-limits"))


_REPORTS: Final[dict[str, Callable[[Visit, Element], Awaitable[web.Response]]]] = dict(
    zip(REPORTS, (multiget, query, sync), strict=True)
)
