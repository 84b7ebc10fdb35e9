"""A calendar feed over HTTP that knows Dana, Ortiz, Dana's course and everyone's keys."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shared.clock import HeldClock
from tests.calendar_feed.api.running import Client, running, tell_directly, tell_keys
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
