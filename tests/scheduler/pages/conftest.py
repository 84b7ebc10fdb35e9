"""Zoom and Daily on the loopback, by the clock that the test holds."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.clock import HeldClock
from tests.fakes import daily_server, zoom_server


@pytest.fixture
async def zoom(clock: HeldClock) -> AsyncIterator[zoom_server.Zoom]:
    async with zoom_server.Zoom(clock) as server:
        yield server


@pytest.fixture
async def daily(clock: HeldClock) -> AsyncIterator[daily_server.Daily]:
    async with daily_server.Daily(clock) as server:
        yield server
