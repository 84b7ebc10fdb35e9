"""Background loops: `once() -> int` again and again, finished and not cut off at the stop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from shared.logs import log
from shared.waking import first_of
from shared.web.health import Finding
from shared.web.keys import HEALTH, METRICS, STOPPING

LAST_RUN_SECONDS: Final = 5
LONGEST_PAUSE: Final = 1.0

Once = Callable[[web.Application], Awaitable[int]]
Rest = Callable[[web.Application], Awaitable[None]]
Context = Callable[[web.Application], AbstractAsyncContextManager[None]]


@dataclass(slots=True)
class Pulse:
    """How a loop fares: `failures` in a row, and whether it is still running."""

    running: bool = True
    failures: int = 0


def looped(name: str, once: Once, rest: Rest) -> Context:
    """Return a `cleanup_ctx` that runs `once` until the service stops.

    `rest` is awaited whenever `once` had nothing to do. A run that raises is logged and
    tried again after a pause of at most a second. At the stop the run in hand has five
    seconds to finish.
    """

    @asynccontextmanager
    async def context(app: web.Application) -> AsyncIterator[None]:
        pulse = Pulse()

        async def check() -> Finding:
            return Finding(ok=pulse.running, facts={"failures": pulse.failures})

        app[HEALTH].add(f"loop {name}", check)
        task = asyncio.create_task(_run(app, name, once, rest, pulse), name=name)
        yield
        done, _ = await asyncio.wait([task], timeout=LAST_RUN_SECONDS)
        if not done:
            log.warning("loop.cut_off", loop=name)
            task.cancel()
            await asyncio.wait([task])

    return context


async def _run(app: web.Application, name: str, once: Once, rest: Rest, pulse: Pulse) -> None:
    stopping = app[STOPPING]
    try:
        while not stopping.is_set():
            try:
                done = await once(app)
                pulse.failures = 0
                if done == 0 and not stopping.is_set():
                    await rest(app)
            except Exception:
                pulse.failures += 1
                app[METRICS].loop_failures.labels(name).inc()
                log.exception("loop.failed", loop=name, in_a_row=pulse.failures)
                await first_of(stopping, seconds=pause(pulse.failures))
    finally:
        pulse.running = False


def pause(failures: int) -> float:
    """Return the seconds to wait after so many failures in a row: 0.1 doubling to 1."""
    return min(0.05 * 2.0 ** min(failures, 10), LONGEST_PAUSE)
