"""On PostgreSQL, hear of the events that other replicas told."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web
from sqlalchemy.engine import URL

from shared.eventlog.log import CHANNEL
from shared.logs import log
from shared.waking import first_of
from shared.web.keys import DATABASE, STOPPING
from shared.web.loops import looped

CHECK_SECONDS = 5


async def listen_once(app: web.Application) -> int:
    """Hold one connection that listens until the service stops or the connection is lost."""
    import asyncpg  # the driver is not needed on SQLite, and takes memory

    database, stopping = app[DATABASE], app[STOPPING]
    connection = await asyncpg.connect(dsn(database.engine.url))
    try:
        await connection.add_listener(CHANNEL, lambda *_: database.commits.notify())
        database.commits.notify()  # what came while nobody listened
        while not await first_of(stopping, seconds=CHECK_SECONDS):
            await connection.execute("SELECT 1")
        return 1
    finally:
        await connection.close()


@asynccontextmanager
async def listening(app: web.Application) -> AsyncIterator[None]:
    """A `cleanup_ctx`; does nothing on SQLite, where one process is all there is."""
    if not app[DATABASE].is_postgres:
        yield
        return
    async with looped("listen", listen_once, _no_rest)(app):
        yield


def dsn(url: URL) -> str:
    """Return the address as asyncpg itself reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


async def _no_rest(_app: web.Application) -> None:
    log.info("listen.ended")
