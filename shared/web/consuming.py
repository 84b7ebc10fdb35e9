"""Run a consumer of another service's log as one of this service's loops."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import aiohttp
from aiohttp import web
from yarl import URL

from shared.eventlog.consumer import Apply, Consumer, SourceAway, Subscription, consume_once, rest
from shared.eventlog.progress import Progress
from shared.logs import log
from shared.web.health import Finding
from shared.web.keys import CLOCK, DATABASE, HEALTH, METRICS, STOPPING
from shared.web.loops import Context, looped

PROGRESS: Final = web.AppKey("PROGRESS", Progress)


def consuming(source: str, base: URL, key: str, apply: Apply, *, needed: bool = True) -> Context:
    """Return a `cleanup_ctx` that applies the log at `base`/v1/events for as long as we run.

    A service that has `needed` this log is ready once it knows what stands in it, and has its
    `PROGRESS`; one that has not works without, and hears later what it missed.
    """
    subscription = Subscription(source=source, url=base / "v1" / "events", key=key)

    @asynccontextmanager
    async def context(app: web.Application) -> AsyncIterator[None]:
        progress = Progress(away_since=app[CLOCK].now())
        if needed:
            app[PROGRESS] = progress
        async with aiohttp.ClientSession() as http:
            consumer = Consumer(
                subscription=subscription,
                http=http,
                database=app[DATABASE],
                clock=app[CLOCK],
                progress=progress,
                apply=apply,
            )

            async def once(_app: web.Application) -> int:
                try:
                    count = await consume_once(consumer, app[STOPPING])
                except SourceAway as away:
                    return _wait_for_it(progress, source, away)
                app[METRICS].consumed_events.labels(source).inc(count)
                app[METRICS].consumer_position.labels(source).set(progress.position)
                return count

            async def pause(_app: web.Application) -> None:
                await rest(progress, app[STOPPING])

            app[HEALTH].add(f"log of {source}", lambda: _found(app, progress, needed=needed))
            async with looped(f"consume {source}", once, pause)(app):
                yield

    return context


def _wait_for_it(progress: Progress, source: str, away: SourceAway) -> int:
    """An absence is expected at every restart: said once, and no failure of ours."""
    if not progress.loss_was_said:
        progress.loss_was_said = True
        log.warning("source.away", source=source, cause=str(away))
    return 0


async def _found(app: web.Application, progress: Progress, *, needed: bool) -> Finding:
    """Ready once caught up; a source that went away later is said, and does not make us unready."""
    return Finding(
        ok=not needed or progress.may_act(app[CLOCK].now()),
        facts={
            "position": progress.position,
            "caught_up": progress.caught_up,
            "away": progress.away_since is not None,
        },
    )
