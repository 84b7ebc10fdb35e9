"""The page of an appointment leads to a calendar of all of the client's own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.links import Purpose, read
from tests.scheduler.pages.visitor import kim_with, link_of
from tests.scheduler.practice import Practice, settings_for
from tests.shared.diary import SECRET

FEEDS = "https://feeds.hour.example"


@pytest.fixture
async def practice(database_url: str, clock: HeldClock) -> AsyncIterator[Practice]:
    """A scheduler that knows where calendars reach the feeds."""
    settings = replace(settings_for(database_url), feed_url=URL(FEEDS))
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield Practice(client=client, clock=clock)


async def test_the_link_is_for_the_clients_own_calendar_alone(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    page = await kim.look()
    (address,) = [link for link in page.links if link.startswith("webcal://")]
    assert address.startswith("webcal://feeds.hour.example/feeds/")
    token = address.rpartition("/")[2].removesuffix(".ics")
    link = read(token, SECRET, purpose=Purpose.CALENDAR)
    appointment = link_of(session)
    assert link.person_id == appointment.person_id
    assert (link.generation, link.expires_at) == (appointment.generation, appointment.expires_at)


async def test_it_is_said_in_the_clients_language(practice: Practice) -> None:
    kim, _ = await kim_with(practice, locale="es")
    answer = await practice.client.get(kim.path)
    assert "Ver todas sus citas en su calendario" in await answer.text()
