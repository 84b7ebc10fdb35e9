"""Composition root: the one module that knows how the parts fit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

from aiohttp import web

from services.calendar_feed.api import calendars, feeds, fetching, seeing
from services.calendar_feed.api.dav import door as dav
from services.calendar_feed.api.refusals import STATUS
from services.calendar_feed.channels.ics_fetch import IcsFetch
from services.calendar_feed.consumer import apply
from services.calendar_feed.jobs import LOOPS, TICKS, move_window_once
from services.calendar_feed.keys import (
    COUNTS,
    FEEDS,
    FETCHING,
    LEDGER,
    READING,
    SETTINGS,
    SHELVES,
    WRITER,
)
from services.calendar_feed.settings import Settings
from services.calendar_feed.store import MIGRATIONS
from services.calendar_feed.store.window import find_window
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.fetching import Fetching
from services.calendar_feed.use_cases.noting import Ledger
from services.calendar_feed.use_cases.raising import raise_written_otherwise
from services.calendar_feed.use_cases.reading_outside import Reading
from services.calendar_feed.use_cases.rendering import Origin
from services.calendar_feed.use_cases.serving import Feeds
from services.calendar_feed.use_cases.syncing import Shelves
from services.calendar_feed.use_cases.writing import Writer
from shared.clock import Clock, SystemClock
from shared.web import event_route
from shared.web.at_hand import AT_HAND
from shared.web.consuming import consuming
from shared.web.health import Finding
from shared.web.keys import CLOCK, DATABASE, HEALTH, METRICS
from shared.web.service import Skeleton, service_app
from shared.web.ticking import ticking

SOURCE: Final = "scheduler"
DOORS: Final = (feeds, seeing, calendars, fetching, dav, event_route)


def create_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
    """Return the calendar feed, not yet started."""
    skeleton = Skeleton(
        name="calendar_feed",
        serving=settings.serving,
        migrations=MIGRATIONS,
        clock=clock or SystemClock(),
        refusals=STATUS,
    )
    app = service_app(skeleton)
    app[SETTINGS] = settings
    app[COUNTS] = Counts(app[METRICS].registry)
    app[AT_HAND] = fetching.AT_HAND
    app.cleanup_ctx.append(_feeds)
    app.cleanup_ctx.append(
        consuming(SOURCE, settings.scheduler_url, settings.serving.service_api_key, apply)
    )
    app.cleanup_ctx.extend(LOOPS)
    app.cleanup_ctx.append(ticking(TICKS))
    for door in DOORS:
        app.add_routes(door.routes)
    return app


@asynccontextmanager
async def _feeds(app: web.Application) -> AsyncIterator[None]:
    settings, database, clock = app[SETTINGS], app[DATABASE], app[CLOCK]
    origin = Origin(
        database=database,
        counts=app[COUNTS],
        public_url=str(settings.public_url),
        secret=settings.serving.secret_key,
        agreed=settings.agreed,
    )
    app[FEEDS] = feeds_kept = Feeds(origin, clock)
    app[READING] = Reading(
        database=database, clock=clock, fetch=IcsFetch(), secrets=settings.secrets
    )
    app[WRITER] = Writer(origin, feeds_kept, clock)
    app[SHELVES] = Shelves(origin, feeds_kept)
    app[LEDGER] = ledger = Ledger(database)
    app[FETCHING] = Fetching(
        feeds_kept, ledger, app[COUNTS], clock, each_minute=settings.fetches_each_minute
    )
    await move_window_once(app)
    await raise_written_otherwise(database, origin.rendering, clock.now())

    async def check() -> Finding:
        window = await database.read(find_window)
        first_day = window.first_day.isoformat() if window else None
        return Finding(ok=window is not None, facts={"first_day": first_day})

    app[HEALTH].add("window", check)
    yield
    await ledger.write_once()
