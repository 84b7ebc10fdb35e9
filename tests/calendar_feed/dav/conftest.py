"""Dana's course in a feed, as CalDAV shows it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import pytest

from shared.clock import HeldClock
from tests.calendar_feed.api.running import Client, open_feed, running, tell_directly, tell_keys
from tests.calendar_feed.dav.asking import dav_path
from tests.calendar_feed.diary import course_booked, dana_saved
from tests.cast import ORTIZ_ID


@pytest.fixture
async def client(database_url: str, clock: HeldClock) -> AsyncIterator[Client]:
    async with running(database_url, clock) as client:
        await tell_keys(client)
        await tell_directly(
            client, dana_saved(), dana_saved(clinician_id=ORTIZ_ID), course_booked()
        )
        yield client


@pytest.fixture
async def feed(client: Client) -> dict[str, Any]:
    return await open_feed(client, name="Tuesdays & more")


@pytest.fixture
async def path(feed: dict[str, Any]) -> str:
    return dav_path(feed)
