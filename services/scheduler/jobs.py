"""What the scheduler does by the clock."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.scheduler.use_cases import holding
from shared.store.idempotency import forget_old_answers
from shared.web.keys import CLOCK, DATABASE
from shared.web.ticking import Tick


async def forget_old_answers_once(app: web.Application) -> int:
    """Drop the stored answers of retried requests that are older than a day."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: forget_old_answers(conn, now))


async def forget_expired_holds_once(app: web.Application) -> int:
    """Drop the hours whose hold has run out; they count for nothing already."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: holding.forget_expired_holds(conn, now))


TICKS: Final = (
    Tick(name="forget old answers", run=forget_old_answers_once, cron="7 * * * *"),
    Tick(name="forget expired holds", run=forget_expired_holds_once, cron="*/10 * * * *"),
)
