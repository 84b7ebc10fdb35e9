"""What the clock has started ends before the service does."""

from __future__ import annotations

import asyncio

from aiohttp import web

from shared.web.ticking import Tick, ticking


async def test_a_tick_in_hand_is_finished_before_the_stop() -> None:
    begun, done = asyncio.Event(), asyncio.Event()

    async def slowly(_app: web.Application) -> None:
        begun.set()
        await asyncio.sleep(0.05)
        done.set()

    tick = Tick(name="slow", run=slowly, seconds=0.01)
    async with ticking([tick])(web.Application()):
        await begun.wait()
    assert done.is_set()
