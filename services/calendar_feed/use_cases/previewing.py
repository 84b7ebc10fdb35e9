"""See a feed as its subscriber does, and who has seen it, without its address."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from uuid import UUID

from services.calendar_feed.domain.errors import UnknownFeed
from services.calendar_feed.ics.reading import Seen, read_back
from services.calendar_feed.store import feeds, readers
from services.calendar_feed.store.bodies import LeftOut
from services.calendar_feed.store.readers import Fetch
from services.calendar_feed.use_cases.serving import Feeds
from shared.store.database import Connection, Database
from shared.store.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some fetches, latest first, and where to go on."""

    fetches: tuple[Fetch, ...]
    next: Place | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A feed as it is seen, or the notice in its place where it has `ended`."""

    seen: Seen
    ended: bool
    left_out: LeftOut


async def preview(database: Database, kept: Feeds, id: UUID, own: UUID | None) -> Preview:
    """Return what is served at the feed's address, read back; raise `UnknownFeed`, `FeedGone`."""

    async def look(conn: Connection) -> feeds.Source | None:
        return await feeds.find_source(conn, id, own)

    source = await database.read(look)
    if source is None:
        raise UnknownFeed
    served = await kept.at_present_address(source)
    return Preview(
        seen=await asyncio.to_thread(read_back, served.body.plain.body),
        ended=served.feed_id is None,
        left_out=served.body.left_out,
    )


async def fetches(
    conn: Connection, id: UUID, own: UUID | None, *, place: Place | None, limit: int
) -> Page:
    """Return a page of the fetches of a live feed, latest first."""
    feed = await feeds.find_feed(conn, id, own)
    if feed is None:
        raise UnknownFeed
    before = None if place is None else place.starts_at
    found = await readers.fetches_of(conn, feed.id, before=before, limit=limit + 1)
    given = found[:limit]
    more = len(found) > limit
    return Page(
        fetches=tuple(given), next=Place(starts_at=given[-1].at, id=feed.id) if more else None
    )
