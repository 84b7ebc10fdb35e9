"""PROPFIND: which properties things have (RFC 4918 section 9.1)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from aiohttp import web

from services.calendar_feed.api.dav import refusing
from services.calendar_feed.api.dav.places import Kind
from services.calendar_feed.api.dav.properties import STATE, USUAL, Thing, Wanted, names, told
from services.calendar_feed.api.dav.visits import Visit, multistatus
from services.calendar_feed.api.dav.xml import Element, caldav, dav

MOST_NAMES: Final = 64  # Apple's Calendar asks for some thirty
MOST_LETTERS: Final = 4_096
_VERSIONED: Final = {"content-type": "text/calendar", "version": "2.0"}


async def propfind(visit: Visit) -> web.Response:
    """Answer for one thing, or (Depth 1) for it and what is in it; never for all below."""
    root = await visit.xml()
    thing = await visit.thing()
    depth = visit.request.headers.get("Depth", "infinity").strip().lower()
    if depth not in ("0", "1") and thing.kind is not Kind.MEMBER:
        raise refusing.Precondition(dav("propfind-finite-depth"))
    inside = await _inside(visit, thing) if depth == "1" else []
    say = _asked(root)
    response = multistatus(say(each) for each in [thing, *inside])
    if thing.kind is not Kind.HOME and STATE.intersection(wanted(root) or USUAL):
        visit.note(response.status)
    return response


def wanted(root: Element | None) -> Wanted:
    """Return the names that were asked for, None for allprop (which an empty body means)."""
    prop = None if root is None else root.find(dav("prop"))
    if root is None or prop is None:
        more = None if root is None else root.find(dav("include"))
        return None if more is None else (*USUAL, *_names_in(more))
    for data in prop.findall(caldav("calendar-data")):
        if any(data.get(name, usual) != usual for name, usual in _VERSIONED.items()):
            raise refusing.Precondition(caldav("supported-calendar-data"))
    return _names_in(prop)


def _names_in(asked: Element) -> tuple[str, ...]:
    """Return each name once; every thing answers every name, so there may not be too many."""
    names = tuple(dict.fromkeys(each.tag for each in asked))
    if len(names) > MOST_NAMES or sum(map(len, names)) > MOST_LETTERS:
        raise refusing.too_many_names()
    return names


def _asked(root: Element | None) -> Callable[[Thing], Element]:
    if root is not None and root.find(dav("propname")) is not None:
        return names
    asked = wanted(root)
    return lambda thing: told(thing, asked)


async def _inside(visit: Visit, thing: Thing) -> list[Thing]:
    if thing.kind is Kind.HOME:
        return [visit.calendar()]
    if thing.kind is Kind.MEMBER:
        return []
    return [visit.at(each) for each in await visit.shelves.members(visit.shelf)]
