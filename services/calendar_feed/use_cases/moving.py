"""Move the window as the days pass, so that no request has to."""

from __future__ import annotations

from datetime import datetime

from services.calendar_feed.domain.window import Window
from services.calendar_feed.store import window as stored
from shared.store.database import Database


async def move_window_once(database: Database, now: datetime) -> int:
    """Let the window lie around `now`, and return 1 if it did not; it never moves back."""
    wanted = Window.around(now)
    known = await database.read(stored.find_window)
    if known is not None and known.first_day >= wanted.first_day:
        return 0
    return int(await database.write(lambda conn: stored.move_window(conn, wanted)))
