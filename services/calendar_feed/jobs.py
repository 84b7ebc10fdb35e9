"""What the calendar feed does by the clock."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.calendar_feed.use_cases import moving
from shared.store.idempotency import forget_old_answers
from shared.web.keys import CLOCK, DATABASE
from shared.web.ticking import Tick

LOOK_AGAIN_SECONDS: Final = 600


async def move_window_once(app: web.Application) -> int:
    """Let the window lie around today."""
    return await moving.move_window_once(app[DATABASE], app[CLOCK].now())


async def forget_old_answers_once(app: web.Application) -> int:
    """Drop the stored answers of retried requests that are older than a day."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: forget_old_answers(conn, now))


TICKS: Final = (
    Tick(name="move the window", run=move_window_once, cron="0 0 * * *"),
    # The machine may have slept over midnight, or its clock may have been set.
    Tick(name="move the window late", run=move_window_once, seconds=LOOK_AGAIN_SECONDS),
    Tick(name="forget old answers", run=forget_old_answers_once, cron="7 * * * *"),
)
