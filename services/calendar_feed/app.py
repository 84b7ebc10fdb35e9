"""Composition root: the one module that knows how the parts fit."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from services.calendar_feed.api import feeds, fetching
from services.calendar_feed.api.refusals import STATUS
from services.calendar_feed.consumer import apply
from services.calendar_feed.jobs import TICKS, move_window_once
from services.calendar_feed.keys import COUNTS, FEEDS, SETTINGS
from services.calendar_feed.settings import Settings
from services.calendar_feed.store import MIGRATIONS
from services.calendar_feed.store.window import find_window
from services.calendar_feed.use_cases.counting import Counts
from services.calendar_feed.use_cases.serving import Feeds, Origin
from shared.clock import Clock, SystemClock
from shared.web.consuming import consuming
from shared.web.health import Finding
from shared.web.keys import DATABASE, HEALTH, METRICS
from shared.web.service import Skeleton, service_app
from shared.web.ticking import ticking

SOURCE = "scheduler"


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
    app.cleanup_ctx.append(_feeds)
    app.cleanup_ctx.append(
        consuming(SOURCE, settings.scheduler_url, settings.serving.service_api_key, apply)
    )
    app.cleanup_ctx.append(ticking(TICKS))
    app.add_routes(feeds.routes)
    app.add_routes(fetching.routes)
    return app


@asynccontextmanager
async def _feeds(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    app[FEEDS] = Feeds(
        Origin(
            database=app[DATABASE],
            counts=app[COUNTS],
            public_url=str(settings.public_url),
            secret=settings.serving.secret_key,
        )
    )
    await move_window_once(app)

    async def check() -> Finding:
        window = await app[DATABASE].read(find_window)
        first_day = window.first_day.isoformat() if window else None
        return Finding(ok=window is not None, facts={"first_day": first_day})

    app[HEALTH].add("window", check)
    yield
