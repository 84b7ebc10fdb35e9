"""The window's first day: one row, moved forward and never back."""

from __future__ import annotations

from datetime import date
from typing import Final

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from services.calendar_feed.domain.feeds import BACK
from services.calendar_feed.domain.window import Window
from services.calendar_feed.store.tables import feed_window
from shared.store.dialects import insert

WINDOW_ID: Final = 1


async def find_window(conn: AsyncConnection) -> Window | None:
    rows = await conn.execute(
        sa.select(feed_window.c.first_day).where(feed_window.c.id == WINDOW_ID)
    )
    first_day = rows.scalar_one_or_none()
    return None if first_day is None else window_of(first_day)


def window_of(first_day: date) -> Window:
    """Return the usual window, whose first day is the one that is kept."""
    return Window(today=first_day + BACK)


async def move_window(conn: AsyncConnection, window: Window) -> bool:
    """Store `window` unless a later one is stored; return whether anything changed."""
    values = {"id": WINDOW_ID, "first_day": window.first_day}
    moved = await conn.execute(
        insert(conn, feed_window)
        .values(values)
        .on_conflict_do_update(
            index_elements=[feed_window.c.id],
            set_=values,
            where=feed_window.c.first_day < window.first_day,
        )
    )
    return moved.rowcount > 0
