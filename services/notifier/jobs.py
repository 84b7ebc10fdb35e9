"""The sweep's loops, and the ticks that wake them."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from services.notifier.keys import SWEEP, TICK
from services.notifier.use_cases.planning_days import plan_digests
from services.notifier.use_cases.sweeping import measure_once, seconds_until_due, sweep_once
from shared.waking import first_of
from shared.web.keys import CLOCK, DATABASE, STOPPING
from shared.web.loops import Context, looped
from shared.web.ticking import Tick, ticking

# A sweep waits for its slowest mail: over SMTP for minutes, so there are as many as it carries.
# Each that looks costs the others: with eight, SendGrid was given a fifth less (measured).
SWEEPERS: Final = 3
SMTP_SWEEPERS: Final = 8
TICK_SECONDS: Final = 2
MEASURE_SECONDS: Final = 5
DIGEST_SECONDS: Final = 60


def jobs(sweepers: int = SWEEPERS) -> list[Context]:
    """Return what runs beside the requests, in the order of its start."""
    sweeps = [looped(f"sweep {number}", sweep, rest) for number in range(1, sweepers + 1)]
    ticks = [
        Tick(name="wake the sweep", run=wake, seconds=TICK_SECONDS),
        Tick(name="measure the oldest due", run=measure, seconds=MEASURE_SECONDS),
        Tick(name="plan the digests", run=plan_days, seconds=DIGEST_SECONDS),
    ]
    return [*sweeps, ticking(ticks)]


async def sweep(app: web.Application) -> int:
    return await sweep_once(app[SWEEP])


async def rest(app: web.Application) -> None:
    """Wait until something falls due, something was planned, or a tick says to look."""
    news, tick = app[DATABASE].commits.next(), app[TICK].next()
    seconds = await seconds_until_due(app[SWEEP])
    await first_of(news, tick, app[STOPPING], seconds=seconds)


async def wake(app: web.Application) -> None:
    """Another replica may have planned something, or the clock may have been set."""
    app[TICK].notify()


async def plan_days(app: web.Application) -> None:
    await plan_digests(app[DATABASE], app[CLOCK].now())


async def measure(app: web.Application) -> None:
    await measure_once(app[SWEEP])
