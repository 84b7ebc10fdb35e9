"""The three services as they are composed, not started."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from aiohttp import hdrs, web
from yarl import URL

from services.calendar_feed import app as calendar_feed
from services.notifier import app as notifier
from services.scheduler import app as scheduler
from shared.web.openapi import description_of
from shared.web.reference.document import described
from shared.web.reference.operations import Operation
from tests.calendar_feed.api.running import settings as calendar_feed_settings
from tests.notifier.api.running import settings as notifier_settings
from tests.scheduler.practice import settings_for as scheduler_settings

NOWHERE: Final = Path("nowhere")  # nothing opens a database before it starts


def every_app(folder: Path = NOWHERE) -> dict[str, web.Application]:
    """Return a new app of each service, by its name, with a database of its own in `folder`."""
    away = URL("http://127.0.0.1:9")
    first, second, third = (f"sqlite:///{folder / name}.db" for name in ("one", "two", "three"))
    return {
        "scheduler": scheduler.create_app(scheduler_settings(first)),
        "notifier": notifier.create_app(notifier_settings(second, folder)),
        "calendar_feed": calendar_feed.create_app(calendar_feed_settings(third, away)),
    }


def operations() -> dict[str, Operation]:
    """Return every described route of every service, by a name that says which it is."""
    return {
        f"{service} {each.method} {each.path}": each
        for service, app in every_app().items()
        for each in described(app)
    }


def undescribed() -> dict[str, object]:
    """Return the handlers of all other routes; HEAD is GET without its body."""
    return {
        f"{service} {route.method} {route.resource and route.resource.canonical}": route.handler
        for service, app in every_app().items()
        for route in app.router.routes()
        if route.method != hdrs.METH_HEAD and description_of(route.handler) is None
    }
