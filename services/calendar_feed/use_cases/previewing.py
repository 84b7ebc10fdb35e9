"""See a feed as its subscriber does, and who has seen it, without its address."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from services.calendar_feed.domain.errors import UnknownFeed
from services.calendar_feed.ics.reading import Seen, read_back
from services.calendar_feed.store import feeds, readers
from services.calendar_feed.store.readers import Fetch
from services.calendar_feed.use_cases.serving import Feeds
from shared.store.database import Connection, Database
from shared.store.places import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Some fetches, latest first, and where to go on."""

    fetches: tuple[Fetch, ...]
    next: Place | None


async def preview(database: Database, kept: Feeds, id: UUID, own: UUID | None) -> Seen:
    """Return what the feed's bytes say, read back; raise `UnknownFeed`."""

    async def look(conn: Connection) -> feeds.Source | None:
        return await feeds.find_source(conn, id, own)

    source = await database.read(look)
    if source is None:
        raise UnknownFeed
    return read_back((await kept.current(source)).plain.body)


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
