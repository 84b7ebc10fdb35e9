"""Channels that are left alone for a while, by all replicas."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.notifier.store.tables import channel_rests
from shared.store.dialects import insert


@dataclass(frozen=True, slots=True, kw_only=True)
class Resting:
    """Why a channel was last left alone, and from when until when; `until` may have passed."""

    until: datetime
    since: datetime
    reason: str


async def last_rest(conn: AsyncConnection, channel: str) -> Resting | None:
    """Return the last rest of this channel, None if it never had one."""
    rows = await conn.execute(_last(channel))
    row = rows.mappings().first()
    return Resting(**row) if row else None


async def hold(conn: AsyncConnection, channel: str, now: datetime) -> Resting:
    """Return the last rest, held until the commit; one that ends now if there never was any."""
    first = {"channel": channel, "until": now, "since": now, "reason": ""}
    await conn.execute(insert(conn, channel_rests).values(first).on_conflict_do_nothing())
    rows = await conn.execute(_last(channel).with_for_update())
    return Resting(**rows.mappings().one())


async def rest(
    conn: AsyncConnection, channel: str, *, until: datetime, since: datetime, reason: str
) -> None:
    """Leave this channel alone until then, unless it is for longer already."""
    await conn.execute(
        sa.update(channel_rests)
        .where(channel_rests.c.channel == channel, channel_rests.c.until < until)
        .values(until=until, since=since, reason=reason)
    )


async def resting_until(conn: AsyncConnection, channel: str, now: datetime) -> datetime | None:
    """Return when this channel may be tried again, None if it may be now."""
    found = await last_rest(conn, channel)
    return found.until if found is not None and found.until > now else None


def _last(channel: str) -> sa.Select[tuple[datetime, datetime, str]]:
    columns = (channel_rests.c.until, channel_rests.c.since, channel_rests.c.reason)
    return sa.select(*columns).where(channel_rests.c.channel == channel)
