"""What the scheduler does by the clock."""

from __future__ import annotations

import functools
from typing import Final

from aiohttp import web

from services.scheduler.keys import SETTINGS
from services.scheduler.use_cases import attempts, clients, holding, making_rooms
from services.scheduler.use_cases.busy_calendars import ask_about_stale
from services.scheduler.use_cases.ending_offers import end_run_out
from services.scheduler.use_cases.offering import offer_free_hours
from services.scheduler.use_cases.rezoning import rezone_if_changed
from shared.logs import log
from shared.store.idempotency import forget_old_answers
from shared.web.keys import CLOCK, DATABASE
from shared.web.ticking import Tick
from shared.zones import TZ_VERSION


async def forget_old_answers_once(app: web.Application) -> int:
    """Drop the stored answers of retried requests that are older than a day."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: forget_old_answers(conn, now))


async def forget_expired_holds_once(app: web.Application) -> int:
    """Drop the hours whose hold has run out; they count for nothing already."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: holding.forget_expired_holds(conn, now))


async def forget_posts_by_link_once(app: web.Application) -> int:
    """Drop the posts by link that no pace counts any more."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: attempts.forget_posts(conn, now))


async def forget_passed_rooms_once(app: web.Application) -> int:
    """Drop the addresses of video rooms that closed a day ago."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: making_rooms.forget_passed_rooms(conn, now))


async def offer_free_hours_once(app: web.Application) -> int:
    """End the offers that ran out, and offer free hours to those who wait for one."""
    now, database = app[CLOCK].now(), app[DATABASE]
    await end_run_out(database, now)
    practice_zone = app[SETTINGS].serving.practice_timezone
    return await offer_free_hours(database, now, practice_zone)


async def ask_about_stale_once(app: web.Application) -> int:
    """Ask staff about calendars outside that were not read for a day."""
    now = app[CLOCK].now()
    return await app[DATABASE].write(lambda conn: ask_about_stale(conn, now))


async def let_guardians_go_once(app: web.Application) -> int:
    """Close clients who have turned 18 to their guardians; return how many it was."""
    now, database = app[CLOCK].now(), app[DATABASE]
    ids = await database.read(lambda conn: clients.clients_who_may_have_come_of_age(conn, now))
    done = [
        await database.write(functools.partial(clients.let_guardians_go, now=now, id=id))
        for id in ids
    ]
    return sum(done)


async def rezone_once(app: web.Application) -> int:
    """Move what is to come to its agreed hours, if the zone database is not the one it was."""
    settled = await rezone_if_changed(app[DATABASE], app[CLOCK].now(), TZ_VERSION)
    if settled is None:
        return 0
    log.info("zones.changed", tzversion=TZ_VERSION, moved=settled.moved, left=settled.left)
    return settled.moved


REZONE: Final = Tick(name="rezone", run=rezone_once, seconds=600)
TICKS: Final = (
    Tick(name="forget old answers", run=forget_old_answers_once, cron="7 * * * *"),
    Tick(name="forget expired holds", run=forget_expired_holds_once, cron="*/10 * * * *"),
    Tick(name="forget posts by link", run=forget_posts_by_link_once, cron="11 * * * *"),
    Tick(name="forget passed rooms", run=forget_passed_rooms_once, cron="23 * * * *"),
    Tick(name="offer free hours", run=offer_free_hours_once, seconds=30),
    REZONE,
    Tick(name="ask about stale calendars", run=ask_about_stale_once, cron="*/10 * * * *"),
    Tick(name="let guardians go", run=let_guardians_go_once, cron="* * * * *"),
)
