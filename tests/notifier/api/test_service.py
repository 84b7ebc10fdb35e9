"""The whole notifier beside a log: it consumes, wakes when something is due, and stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from pathlib import Path
from typing import Any

import pytest
from yarl import URL

from services.notifier.channels import mailbox
from services.notifier.channels.mailbox import Headline
from shared.clock import SystemClock
from tests.notifier.api.running import Client, append, running, settings, telling
from tests.notifier.diary import HOUR, booked, client, session


@pytest.fixture
async def log(tmp_path: Path) -> AsyncIterator[Client]:
    async with telling(f"sqlite:///{tmp_path / 'log.db'}", SystemClock()) as client:
        yield client


@pytest.fixture
async def notifier(log: Client, database_url: str, tmp_path: Path) -> AsyncIterator[Client]:
    wanted = settings(
        database_url,
        tmp_path / "mail",
        scheduler_url=URL(str(log.make_url("/"))).with_path(""),
        grace=timedelta(),
    )
    async with running(wanted, SystemClock()) as client:
        yield client


LOOKS = 1_000  # a loaded machine is no failure


async def soon(found: Callable[[], Awaitable[bool]]) -> None:
    """Look every 20 ms: what is waited for happens in another task, and on a disk."""
    for _ in range(LOOKS):
        if await found():
            return
        await asyncio.sleep(0.02)
    raise TimeoutError


async def mails(folder: Path, count: int) -> list[Headline]:
    async def there() -> bool:
        return len(mailbox.newest(folder)) >= count

    await soon(there)
    return mailbox.newest(folder)


async def ready(notifier: Client) -> dict[str, Any]:
    async def is_ready() -> bool:
        return (await notifier.get("/ready")).status == HTTPStatus.OK

    await soon(is_ready)
    found: dict[str, Any] = (await (await notifier.get("/ready")).json())["checks"]
    return found


async def test_what_is_told_is_confirmed(log: Client, notifier: Client, tmp_path: Path) -> None:
    checks = await ready(notifier)
    assert checks["channel"] == {"ok": True, "name": "maildir", "paused": False}
    assert checks["log of scheduler"]["caught_up"] is True
    assert all(checks[f"loop sweep {number}"]["ok"] for number in (1, 2, 3))
    await append(log, client(), booked(session(SystemClock().now() + 48 * HOUR)))
    await mails(tmp_path / "mail", 1)


async def test_a_reminder_starts_at_its_time_and_not_before(
    log: Client, notifier: Client, tmp_path: Path
) -> None:
    due = SystemClock().now() + timedelta(seconds=3)
    await append(log, client(), booked(session(due + 24 * HOUR)))
    found = await mails(tmp_path / "mail", 2)
    assert found[0].written_at >= due

    async def counted() -> bool:
        metrics = await (await notifier.get("/metrics")).text()
        assert "@" not in metrics
        return 'reminders_ended_total{kind="reminder",reason="",state="sent"} 1.0' in metrics

    await soon(counted)
