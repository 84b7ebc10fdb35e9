"""How far a consumer has come in each source's log, moved together with the effect."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.eventlog.tables import consumer_positions
from shared.store.dialects import insert


class PassedByAnother(Exception):
    """Another replica has applied these events in the meantime."""


async def position_of(conn: AsyncConnection, source: str) -> int:
    """Return the last position applied, 0 before the first."""
    rows = await conn.execute(
        sa.select(consumer_positions.c.position).where(consumer_positions.c.source == source)
    )
    return rows.scalar_one_or_none() or 0


async def move_position(conn: AsyncConnection, source: str, *, start: int, end: int) -> None:
    """Move from `start` to `end`, holding the row until the commit, or raise `PassedByAnother`."""
    await conn.execute(
        insert(conn, consumer_positions).values(source=source, position=0).on_conflict_do_nothing()
    )
    moved = await conn.execute(
        sa.update(consumer_positions)
        .where(consumer_positions.c.source == source, consumer_positions.c.position == start)
        .values(position=end)
    )
    if moved.rowcount == 0:
        raise PassedByAnother
