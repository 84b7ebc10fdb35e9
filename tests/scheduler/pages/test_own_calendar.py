"""The page of an appointment leads to a calendar of all of the client's own."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from http import HTTPStatus
from uuid import uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.links import Purpose, calendar_of, read, sign
from tests.scheduler.pages.visitor import END, STARTS, Page, Visitor, kim_with, link_of
from tests.scheduler.practice import Practice, settings_for
from tests.shared.diary import SECRET

FEEDS = "https://feeds.hour.example"


@pytest.fixture
async def practice(database_url: str, clock: HeldClock) -> AsyncIterator[Practice]:
    """A scheduler that knows where calendars reach the feeds."""
    settings = replace(settings_for(database_url), feed_url=URL(FEEDS))
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield Practice(client=client, clock=clock)


async def test_every_way_to_subscribe_leads_to_the_clients_own_calendar(practice: Practice) -> None:
    kim, session = await kim_with(practice)
    assert "calendar" in (await kim.look()).offers
    page = await kim.look("/calendar")
    address = address_on(page)
    rest = address.removeprefix("https://")
    quoted = f"webcal://{rest}".replace(":", "%3A").replace("/", "%2F")
    assert set(page.links) == {
        f"webcal://{rest}",
        f"webcal:{address}",
        f"https://calendar.google.com/calendar/render?cid={quoted}",
        kim.path,
    }
    assert page.html.count("<svg") == 1
    link = read(token_of(address), SECRET, purpose=Purpose.CALENDAR)
    assert link == calendar_of(link_of(session).person_id, 0)


async def test_each_appointment_leads_to_the_same_address(practice: Practice) -> None:
    """Whenever its own link ends: two pages never make two calendars of one."""
    kim, session = await kim_with(practice)
    later = replace(link_of(session), expires_at=END + timedelta(days=30))
    other = Visitor(practice=practice, token=sign(later, SECRET))
    pages = [await each.look("/calendar") for each in (kim, other)]
    assert address_on(pages[0]) == address_on(pages[1])


def address_on(page: Page) -> str:
    (address,) = re.findall(r"https://feeds\.hour\.example/feeds/[\w-]+\.ics(?=<)", page.html)
    return str(address)


def token_of(address: str) -> str:
    return address.rpartition("/")[2].removesuffix(".ics")


async def test_it_is_said_in_the_clients_language(practice: Practice) -> None:
    kim, _ = await kim_with(practice, locale="es")
    assert (await kim.look()).says("Ver todas sus citas en su calendario")
    assert (await kim.look("/calendar")).says("Todas sus citas en su calendario")


async def test_an_appointment_that_is_over_leads_there_too(practice: Practice) -> None:
    kim, _ = await kim_with(practice)
    practice.clock.moment = STARTS + timedelta(days=2)
    assert (await kim.look("/calendar")).status == HTTPStatus.OK


async def test_a_link_that_opens_nothing_leads_to_no_calendar(practice: Practice) -> None:
    _, session = await kim_with(practice)
    guardian = replace(link_of(session), person_id=uuid4())
    other = Visitor(practice=practice, token=sign(guardian, SECRET))
    assert (await other.look("/calendar")).status == HTTPStatus.NOT_FOUND


async def test_where_nobody_said_where_feeds_are_there_is_none(
    database_url: str, clock: HeldClock
) -> None:
    app = create_app(settings_for(database_url), clock=clock)
    async with TestClient(TestServer(app)) as client:
        kim, _ = await kim_with(Practice(client=client, clock=clock))
        assert "calendar" not in (await kim.look()).offers
        assert not (await kim.look("/calendar")).says("Google")
