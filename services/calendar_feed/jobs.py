"""What the calendar feed does by the clock."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiohttp import web

from services.calendar_feed.domain.window import Window
from services.calendar_feed.keys import LEDGER, READING, WRITER
from services.calendar_feed.store import bodies
from services.calendar_feed.use_cases import moving
from services.calendar_feed.use_cases.noting import forget_old_fetches
from services.calendar_feed.use_cases.reading_outside import read_once, seconds_until_due
from shared.store.idempotency import forget_old_answers
from shared.waking import first_of
from shared.web.keys import CLOCK, DATABASE, STOPPING
from shared.web.loops import looped
from shared.web.ticking import Tick

LOOK_AGAIN_SECONDS: Final = 600
LEDGER_SECONDS: Final = 1.0
LEAST_SECONDS: Final = 0.05
UNREAD: Final = timedelta(days=30)
SIDE_BY_SIDE: Final = 4  # calendars that are fetched, so that none waits for a slow server


async def move_window_once(app: web.Application) -> int:
    """Let the window lie around today."""
    return await moving.move_window_once(app[DATABASE], app[CLOCK].now())


async def forget_old_answers_once(app: web.Application) -> int:
    """Drop the stored answers of retried requests that are older than a day."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: forget_old_answers(conn, now))


async def forget_unread_calendars_once(app: web.Application) -> int:
    """Drop the clients' own calendars that nobody has read for a month."""
    before = Window.around(app[CLOCK].now() - UNREAD).first_day
    return await app[DATABASE].write(lambda conn: bodies.forget_unread(conn, before=before))


async def forget_old_fetches_once(app: web.Application) -> int:
    """Drop what was noted of fetches two weeks ago and before."""
    return await forget_old_fetches(app[DATABASE], app[CLOCK].now())


async def _write_feeds(app: web.Application) -> int:
    return await app[WRITER].write_once()


async def _wait_for_changes(app: web.Application) -> None:
    await app[WRITER].rest(app[STOPPING])


async def _write_ledger(app: web.Application) -> int:
    """Always 0: what was fetched meanwhile waits for the others of its second."""
    await app[LEDGER].write_once()
    return 0


async def _wait_a_second(app: web.Application) -> None:
    await first_of(app[STOPPING], seconds=LEDGER_SECONDS)


async def _read_calendars(app: web.Application) -> int:
    return await read_once(app[READING])


async def _wait_until_due(app: web.Application) -> None:
    news = app[DATABASE].commits.next()
    seconds = await seconds_until_due(app[READING])
    await first_of(app[STOPPING], news, seconds=max(seconds, LEAST_SECONDS))


async def _look_now_and_then(app: web.Application) -> None:
    """For those beside the first: they are needed only when a server keeps it long."""
    seconds = await seconds_until_due(app[READING])
    await first_of(app[STOPPING], seconds=max(seconds, LEAST_SECONDS))


LOOPS: Final = (
    looped("read calendars", _read_calendars, _wait_until_due),
    *(
        looped(f"read calendars, {number}", _read_calendars, _look_now_and_then)
        for number in range(2, SIDE_BY_SIDE + 1)
    ),
    looped("write feeds", _write_feeds, _wait_for_changes),
    looped("write the ledger", _write_ledger, _wait_a_second),
)
TICKS: Final = (
    Tick(name="move the window", run=move_window_once, cron="0 0 * * *"),
    # The machine may have slept over midnight, or its clock may have been set.
    Tick(name="move the window late", run=move_window_once, seconds=LOOK_AGAIN_SECONDS),
    Tick(name="forget old fetches", run=forget_old_fetches_once, cron="17 * * * *"),
    Tick(name="forget unread calendars", run=forget_unread_calendars_once, cron="27 3 * * *"),
    Tick(name="forget old answers", run=forget_old_answers_once, cron="7 * * * *"),
)
