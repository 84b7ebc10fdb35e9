"""Tell every entry of a feed as changed, for what changed in it is of no session.

Readers keep what they have until SEQUENCE, DTSTAMP and LAST-MODIFIED rise: initials that may not
be told any more, and links that open nothing, would stay where they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.feeds import Detail, Feed, raised
from services.calendar_feed.store import bodies, clients, feeds
from shared.store.database import Database


async def raise_initials(
    conn: AsyncConnection, clinician_ids: Sequence[UUID], at: datetime
) -> None:
    """Raise these clinicians' feeds that tell initials: someone in them has others now."""
    found = await feeds.hold_feeds_of(conn, clinician_ids, Detail.INITIALS)
    await _raise(conn, found, at)


async def raise_written_otherwise(database: Database, rendering: str, now: datetime) -> int:
    """Raise each feed, and client's own calendar, last written by other code or settings.

    Returns how many those were.
    """

    async def work(conn: AsyncConnection) -> int:
        found = await feeds.hold_written_otherwise(conn, rendering)
        await _raise(conn, found, now)
        own = await clients.clients_written_otherwise(conn, rendering)
        await clients.touch_clients(conn, own, now)
        await bodies.forget_written_otherwise(conn, rendering)  # so that it is done once
        return len(found) + len(own)

    return await database.write(work)


async def _raise(
    conn: AsyncConnection, found: Sequence[tuple[Feed, datetime]], at: datetime
) -> None:
    await feeds.save_versions(conn, [raised(feed, at, diary_at) for feed, diary_at in found])
