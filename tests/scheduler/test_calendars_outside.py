"""What the calendar feed tells of clinicians' own calendars is read from its log."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.eventlog import log
from shared.events.data import BusyBlock, BusyChanged
from shared.events.envelope import tell
from shared.web.keys import CLOCK, DATABASE
from tests.fakes.ports import free_port
from tests.scheduler.practice import TUESDAYS, Practice, settings_for
from tests.scheduler.test_mail_that_came_back import soon
from tests.shared.diary import Client, diary_app, running

FIRST = datetime(2027, 2, 16, 20, 0, tzinfo=UTC)


@pytest.fixture
async def calendar_feed(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Client]:
    """A log as the calendar feed serves it."""
    async with running(diary_app(f"sqlite:///{tmp_path / 'calendar_feed.db'}", clock)) as client:
        yield client


async def test_an_hour_that_is_told_as_taken_is_soon_given_to_nobody(
    database_url: str, clock: HeldClock, calendar_feed: Client
) -> None:
    origin = calendar_feed.make_url("").origin()
    settings = replace(settings_for(database_url), calendar_feed_url=origin)
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        practice = Practice(client=client, clock=clock)
        dana, kim = await practice.clinician(), await practice.person()
        told = BusyChanged(
            calendar_id=uuid4(),
            clinician_id=UUID(dana),
            revision=1,
            blocks=(BusyBlock(starts_at=FIRST, ends_at=FIRST + timedelta(hours=1)),),
            read_at=clock.now(),
        )
        event = tell(told, source="calendar_feed", at=calendar_feed.app[CLOCK].now())
        await calendar_feed.app[DATABASE].write(lambda conn: log.append(conn, [event]))

        async def read() -> bool:
            checks = (await (await client.get("/ready")).json())["checks"]
            return bool(checks["log of calendar_feed"]["position"] >= 1)

        await soon(read)
        body = TUESDAYS | {"clinician_id": dana, "client_ids": [kim]}
        refused = await (await practice.post("/v1/courses", body)).json()
        assert [each["reason"] for each in refused["conflicts"]] == ["busy_elsewhere"]


async def test_the_scheduler_is_ready_and_books_while_the_calendar_feed_is_away(
    database_url: str, clock: HeldClock
) -> None:
    nowhere = URL(f"http://127.0.0.1:{free_port()}")
    settings = replace(settings_for(database_url), calendar_feed_url=nowhere)
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        practice = Practice(client=client, clock=clock)
        await practice.course(await practice.clinician(), await practice.person())
        assert (await client.get("/ready")).status == 200
