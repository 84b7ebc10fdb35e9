"""Composition root: the one module that knows how the parts fit."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import web

from services.scheduler.api import clients, clinicians, courses, keys, sessions
from services.scheduler.api.refusals import STATUS
from services.scheduler.jobs import TICKS
from services.scheduler.keys import SETTINGS
from services.scheduler.pages import join
from services.scheduler.settings import Settings
from shared.clock import Clock, SystemClock
from shared.web import event_route
from shared.web.service import Skeleton, service_app
from shared.web.ticking import ticking

MIGRATIONS: Final = Path(__file__).parent / "store" / "migrations"


def create_app(settings: Settings, *, clock: Clock | None = None) -> web.Application:
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
    for room in (clinicians, clients, courses, sessions, keys, join, event_route):
        app.add_routes(room.routes)
    app.cleanup_ctx.append(ticking(TICKS))
    return app
