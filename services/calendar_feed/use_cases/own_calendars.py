"""A client's own appointments, at an address that is a signed link: who reads it is not noted."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.addresses import Posted, ended_of_own
from services.calendar_feed.domain.detail import Diary, Showing, show_own
from services.calendar_feed.domain.errors import FeedGone, UnknownFeed
from services.calendar_feed.domain.feeds import DEFAULT_NAME, Detail
from services.calendar_feed.domain.window import Window
from services.calendar_feed.ics.vcalendar import vcalendar
from services.calendar_feed.ics.vevent import kept_vevent
from services.calendar_feed.store import clients, entries
from services.calendar_feed.store.bodies import Body, LeftOut, State
from services.calendar_feed.store.clients import Client
from services.calendar_feed.store.window import find_window
from services.calendar_feed.use_cases.rendering import Origin, body_of
from shared.links import BadLink, Link, Purpose, read
from shared.logs import log

_LONGEST_TOKEN: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """Whose calendar it is, and the days that it shows."""

    client: Client
    window: Window


def link_in(token: str, secret: str) -> Link | None:
    """Return the link that `token` is, None if it is none that opens a calendar."""
    if len(token) > _LONGEST_TOKEN:
        return None
    try:
        return read(token, secret, purpose=Purpose.CALENDAR)
    except BadLink:
        return None


async def find_own(conn: AsyncConnection, link: Link, now: datetime) -> Own | Posted:
    """Return what `link` opens now, whenever it was made: it ends by the state alone.

    Raises `UnknownFeed` where there is no such client, `FeedGone` after the notice of its end.
    """
    client = await clients.find_client(conn, link.person_id)
    window = await find_window(conn)
    if client is None or window is None or link.generation > client.link_generation:
        raise UnknownFeed
    last = await entries.last_of_client(conn, client.id)
    revoked = link.generation < client.link_generation
    ended = ended_of_own(last or client.changed_at, client.links_at if revoked else None, now)
    if ended is None:
        return Own(client=client, window=window)
    posted = ended.at(now)
    if posted is None:
        raise FeedGone
    return posted


def state_of(origin: Origin, own: Own) -> State:
    return State(
        feed_id=own.client.id,
        rendering=origin.rendering,
        feed_version=own.client.link_generation,
        diary_version=own.client.version,
        first_day=own.window.first_day,
    )


async def render(origin: Origin, own: Own) -> Body:
    """Return the client's appointments as a calendar; who else comes is in no byte of it."""
    client, window = own.client, own.window
    loop = asyncio.get_running_loop()
    begun = loop.time()
    found = await origin.database.read(
        lambda conn: entries.entries_of_client(conn, client.id, window)
    )
    diary = Diary(
        person_id=client.id, link_generation=client.link_generation, links_at=client.links_at
    )
    showing = Showing(
        detail=Detail.BUSY,
        public_url=origin.public_url,
        secret=origin.secret,
        version=client.version,
        changed_at=client.changed_at,
    )
    nearest = window.nearest_first(found.entries)
    rendered = await asyncio.to_thread(
        vcalendar,
        DEFAULT_NAME,
        nearest,
        lambda entry: kept_vevent(show_own(entry, diary, showing)),
    )
    origin.counts.rendered(loop.time() - begun)
    left_out = [*found.unreadable, *rendered.unwritable]
    for session_id in left_out:
        log.warning("entry.left_out", session_id=session_id)
    body = body_of(rendered.body, max(client.changed_at, window.midnight))
    return replace(body, left_out=LeftOut(unwritable=len(left_out), no_room=rendered.no_room))
