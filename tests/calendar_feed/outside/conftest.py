"""A calendar that is kept elsewhere."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from shared.clock import HeldClock
from shared.store.database import Database
from tests.calendar_feed.diary import dana_saved, learn
from tests.calendar_feed.outside.elsewhere import (
    Elsewhere,
)
from tests.fakes.ics_server import ics_server


@pytest.fixture
async def elsewhere(database: Database, clock: HeldClock) -> AsyncIterator[Elsewhere]:
    made: list[Elsewhere] = []

    async def answer(request: web.Request) -> web.StreamResponse:
        return await made[0].answer(request)

    await learn(database, dana_saved())
    async with ics_server(answer) as server:
        made.append(Elsewhere(database, clock, server))
        yield made[0]
