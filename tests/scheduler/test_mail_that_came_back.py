"""What the notifier tells of mail that came back is a task for staff; without it all goes on."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from aiohttp.test_utils import TestClient, TestServer
from yarl import URL

from services.scheduler.app import create_app
from shared.clock import HeldClock
from shared.eventlog import log
from shared.events.data import (
    THE_PRACTICE,
    AddressBounced,
    EventData,
    MailFailed,
    SendingRefused,
)
from shared.events.envelope import tell
from shared.web.keys import CLOCK, DATABASE
from tests.cast import KIM_ID
from tests.fakes.ports import free_port
from tests.scheduler.practice import Practice, settings_for
from tests.shared.diary import Client, diary_app, running

LOOKS = 1_000


@pytest.fixture
async def notifier(tmp_path: Path, clock: HeldClock) -> AsyncIterator[Client]:
    """A log as the notifier serves it."""
    async with running(diary_app(f"sqlite:///{tmp_path / 'notifier.db'}", clock)) as client:
        yield client


async def bounced(notifier: Client, person_id: UUID = KIM_ID) -> None:
    await tells(notifier, AddressBounced(person_id=person_id, reminder_id=uuid4(), fate="bounced"))


async def failed(notifier: Client, person_id: UUID = KIM_ID) -> None:
    told = MailFailed(person_id=person_id, reminder_id=uuid4(), fault="sendgrid_413")
    await tells(notifier, told)


async def tells(notifier: Client, told: EventData) -> None:
    event = tell(told, source="notifier", at=notifier.app[CLOCK].now())
    await notifier.app[DATABASE].write(lambda conn: log.append(conn, [event]))


async def soon(found: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(LOOKS):
        if await found():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


@asynccontextmanager
async def scheduler(
    database_url: str, clock: HeldClock, notifier_url: URL
) -> AsyncIterator[Practice]:
    settings = replace(settings_for(database_url), notifier_url=notifier_url)
    async with TestClient(TestServer(create_app(settings, clock=clock))) as client:
        yield Practice(client=client, clock=clock)


async def tasks(practice: Practice) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await (await practice.get("/v1/tasks")).json())["tasks"]
    return found


async def test_each_address_that_fails_is_one_task_while_it_is_open(
    database_url: str, clock: HeldClock, notifier: Client
) -> None:
    other = uuid4()
    async with scheduler(database_url, clock, notifier.make_url("").origin()) as practice:
        await bounced(notifier)
        await bounced(notifier)
        await bounced(notifier, other)

        async def raised() -> bool:
            return len(await tasks(practice)) >= 2

        await soon(raised)
        assert {
            (task["kind"], task["note"], task["subject_id"]) for task in await tasks(practice)
        } == {
            ("address_bounced", "bounced", str(KIM_ID)),
            ("address_bounced", "bounced", str(other)),
        }


async def test_mail_that_was_given_up_is_a_task_unless_the_address_is_one_already(
    database_url: str, clock: HeldClock, notifier: Client
) -> None:
    other = uuid4()
    async with scheduler(database_url, clock, notifier.make_url("").origin()) as practice:
        await bounced(notifier)
        await failed(notifier)
        await failed(notifier, other)
        await failed(notifier, other)
        for _ in range(2):
            await tells(notifier, SendingRefused(channel="sendgrid", fault="sendgrid_401"))

        async def raised() -> bool:
            return len(await tasks(practice)) >= 3

        await soon(raised)
        assert sorted(
            (task["kind"], task["note"], task["subject_id"]) for task in await tasks(practice)
        ) == [
            ("address_bounced", "bounced", str(KIM_ID)),
            ("mail_failed", "sendgrid_413", str(other)),
            ("sending_refused", "sendgrid_401", str(THE_PRACTICE)),
        ]


async def test_the_scheduler_is_ready_and_books_while_the_notifier_is_away(
    database_url: str, clock: HeldClock
) -> None:
    nowhere = URL(f"http://127.0.0.1:{free_port()}")
    async with scheduler(database_url, clock, nowhere) as practice:
        await practice.clinician()
        ready = await practice.client.get("/ready")
        found = (await ready.json())["checks"]["log of notifier"]
        assert (ready.status, found["ok"], found["away"]) == (200, True, True)


async def test_a_restart_raises_no_task_again_that_is_done(
    database_url: str, clock: HeldClock, notifier: Client
) -> None:
    origin = notifier.make_url("").origin()
    await bounced(notifier)
    async with scheduler(database_url, clock, origin) as practice:

        async def raised() -> bool:
            return len(await tasks(practice)) == 1

        await soon(raised)
        (task,) = await tasks(practice)
        done = await practice.post(f"/v1/tasks/{task['id']}/done", {})
        assert done.status == 200, await done.text()
    async with scheduler(database_url, clock, origin) as practice:

        async def caught_up() -> bool:
            checks = (await (await practice.client.get("/ready")).json())["checks"]
            return bool(checks["log of notifier"]["caught_up"])

        await soon(caught_up)
        answer = await practice.get("/v1/tasks")
        assert [each for each in (await answer.json())["tasks"] if not each["done_at"]] == []
