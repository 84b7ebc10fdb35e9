"""Composition root: the one module that knows how the parts fit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from aiohttp import web

from services.scheduler.api import (
    audit,
    availability,
    clients,
    clinicians,
    consents,
    courses,
    displaced,
    exports,
    groups,
    holds,
    imports,
    keys,
    openings,
    practice,
    requests,
    series,
    sessions,
    tasks,
    waiting_list,
)
from services.scheduler.api.refusals import STATUS
from services.scheduler.consumer import apply_calendars, apply_mail
from services.scheduler.jobs import REZONE, TICKS
from services.scheduler.keys import DOORWAY, IMPORTS_WAITING, SETTINGS
from services.scheduler.pages import appointments, join, mail_links, offers
from services.scheduler.rooms.choosing import rooms_of
from services.scheduler.settings import Settings
from services.scheduler.use_cases.making_rooms import Doorway
from shared.clock import Clock, SystemClock
from shared.waking import Signal
from shared.web import event_route
from shared.web.consuming import consuming
from shared.web.keys import CLOCK, DATABASE
from shared.web.service import Skeleton, service_app
from shared.web.ticking import Tick, run_guarded, ticking

MIGRATIONS: Final = Path(__file__).parent / "store" / "migrations"

DOORS: Final = (
    practice,
    availability,
    displaced,
    openings,
    clinicians,
    clients,
    consents,
    courses,
    series,
    sessions,
    groups,
    exports,
    holds,
    imports,
    keys,
    requests,
    waiting_list,
    tasks,
    audit,
    join,
    offers,
    appointments,
    mail_links,
    event_route,
)


def create_app(
    settings: Settings, *, clock: Clock | None = None, ticks: Sequence[Tick] = TICKS
) -> web.Application:
    """Return the scheduler, not yet started; `ticks` is what it does by the clock."""
    app = service_app(
        Skeleton(
            name="scheduler",
            serving=settings.serving,
            migrations=MIGRATIONS,
            clock=clock or SystemClock(),
            refusals=STATUS,
        )
    )
    app[SETTINGS] = settings
    app[IMPORTS_WAITING] = Signal()
    for door in DOORS:
        app.add_routes(door.routes)
    app.cleanup_ctx.append(_doorway)
    app.cleanup_ctx.append(imports.working)
    app.on_startup.append(_rezone_first)
    app.cleanup_ctx.append(ticking(ticks))
    for source, url, apply in (
        ("notifier", settings.notifier_url, apply_mail),
        ("calendar_feed", settings.calendar_feed_url, apply_calendars),
    ):
        if url is not None:
            # Both start after us and may be away: bookings never wait for them.
            key = settings.serving.service_api_key
            app.cleanup_ctx.append(consuming(source, url, key, apply, needed=False))
    return app


async def _rezone_first(app: web.Application) -> None:
    """Before anyone can ask; if it cannot be done, we serve all the same and try again."""
    await run_guarded(app, REZONE)


@asynccontextmanager
async def _doorway(app: web.Application) -> AsyncIterator[None]:
    settings = app[SETTINGS]
    async with rooms_of(settings.video, app[CLOCK]) as rooms:
        app[DOORWAY] = Doorway(
            database=app[DATABASE],
            rooms=rooms,
            hosts=settings.room_hosts,
            patience=settings.room_seconds,
        )
        yield
